import fs from "node:fs";
import path from "node:path";
import { SHARED_MARK } from "../../plugin-api/model/store-layout.ts";

/** What stood at a place before, on disk. */
export type Kind = "link" | "file" | "folder";

/** A folder of the store as a whole: a symbolic link to it, or a real folder with all its files. */
export interface WholeNode {
  readonly kind: "whole";
  /** Absolute. */
  readonly source: string;
  readonly owner: Owner;
  readonly isLinked: boolean;
  readonly isCopied: boolean;
}
/** Paths in a folder, each followed by a line feed: of the folders, those above first, and of the files without bytecode. */
export interface Names {
  readonly folders: string;
  readonly files: string;
  /** What its bytecode is another name of, absolute, and its path. */
  readonly bytecode: readonly (readonly [kept: string, name: string])[];
}
/** A file of the store. */
export interface FileNode {
  readonly kind: "file";
  /** Absolute. */
  readonly source: string;
  readonly owner: Owner;
  /** Always a copy: whoever owns it writes to it. */
  readonly isCopied: boolean;
}
/** A file written for this environment. The text may be known only when all packages have their places. */
export interface TextNode {
  readonly kind: "text";
  readonly content: () => string | Uint8Array;
  readonly isExecutable: boolean;
  readonly owner: Owner;
  /**
   * Absolute path at which this very text may be kept for other environments, but for what tells its content: it names all
   * that the text depends on. A link to it is far cheaper than another file, or even than putting the text together.
   */
  readonly saved?: (() => string | undefined) | undefined;
}
/** A file or link that was there and stays. */
export interface StandingNode {
  readonly kind: "standing";
}
/** A real folder: one that was there (`disk`), or a new one. */
export interface Folder {
  readonly kind: "folder";
  /** Absolute path of the folder that was there. */
  readonly disk?: string;
  /** By `keyOf` of the name; absent until somebody looks into a folder that was there. */
  slots?: Map<string, Slot>;
  /** Something of it was removed, so that it may have become superfluous. */
  hasLost?: boolean;
  /** All that is put in it is put in as files: its owners reach each other's files by relative paths. */
  isFilesOnly?: boolean;
  /** All that is in it belongs to one distribution, and goes with it. */
  isItsOwners?: boolean;
}
export type Node = WholeNode | FileNode | TextNode | StandingNode | Folder;

/** A place in a folder: what was there, and what shall be. */
export interface Slot {
  readonly name: string;
  readonly before: Kind | undefined;
  now: Node | undefined;
}

/** The distribution something belongs to. */
export interface Owner {
  /** Name and version, for people. */
  readonly label: string;
  readonly isPurelib: boolean;
}

/** An environment as it shall be, in memory: what is on disk is read only where it matters. */
export interface Tree {
  readonly root: Folder;
  /** Names that differ in case or composition only are one name. */
  readonly foldsCase: boolean;
}

export const openTree = (disk: string, foldsCase: boolean): Tree => ({ root: { kind: "folder", disk }, foldsCase });

export const newFolder = (): Folder => ({ kind: "folder", slots: new Map() });

/** What places in a folder go by. */
export const keyOf = (tree: Tree, name: string): string =>
  tree.foldsCase ? name.normalize("NFC").toLowerCase() : name;

/** The places in a folder; a folder that was there is read at the first look. */
export function slotsOf(tree: Tree, folder: Folder): Map<string, Slot> {
  if (folder.slots) return folder.slots;
  const slots = new Map<string, Slot>();
  const disk = folder.disk as string;
  for (const entry of fs.readdirSync(disk, { withFileTypes: true })) {
    const { name } = entry;
    const before = entry.isDirectory() ? "folder" : entry.isSymbolicLink() ? "link" : "file";
    const now: Node = before === "folder" ? { kind: "folder", disk: path.join(disk, name) } : { kind: "standing" };
    slots.set(keyOf(tree, name), { name, before, now });
  }
  folder.slots = slots;
  return slots;
}

/** The place of that name in a folder; empty when there was nothing. */
export function slotIn(tree: Tree, folder: Folder, name: string): Slot {
  const slots = slotsOf(tree, folder);
  const key = keyOf(tree, name);
  let slot = slots.get(key);
  if (!slot) slots.set(key, (slot = { name, before: undefined, now: undefined }));
  return slot;
}

/** The folder at a relative path, made where it is missing. Undefined when something else stands on the way. */
export function folderAt(tree: Tree, relative: string): Folder | undefined {
  let folder = tree.root;
  for (const name of relative.split("/").filter(Boolean)) {
    const slot = slotIn(tree, folder, name);
    slot.now ??= newFolder();
    if (slot.now.kind !== "folder") return undefined;
    folder = slot.now;
  }
  return folder;
}

/** The place at a relative path if all folders on the way exist; links are not followed. */
export function findSlot(tree: Tree, relative: string): { readonly slot: Slot; readonly folder: Folder } | undefined {
  const names = relative.split("/").filter(Boolean);
  let folder = tree.root;
  for (const [index, name] of names.entries()) {
    const slot = slotsOf(tree, folder).get(keyOf(tree, name));
    if (!slot) return undefined;
    if (index === names.length - 1) return { slot, folder };
    if (slot.now?.kind !== "folder") return undefined;
    folder = slot.now;
  }
  return undefined;
}

/** A difference between what is and what shall be, at the highest place that differs as a whole. */
export interface Difference {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly before: Kind | undefined;
  /** Absent: what is there goes away. */
  readonly node?: Exclude<Node, StandingNode>;
}

/** All differences below a folder; folders nobody looked into have none. */
export function differences(folder: Folder, below = ""): Difference[] {
  const found: Difference[] = [];
  for (const { name, before, now } of folder.slots?.values() ?? []) {
    const at = below === "" ? name : `${below}/${name}`;
    if (now === undefined) {
      if (before !== undefined) found.push({ path: at, before });
    } else if (now.kind === "folder" && now.disk !== undefined) found.push(...differences(now, at));
    else if (now.kind !== "standing") found.push({ path: at, before, node: now });
  }
  return found;
}

/** Takes away folders that lost all they had, but for those that are there for good. True when this one is to go. */
export function prune(folder: Folder, lasting: ReadonlySet<string>, below = ""): boolean {
  if (!folder.slots) return false;
  let isEmpty = true;
  for (const slot of folder.slots.values()) {
    const at = below === "" ? slot.name : `${below}/${slot.name}`;
    if (slot.now?.kind === "folder" && slot.now.disk !== undefined && prune(slot.now, lasting, at)) {
      slot.now = undefined;
      folder.hasLost = true;
    }
    if (slot.now !== undefined && slot.name !== SHARED_MARK) isEmpty = false;
  }
  return isEmpty && folder.hasLost === true && !lasting.has(below);
}
