import type { Suffixes } from "./facts.ts";
import type { Entry, Folders, Listing } from "./folders.ts";
import { type Archives, zipPlace } from "./zip-place.ts";

/** What one folder of a search path has under a name. */
export interface Spec {
  readonly type: "module" | "package" | "namespace" | "extension";
  /** The file that is loaded; null for a namespace package. */
  readonly path: string | null;
  /** Where a package's modules are looked for; empty for what is none. */
  readonly locations: readonly string[];
  /** A link leads to the package's folder. */
  readonly isLinked?: true;
}
/** One entry of `sys.path`, or of a package's `__path__`. */
export interface Place {
  /** What a module of that name, without those of its packages, would be loaded from. */
  find(tail: string): Spec | undefined;
  /** Names that `find` may know: none is missing, but there may be others among them. */
  tails(): Iterable<string>;
}
export interface Places {
  readonly folders: Folders;
  readonly archives: Archives;
  readonly suffixes: Suffixes;
  /** All of `suffixes`, in the order they are tried. */
  readonly ordered: readonly string[];
}

/** Undefined for what no finder of Python's would take: a file that is no archive, or nothing at all. */
export function placeAt(entry: string, places: Places): Place | undefined {
  const listing = places.folders.list(entry);
  if (listing) return folderPlace(entry, listing, places);
  const archive = places.archives.containing(entry);
  return archive && zipPlace(archive);
}

/** The entry without an ending, which may be a folder. */
function bareIn(entries: readonly Entry[], tail: string): Entry | undefined {
  for (const entry of entries) if (entry.name.length === tail.length) return entry;
  return undefined;
}

const inFolder = (type: Spec["type"], bare: Entry | undefined, { path, locations }: Omit<Spec, "type">): Spec =>
  bare?.kind === "link" ? { type, path, locations, isLinked: true } : { type, path, locations };

/** The order of `importlib`'s FileFinder: a package before a module; extension, source, bytecode; at last a bare folder. */
function folderPlace(folder: string, listing: Listing, { folders, suffixes, ordered }: Places): Place {
  const best = (within: string, stem: string, entries: readonly Entry[]): string | undefined => {
    let least = ordered.length;
    for (const entry of entries) {
      if (entry.name.length === stem.length) continue;
      const rank = ordered.indexOf(entry.name.slice(stem.length));
      if (rank >= 0 && rank < least && folders.isFile(within, entry)) least = rank;
    }
    return ordered[least];
  };
  return {
    find: (tail) => {
      const entries = listing.get(tail);
      if (!entries) return undefined;
      const bare = bareIn(entries, tail);
      const base = `${folder}/${tail}`;
      const isFolder = bare !== undefined && folders.isFolder(folder, bare);
      const inits = isFolder ? folders.list(base)?.get("__init__") : undefined;
      const init = inits && best(base, "__init__", inits);
      if (init !== undefined) return inFolder("package", bare, { path: `${base}/__init__${init}`, locations: [base] });
      const suffix = best(folder, tail, entries);
      if (suffix !== undefined) {
        const type = suffixes.extension.includes(suffix) ? "extension" : "module";
        return { type, path: base + suffix, locations: [] };
      }
      return isFolder ? inFolder("namespace", bare, { path: null, locations: [base] }) : undefined;
    },
    tails: () => listing.keys(),
  };
}
