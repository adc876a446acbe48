import fs from "node:fs";

/** What in a folder could be a module, by what stands before the first dot of the name. */
export type Listing = ReadonlyMap<string, readonly Entry[]>;
export interface Entry {
  readonly name: string;
  /** A link's kind depends on where it leads. */
  readonly kind: "file" | "folder" | "link";
}

/** Folders of one command: each is read once. */
export interface Folders {
  /** Undefined for what is no folder, or can't be read. */
  list(folder: string): Listing | undefined;
  isFile(folder: string, entry: Entry): boolean;
  isFolder(folder: string, entry: Entry): boolean;
  /**
   * Paths of all that was looked at, with the state of what was seen by the way: as long as these are as they are, the same will
   * be found.
   */
  readonly lookedAt: ReadonlyMap<string, string | undefined>;
}

/** `couldBeModule` tells of a name with a dot whether it is of interest. */
export function openFolders(couldBeModule: (name: string) => boolean): Folders {
  const listings = new Map<string, Listing | undefined>();
  const lookedAt = new Map<string, string | undefined>();
  const leads = (file: string): fs.Stats | undefined => {
    const stat = statOf(file);
    lookedAt.set(file, stateIn(stat));
    return stat;
  };
  return {
    list: (folder) => {
      if (listings.has(folder)) return listings.get(folder);
      if (!lookedAt.has(folder)) lookedAt.set(folder, undefined);
      const listing = read(folder, couldBeModule);
      listings.set(folder, listing);
      return listing;
    },
    isFile: (folder, { name, kind }) =>
      kind === "file" || (kind === "link" && leads(`${folder}/${name}`)?.isFile() === true),
    isFolder: (folder, { name, kind }) =>
      kind === "folder" || (kind === "link" && leads(`${folder}/${name}`)?.isDirectory() === true),
    lookedAt,
  };
}

function read(folder: string, couldBeModule: (name: string) => boolean): Listing | undefined {
  let entries: readonly fs.Dirent[];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
  const listing = new Map<string, Entry[]>();
  for (const entry of entries) {
    const { name } = entry;
    const dot = name.indexOf(".");
    // A name with a dot is no package's, as most folders of metadata are none; one without is no file that is loaded.
    if (dot >= 0 && !couldBeModule(name)) continue;
    const kind = entry.isDirectory()
      ? "folder"
      : entry.isSymbolicLink()
        ? "link"
        : dot >= 0 && entry.isFile()
          ? "file"
          : undefined;
    if (kind === undefined) continue;
    const stem = dot < 0 ? name : name.slice(0, dot);
    const known = listing.get(stem);
    if (known) known.push({ name, kind });
    else listing.set(stem, [{ name, kind }]);
  }
  return listing;
}

const MAY_BE_ABSENT = { throwIfNoEntry: false } as const;

/** Undefined for what is not there or can't be seen: a broken link, one that leads in circles, a path through a file. */
export function statOf(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, MAY_BE_ABSENT);
  } catch {
    return undefined;
  }
}

/** What changes when a folder's names do, or a file, or where a link leads; `absent` for nothing. */
export const stateOf = (file: string): string => stateIn(statOf(file));

const stateIn = (stat: fs.Stats | undefined): string =>
  stat ? `${stat.mtimeMs} ${stat.ino} ${stat.isDirectory() ? "" : stat.size}` : "absent";
