import fs from "node:fs";
import path from "node:path";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { namesIn } from "./kept-entries.ts";
import type { Places } from "./places.ts";
import { parsePointer } from "./pointer.ts";

/** A link of an environment into the store. */
export interface StoreLink {
  /** Absolute path of the link. */
  readonly at: string;
  readonly id: string;
}

/** See `StoreUpkeep.usedBy`: by the links that are there, and by the wheels it was made of. */
export function usedBy(root: string, places: Places): ReadonlySet<string> {
  const ids = new Set([...linksInto(root, places)].map(({ id }) => id));
  for (const sha256 of Object.values(readEnvironmentStamp(root)?.wheels ?? {})) {
    const id = idOf(places.pointer(sha256));
    if (id !== undefined) ids.add(id);
  }
  return ids;
}

/** The links below an environment's site-packages: at its top, and in real folders that several distributions share. */
export function* linksInto(root: string, { packages }: Pick<Places, "packages">): Iterable<StoreLink> {
  const store = [packages, realPath(packages)];
  for (const site of sitePackagesIn(root)) yield* linksBelow(site, store);
}

function* linksBelow(folder: string, store: readonly string[]): Iterable<StoreLink> {
  for (const entry of namesWithTypes(folder)) {
    const at = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) {
      const id = entryIn(fs.readlinkSync(at), store);
      if (id !== undefined) yield { at, id };
    } else if (entry.isDirectory() && entry.name !== "__pycache__" && !entry.name.endsWith(".dist-info"))
      yield* linksBelow(at, store);
  }
}

function entryIn(target: string, store: readonly string[]): string | undefined {
  const packages = store.find((folder) => target.startsWith(folder + path.sep));
  return (
    packages && /^[0-9a-f]{2}[\\/][0-9a-f]{2}[\\/]([0-9a-f]{64})[\\/]/.exec(target.slice(packages.length + 1))?.[1]
  );
}

function sitePackagesIn(root: string): readonly string[] {
  const lib = path.join(root, "lib");
  const versions = namesIn(lib).map((name) => path.join(lib, name));
  const folders = versions.flatMap((folder) =>
    ["site-packages", "dist-packages"].map((name) => path.join(folder, name)),
  );
  return [...folders, path.join(root, "Lib", "site-packages")].filter((folder) => fs.existsSync(folder));
}

function idOf(pointer: string): string | undefined {
  try {
    return parsePointer(fs.readFileSync(pointer, "utf8"))?.id;
  } catch {
    return undefined;
  }
}

function namesWithTypes(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function realPath(folder: string): string {
  try {
    return fs.realpathSync(folder);
  } catch {
    return folder;
  }
}
