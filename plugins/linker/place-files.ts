import fs from "node:fs";
import path from "node:path";
import { conflict, isSameContent, isStray } from "./conflict.ts";
import type { Kept } from "./kept.ts";
import { isShared, type Package } from "./packages.ts";
import type { Layout } from "./protected.ts";
import type { Treatment } from "./treatment.ts";
import {
  type FileNode,
  type Folder,
  newFolder,
  type Owner,
  type Slot,
  slotIn,
  type Tree,
  type WholeNode,
} from "./tree.ts";

/** What is being put together. */
export interface Placing {
  readonly tree: Tree;
  readonly layout: Layout;
  readonly kept: Kept;
  /** Folders of commands and `.data` files found so far, by path relative to the root. */
  readonly folders: Map<string, Folder>;
  /** Of the interpreter: `cpython-312`. */
  readonly cacheTag: string;
  /** Stray files that only one of their owners got, for a warning. */
  readonly overlaps: { readonly path: string; readonly owners: readonly string[] }[];
}

/** A file or folder of the store, and the place meant for it. */
interface Item {
  /** Where it goes. */
  readonly folder: Folder;
  readonly name: string;
  /** The same, relative to site-packages. */
  readonly path: string;
  /** Absolute path in the store. */
  readonly source: string;
}

/** Puts what a wheel has for site-packages into place, `.dist-info` apart. */
export function placeFiles(pkg: Package, site: Folder, placing: Placing): void {
  const { layout, tree } = pkg;
  const item = (name: string): Item => ({ folder: site, name, path: name, source: `${tree}/${name}` });
  for (const name of layout.files) placeFile(item(name), pkg, placing);
  for (const name of layout.folders) placeFolder(item(name), { pkg, treatment: pkg.treatment }, placing);
  const modules = layout.files.filter((name) => name.endsWith(".py")).map((name) => name.slice(0, -3));
  if (modules.length > 0 && fs.existsSync(`${tree}/__pycache__`))
    placeBytecode(item("__pycache__"), placing, { owner: pkg, modules: new Set(modules) });
}

interface Source {
  readonly pkg: Package;
  readonly treatment: Treatment;
}

function placeFolder(item: Item, source: Source, placing: Placing): void {
  const slot = slotIn(placing.tree, item.folder, item.name);
  const { pkg, treatment } = source;
  const mayLink = treatment === "links";
  if (slot.now === undefined && !(mayLink && isShared(item.path, pkg))) {
    const isCopied = treatment === "copies";
    slot.now = { kind: "whole", source: item.source, owner: pkg, isLinked: mayLink, isCopied };
    return;
  }
  const folder = slot.now === undefined ? (slot.now = newFolder()) : folderOf(slot, { ...item, owner: pkg }, placing);
  const isReal = folder.isFilesOnly === true || (!pkg.isPurelib && !isShared(item.path, pkg));
  fill({ ...item, folder }, mayLink && isReal ? { pkg, treatment: "files" } : source, placing);
}

/** Puts what is in the item's source into its folder. */
function fill({ folder, path: below, source }: Item, from: Source, placing: Placing): void {
  for (const entry of fs.readdirSync(source, { withFileTypes: true })) {
    const { name } = entry;
    const item = { folder, name, path: `${below}/${name}`, source: `${source}/${name}` };
    if (!entry.isDirectory()) placeFile(item, from.pkg, placing);
    else if (name === "__pycache__") placeBytecode(item, placing, { owner: from.pkg });
    else placeFolder(item, from, placing);
  }
}

/** Byte-code the store compiled for this interpreter (SPEC STO-07); it replaces any other. */
function placeBytecode(
  { folder, name, source }: Pick<Item, "folder" | "name" | "source">,
  { tree, cacheTag }: Pick<Placing, "tree" | "cacheTag">,
  { owner, modules }: { readonly owner: Owner; readonly modules?: ReadonlySet<string> },
): void {
  const tag = `.${cacheTag}.`;
  const names = fs.readdirSync(source).filter((file) => {
    const at = file.indexOf(tag);
    return at > 0 && file.endsWith(".pyc") && (modules === undefined || modules.has(file.slice(0, at)));
  });
  if (names.length === 0) return;
  const slot = slotIn(tree, folder, name);
  slot.now ??= newFolder();
  if (slot.now.kind !== "folder") return;
  for (const file of names)
    slotIn(tree, slot.now, file).now = { kind: "file", source: `${source}/${file}`, owner, isCopied: false };
}

/** The folder at a place somebody has already. What was put there as a whole is taken apart, so that others can be in it. */
export function folderOf(
  slot: Slot,
  item: Pick<Item, "folder" | "path"> & { readonly owner: Owner },
  placing: Placing,
): Folder {
  const { now } = slot;
  if (now?.kind === "folder") return now;
  if (now?.kind === "whole") return (slot.now = takeApart(now, item.owner, placing));
  const relative = `${placing.layout.site}/${item.path}`;
  const owner = placing.kept.ownerOf(relative);
  if (now?.kind !== "standing" || slot.before !== "link" || !owner) throw conflict(relative, item.owner, owner);
  owner.expanded.add(item.path);
  const source = fs.realpathSync(path.join(item.folder.disk as string, slot.name));
  return (slot.now = takeApart({ kind: "whole", source, owner, isLinked: true, isCopied: false }, item.owner, placing));
}

function takeApart(whole: WholeNode, other: Owner, placing: Placing): Folder {
  const { owner, isCopied, source: from } = whole;
  // Shared libraries find each other by relative paths, which lead astray through a link.
  const isFilesOnly = !owner.isPurelib || !other.isPurelib;
  const folder: Folder = { ...newFolder(), isFilesOnly };
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const { name } = entry;
    const source = `${from}/${name}`;
    if (name === "__pycache__") placeBytecode({ folder, name, source }, placing, { owner });
    else
      slotIn(placing.tree, folder, name).now = entry.isDirectory()
        ? { ...whole, source, isLinked: whole.isLinked && !isFilesOnly }
        : { kind: "file", source, owner, isCopied };
  }
  return folder;
}

function placeFile(item: Item, pkg: Package, placing: Placing): void {
  const slot = slotIn(placing.tree, item.folder, item.name);
  const node: FileNode = { kind: "file", source: item.source, owner: pkg, isCopied: pkg.treatment === "copies" };
  const other = otherOwner(slot, { node, item }, placing);
  if (other === "none") slot.now = node;
  else if (other !== "same") {
    if (!isStray(item.path)) throw conflict(`${placing.layout.site}/${item.path}`, pkg, other);
    pkg.dropped.add(item.path);
    placing.overlaps.push({ path: item.path, owners: [other.label, pkg.label] });
  }
}

/** Who has another content at a file's place; `same` content is no quarrel, and what nobody owns may be replaced. */
function otherOwner(
  slot: Slot,
  { node, item }: { readonly node: FileNode; readonly item: Item },
  placing: Placing,
): Owner | "none" | "same" {
  const { now } = slot;
  if (now === undefined) return "none";
  const relative = `${placing.layout.site}/${item.path}`;
  if (now.kind === "file") return isSameContent(now.source, node.source) ? "same" : now.owner;
  if (now.kind !== "standing" || slot.before !== "file")
    throw conflict(relative, node.owner, ownerIn(now, relative, placing));
  if (isSameContent(path.join(item.folder.disk as string, slot.name), node.source)) return "same";
  return placing.kept.ownerOf(relative) ?? "none";
}

const ownerIn = (now: NonNullable<Slot["now"]>, relative: string, placing: Placing): Owner | undefined =>
  "owner" in now ? now.owner : placing.kept.ownerOf(relative);
