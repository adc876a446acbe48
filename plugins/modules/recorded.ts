import fs from "node:fs";
import type { StoreTree, StoreTrees } from "../../plugin-api/store-trees.ts";
import type { Universe } from "./find.ts";
import { statOf } from "./folders.ts";
import { inOrder } from "./names.ts";
import type { Listed } from "./scan.ts";

/** A package that a link leads to in the store: what is in it follows from its wheel's record. */
export interface Recorded {
  /** Its name. */
  readonly within: string;
  /** Where it is found, and where that leads. */
  readonly folder: string;
  readonly target: string;
}

export function recordedAt(within: string, folder: string, trees: StoreTrees): Recorded | undefined {
  const target = fs.readlinkSync(folder);
  return trees.at(target) && { within, folder, target };
}

/**
 * The modules of such a package. Undefined where somebody changed a folder of it: then the record does not tell. Folders that have no
 * module by the record, at any depth, are not looked at.
 */
export function listRecorded(recorded: Recorded, universe: Universe): readonly Listed[] | undefined {
  const { trees } = universe;
  const tree = trees?.at(recorded.target);
  if (!trees || !tree) return undefined;
  let at: RecordedFolder | undefined = foldersOf(tree, universe.places.ordered);
  for (const name of recorded.target.slice(tree.path.length + 1).split("/")) at = at?.folders.get(name);
  const listed: Listed[] = [];
  const isListed = at !== undefined && list(at, { ...recorded, listed, trees, universe });
  return isListed ? listed : undefined;
}

interface RecordedFolder {
  /** Modules by name, each with the place of its ending among those that are tried: the first one counts. */
  readonly modules: Map<string, number>;
  readonly folders: Map<string, RecordedFolder>;
}

const known = new WeakMap<StoreTree, RecordedFolder>();

/** The folders of an unpacked wheel that have modules, at any depth. */
function foldersOf(tree: StoreTree, endings: readonly string[]): RecordedFolder | undefined {
  let root = known.get(tree);
  if (root) return root;
  const files = tree.filesEnding(endings);
  if (!files) return undefined;
  root = { modules: new Map(), folders: new Map() };
  known.set(tree, root);
  // Files of one folder mostly follow each other.
  let [last, folder]: [string, RecordedFolder | undefined] = ["", root];
  for (const file of files) {
    const slash = file.lastIndexOf("/");
    const dot = file.indexOf(".", slash + 1);
    const rank = dot < 0 ? -1 : endings.indexOf(file.slice(dot));
    if (rank < 0) continue;
    const above = slash < 0 ? "" : file.slice(0, slash);
    if (above !== last) [last, folder] = [above, folderAt(above, root)];
    if (folder === undefined) continue;
    const name = file.slice(slash + 1, dot);
    if (rank < (folder.modules.get(name) ?? endings.length)) folder.modules.set(name, rank);
  }
  return root;
}

/** Undefined below a folder whose name has a dot, which is no package's. */
function folderAt(path: string, root: RecordedFolder): RecordedFolder | undefined {
  if (path === "") return root;
  if (path.includes(".")) return undefined;
  let at = root;
  for (const name of path.split("/")) {
    let below = at.folders.get(name);
    if (below === undefined) at.folders.set(name, (below = { modules: new Map(), folders: new Map() }));
    at = below;
  }
  return at;
}

interface Level extends Pick<Recorded, "within" | "folder"> {
  readonly listed: Listed[];
  readonly trees: StoreTrees;
  readonly universe: Universe;
}

/** As `scan` does it. False where a folder is not as the record says. */
function list({ modules, folders }: RecordedFolder, level: Level): boolean {
  const { within, folder, listed, trees } = level;
  const { ordered, suffixes } = level.universe.places;
  const stat = statOf(folder);
  if (!stat || !trees.isSealed(stat)) return false;
  for (const tail of inOrder(folders.size === 0 ? modules.keys() : new Set([...modules.keys(), ...folders.keys()]))) {
    const module = `${within}.${tail}`;
    const base = `${folder}/${tail}`;
    const below = folders.get(tail);
    const init = below?.modules.get("__init__");
    const rank = init === undefined ? modules.get(tail) : undefined;
    if (rank !== undefined) {
      const ending = ordered[rank] as string;
      const type = suffixes.extension.includes(ending) ? "extension" : "module";
      listed.push({ module, found: true, type, path: base + ending });
      continue;
    }
    if (below === undefined) continue;
    const before = listed.push(
      init === undefined
        ? { module, found: true, type: "namespace", path: null, locations: [base] }
        : { module, found: true, type: "package", path: `${base}/__init__${ordered[init]}` },
    );
    if (!list(below, { ...level, within: module, folder: base })) return false;
    if (init === undefined && listed.length === before) listed.pop();
  }
  return true;
}
