import fs from "node:fs";
import path from "node:path";
import type { CacheItem } from "../../plugin-api/caches.ts";
import { entriesIn } from "../../plugin-api/system/folder-entries.ts";
import { answersSignals } from "../../plugin-api/system/process-identity.ts";

/** A cache of files and folders, each of which can go by itself. */
export interface FolderCache {
  readonly name: string;
  readonly path: string;
  /** So many folders down, everything is one item. */
  readonly depth: number;
  /** File within an item whose time is the last use; without it, the newest file's is. */
  readonly usedFile?: string;
  /** Which names count; others are not ours to remove. */
  readonly matches?: (name: string) => boolean;
  /** A command may be reading an item without a sign of it, so while one is at work nothing is removed. */
  readonly isReadSilently?: true;
}

/** The cache of the environments that scripts share: they hold what the store has. */
export const SCRIPT_ENVIRONMENTS = "pep723-envs";

/** Those with 64 digits are of former versions. */
const isDigest = (name: string): boolean => /^(?:[0-9a-f]{32}){1,2}$/.test(name);
const isNoRunningBuild = (name: string): boolean => {
  const pid = /^tmp[\\/](\d+)-/.exec(name)?.[1];
  return pid === undefined || !answersSignals(Number(pid));
};

/** The caches beside the store, by the name that people give them. */
export function folderCaches(dataDir: string, indexDir: string): readonly FolderCache[] {
  const below = (name: string): string => path.join(dataDir, name);
  const flat = (name: string): FolderCache => ({ name, path: below(name), depth: 1 });
  return [
    { name: SCRIPT_ENVIRONMENTS, path: below(SCRIPT_ENVIRONMENTS), depth: 1, usedFile: "deps.json", matches: isDigest },
    { name: "artifacts", path: below("artifacts"), depth: 2, isReadSilently: true },
    { name: "index", path: indexDir, depth: 1, matches: (name) => name !== "http" },
    { name: "index", path: path.join(indexDir, "http"), depth: 2 },
    { name: "build", path: below("build"), depth: 2, matches: isNoRunningBuild, isReadSilently: true },
    { name: "git", path: below("git"), depth: 2, isReadSilently: true },
    flat("hints"),
    flat("notes"),
    flat("renewals"),
    flat("images"),
    flat("run-stamps"),
    flat("bootstraps"),
    flat("zygote"),
    flat("daemon"),
    flat("spares"),
    flat("lazy"),
    flat("interpreters"),
    flat("logs"),
    flat("profiles"),
    flat("crash"),
  ];
}

/** An item with what it holds of others. */
export interface FolderItem extends CacheItem {
  /** Number of its links to files that have more than one, by number (inode). */
  readonly links: ReadonlyMap<number, number>;
}

/** The items of a cache. What is unfinished, by its name, is none. */
export function* itemsOf(cache: FolderCache): Iterable<FolderItem> {
  for (const item of pathsAt(cache.path, cache.depth)) {
    const name = path.relative(cache.path, item);
    if (path.basename(item).startsWith(".") || cache.matches?.(name) === false) continue;
    const { bytes, newestMs, links } = measure(item);
    const used = cache.usedFile && fs.statSync(path.join(item, cache.usedFile), { throwIfNoEntry: false });
    yield { cache: cache.name, name, path: item, bytes, lastUsedMs: used ? used.mtimeMs : newestMs, links };
  }
}

function* pathsAt(folder: string, depth: number): Iterable<string> {
  for (const entry of entriesIn(folder)) {
    const file = path.join(folder, entry.name);
    if (depth > 1 && entry.isDirectory()) yield* pathsAt(file, depth - 1);
    else yield file;
  }
}

interface Measured {
  bytes: number;
  newestMs: number;
  readonly links: Map<number, number>;
}

/** Sizes of files that nothing outside holds; links are not followed. */
function measure(file: string, sum: Measured = { bytes: 0, newestMs: 0, links: new Map() }): Measured {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (!stat) return sum;
  sum.newestMs = Math.max(sum.newestMs, stat.mtimeMs);
  if (stat.isDirectory()) for (const entry of entriesIn(file)) measure(path.join(file, entry.name), sum);
  else if (stat.nlink === 1) sum.bytes += stat.isFile() ? stat.size : 0;
  else sum.links.set(stat.ino, (sum.links.get(stat.ino) ?? 0) + 1);
  return sum;
}
