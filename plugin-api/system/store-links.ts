import fs from "node:fs";
import path from "node:path";
import { type StampedFolder, stateLine } from "../launch/state.ts";
import { hasSealedTime, SHARED_MARK } from "../model/store-layout.ts";
import { entriesIn } from "./folder-entries.ts";
import { settledLine } from "./settled-state.ts";

/**
 * Links of packages in a site-packages folder, absolute. Where packages share a folder, their links are below it; one with files
 * and without links is a package's own, with thousands perhaps.
 */
export function* packageLinks(folder: string, entries = entriesIn(folder)): Iterable<string> {
  for (const entry of entries) {
    const at = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) yield at;
    else if (entry.isDirectory() && !OWN.test(entry.name)) {
      const below = entriesIn(at);
      if (hasLinks(below) || !below.some((each) => each.isFile())) yield* packageLinks(at, below);
    }
  }
}
const hasLinks = (entries: readonly fs.Dirent[]): boolean =>
  entries.some((entry) => entry.isSymbolicLink() || entry.name === SHARED_MARK);
const OWN = /\.dist-info$|^__pycache__$/;

/** Whether a package's part of the store is gone: somebody has deleted the data directory, or some of it. A link takes 3 microseconds to look at. */
export function hasLostLink(sitePackages: string): boolean {
  for (const link of packageLinks(sitePackages)) if (!fs.existsSync(link)) return true;
  return false;
}

/** As `hasLostLink`, or a folder of the store is not as it was: some of what was in it may be gone. */
export function hasChangedLink(sitePackages: string): boolean {
  for (const link of packageLinks(sitePackages)) {
    const stat = fs.statSync(link, { throwIfNoEntry: false });
    if (stat === undefined) return true;
    if (stat.isDirectory() && !hasSealedTime(stat) && ENTRY.test(fs.readlinkSync(link))) return true;
  }
  return false;
}

/** The wheel's folder in a store, and the folder of all of them. */
const ENTRY = /^((.*)[\\/][0-9a-f]{2}[\\/][0-9a-f]{2}[\\/][0-9a-f]{64}[\\/][^\\/]+)[\\/]/;

/** What shows that packages of an environment went out of the store: its folder, and for when that changed, those of the wheels. */
export function storesBehind(sitePackages: string): readonly StampedFolder[] {
  const trees = new Set<string>();
  for (const link of packageLinks(sitePackages)) trees.add(ENTRY.exec(fs.readlinkSync(link))?.[1] ?? "");
  return storesOf([...trees].filter((tree) => tree !== ""));
}

/** The same of folders of wheels: absolute. */
export function storesOf(trees: readonly string[]): readonly StampedFolder[] {
  const byStore = Map.groupBy(trees, (tree) => path.resolve(tree, "../../../.."));
  return [...byStore].map(([store, own]) => {
    const line = settledLine(store);
    const marks = own.map(stateLine);
    // What has just gone does not hold by staying away.
    return marks.some((mark) => mark.startsWith("absent ")) ? NEVER : { line, marks };
  });
}
const NEVER: StampedFolder = { line: "", marks: [""] };
