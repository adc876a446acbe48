import fs from "node:fs";
import path from "node:path";
import { fileSource } from "../../plugin-api/archive/byte-source.ts";
import { DEFAULT_LIMITS } from "../../plugin-api/archive/limits.ts";
import { readCentralDirectory } from "../../plugin-api/archive/zip-directory.ts";
import { END_REACH_BYTES, locateEndRecord } from "../../plugin-api/archive/zip-end.ts";
import { statOf } from "./folders.ts";
import type { Place, Spec } from "./place.ts";

/** An archive, and the folder in it that an entry of the search path names. */
export interface WithinArchive {
  /** The entry itself. */
  readonly entry: string;
  /** Folder within the archive, empty or with a slash at its end. */
  readonly prefix: string;
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}
export interface Archives {
  /** The archive that a path is, or leads into. */
  containing(entry: string): WithinArchive | undefined;
  /** Paths of those that were read. */
  readonly lookedAt: ReadonlySet<string>;
}

/** Archives of one command, each read once. `derivesFolders`: a folder without an entry of its own counts as one. */
export function openArchives(derivesFolders: boolean): Archives {
  const known = new Map<string, Contents | undefined>();
  const contentsOf = (file: string): Contents | undefined => {
    if (!known.has(file)) known.set(file, readContents(file, derivesFolders));
    return known.get(file);
  };
  return {
    get lookedAt() {
      return new Set(known.keys());
    },
    containing: (entry) => {
      const file = fileAt(entry);
      const contents = file === undefined ? undefined : contentsOf(file);
      if (file === undefined || !contents) return undefined;
      const inside = entry.slice(file.length + 1);
      return { ...contents, entry, prefix: inside === "" ? "" : `${inside}/` };
    },
  };
}

type Contents = Pick<WithinArchive, "files" | "folders">;

/** The path itself where it is a file, or else the file on the way to it. */
function fileAt(entry: string): string | undefined {
  for (let at = entry; path.dirname(at) !== at; at = path.dirname(at)) {
    const stat = statOf(at);
    if (stat) return stat.isFile() ? at : undefined;
  }
  return undefined;
}

function readContents(file: string, derivesFolders: boolean): Contents | undefined {
  let fd: number | undefined;
  try {
    fd = fs.openSync(file, "r");
    const source = fileSource(fd);
    const tailBytes = Math.min(source.sizeBytes, END_REACH_BYTES);
    const end = locateEndRecord(source.read(source.sizeBytes - tailBytes, tailBytes), source.sizeBytes, file);
    const directory = source.read(end.directoryOffset, end.directoryBytes);
    const entries = readCentralDirectory(directory, end, { archive: file, limits: DEFAULT_LIMITS, foldsCase: false });
    const files = entries.filter(({ isFolder }) => !isFolder).map((entry) => entry.path);
    const folders = entries.filter(({ isFolder }) => isFolder).map((entry) => entry.path);
    return {
      files: new Set(files),
      folders: new Set([...folders, ...(derivesFolders ? files.flatMap(foldersOf) : [])]),
    };
  } catch {
    // What is no archive, or can't be read, is passed over, as Python does.
    return undefined;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

const foldersOf = (file: string): string[] =>
  file
    .split("/")
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join("/"));

/** The order of `zipimport`, which tries bytecode first and knows no extension modules. */
const ORDER: readonly (readonly [suffix: string, isPackage: boolean])[] = [
  ["/__init__.pyc", true],
  ["/__init__.py", true],
  [".pyc", false],
  [".py", false],
];

export function zipPlace({ entry, prefix, files, folders }: WithinArchive): Place {
  return {
    find: (tail): Spec | undefined => {
      const base = `${entry}/${tail}`;
      for (const [suffix, isPackage] of ORDER)
        if (files.has(prefix + tail + suffix))
          return { type: isPackage ? "package" : "module", path: base + suffix, locations: isPackage ? [base] : [] };
      return folders.has(prefix + tail) ? { type: "namespace", path: null, locations: [base] } : undefined;
    },
    tails: () => {
      const below = [...files, ...folders].filter((file) => file.startsWith(prefix));
      return new Set(below.map((file) => /^[^/.]*/.exec(file.slice(prefix.length))?.[0] ?? ""));
    },
  };
}
