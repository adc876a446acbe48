import fs from "node:fs";
import path from "node:path";
import type { HeldByEnvironment } from "../../plugin-api/store-upkeep.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { entriesIn, namesIn } from "../../plugin-api/system/folder-entries.ts";
import type { Places } from "./places.ts";
import { pointedId } from "./pointer.ts";

type StoreLink = HeldByEnvironment["links"][number];

/** See `StoreUpkeep.held`. */
export function heldBy(root: string, places: Places): HeldByEnvironment {
  const distributions = new Map<string, string>();
  for (const [infoDir, sha256] of Object.entries(readEnvironmentStamp(root)?.wheels ?? {})) {
    const id = idOf(places.pointer(sha256));
    if (id !== undefined) distributions.set(infoDir, id);
  }
  return { links: [...linksInto(root, places)], distributions };
}

/** The links below an environment's site-packages: at its top, in real folders that several distributions share, and in metadata. */
function* linksInto(root: string, { packages }: Pick<Places, "packages">): Iterable<StoreLink> {
  const store = [packages, realPath(packages)];
  for (const site of sitePackagesIn(root)) yield* linksBelow(site, store);
}

function* linksBelow(folder: string, store: readonly string[]): Iterable<StoreLink> {
  for (const entry of entriesIn(folder)) {
    const at = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) {
      const id = entryIn(targetOf(at), store);
      if (id !== undefined) yield { at, id };
    } else if (entry.isDirectory() && entry.name !== "__pycache__") yield* linksBelow(at, store);
  }
}

/** Empty when it has just gone: an install beside us may be putting another environment in place of this one. */
function targetOf(link: string): string {
  try {
    return fs.readlinkSync(link);
  } catch {
    return "";
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
    return pointedId(fs.readFileSync(pointer, "utf8"));
  } catch {
    return undefined;
  }
}

function realPath(folder: string): string {
  try {
    return fs.realpathSync(folder);
  } catch {
    return folder;
  }
}
