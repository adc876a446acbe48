import fs from "node:fs";
import path from "node:path";
import type { EnvironmentImage, ImageEntry, ImageNode } from "../../plugin-api/environment-image.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { infoFolders, SHARED_MARK, SHARED_TEXT } from "../../plugin-api/model/store-layout.ts";
import type { StampNote } from "../../plugin-api/system/environment-change.ts";
import type { Goal } from "./assemble.ts";
import { keptBytecodeFor } from "./kept-bytecode.ts";
import { isKeptLink, keptLinkFor } from "./kept-link.ts";
import { keptText } from "./kept-text.ts";
import type { Building } from "./materialize.ts";
import type { Package } from "./packages.ts";
import {
  type Difference,
  type FileNode,
  type Folder,
  type Names,
  type Node,
  type Owner,
  type TextNode,
  type WholeNode,
} from "./tree.ts";

/** What decides what is in an environment. */
interface Content extends Pick<Taken, "goal" | "building"> {
  /** Of this program's source: another one may write something else. */
  readonly commit: string;
}

/** Name of the image of an environment of this content, wherever it lies. */
export function imageName({ goal, building, commit }: Content): string {
  const { interpreter, layout, platform, packages } = goal;
  const wishes = packages.map(({ tree, name, isRequested, directUrl, dependencies, treatment }) => [
    tree,
    name,
    isRequested,
    directUrl,
    treatment,
    ...dependencies,
  ]);
  const { mode, isAutomatic } = building;
  return sha256Of(JSON.stringify([commit, interpreter, layout, platform, mode, isAutomatic, wishes])).slice(0, 32);
}

/** What an image is taken of. */
export interface Taken {
  readonly goal: Omit<Goal, "disk">;
  readonly parts: readonly Difference[];
  readonly building: Building;
  /** See `Builder.namesIn`. */
  readonly namesIn: (node: WholeNode) => Names | undefined;
  /** Whether the bytecode of a package was there before it was put in. */
  readonly isCompiled: (owner: Owner) => boolean;
  readonly stamp: StampNote["stamp"];
}

/** The image of an environment that was just made whole; undefined where it holds something that can't be told. */
export function imageOf({ goal, parts, building, namesIn, isCompiled, stamp }: Taken): EnvironmentImage | undefined {
  const { root, interpreter, layout, packages } = goal;
  const { mode, isAutomatic } = building;
  const entries = packages.map(entryOf);
  const taking: Taking = {
    root,
    packages,
    namesIn,
    isCompiled,
    indexes: new Map(packages.map((pkg, index) => [pkg, index])),
    store: folderOfAll(entries.map((entry) => entry.path)),
    isLinking: mode === "tree" || mode === "hardlink",
    folders: [],
    files: [],
    trees: [],
    parts: {},
    uncompiled: [],
    lacksBytecode: false,
  };
  for (const { path, node } of parts) if (!node || !take(path, node, taking)) return undefined;
  const { plan: _plan, lockSha256: _lock, commands = {}, ...said } = stamp;
  const lines = [taking.folders, taking.files, taking.trees].map(linesOf);
  const [folders, files, trees] = lines;
  if (folders === undefined || files === undefined || trees === undefined) return undefined;
  return {
    format: 3,
    interpreter,
    site: layout.site,
    mode,
    isAutomatic,
    stamp: said,
    commands: Object.keys(commands),
    entries,
    folders,
    files,
    trees,
    store: taking.store,
    parts: taking.parts,
    uncompiled: taking.uncompiled,
    ...(taking.lacksBytecode && { lacksBytecode: true }),
  };
}

/** Undefined where a line would not be one. */
const linesOf = (names: readonly string[]): string | undefined =>
  names.some((name) => name.includes("\n")) ? undefined : names.map((name) => `${name}\n`).join("");

/** The folder that all of these are in; the root of all where they have no other in common. */
function folderOfAll(paths: readonly string[]): string {
  let folder = path.dirname(paths[0] ?? "/");
  while (path.dirname(folder) !== folder && !paths.every((each) => each.startsWith(`${folder}/`)))
    folder = path.dirname(folder);
  return folder;
}

const entryOf = ({ tree, layout }: Package): ImageEntry => ({
  path: tree.slice(0, -"/tree".length),
  linkedFolders: [...layout.linkedFolders, ...infoFolders(layout)],
});

interface Taking extends Pick<Taken, "namesIn" | "isCompiled">, Pick<EnvironmentImage, "store"> {
  readonly root: string;
  readonly packages: readonly Package[];
  readonly indexes: ReadonlyMap<Owner, number>;
  /** Files of the store are linked to wherever that works. */
  readonly isLinking: boolean;
  readonly folders: string[];
  readonly files: string[];
  readonly trees: string[];
  readonly parts: Record<string, ImageNode>;
  readonly uncompiled: (readonly [entry: number, path: string, place: string])[];
  lacksBytecode: boolean;
}

/** Takes down what is at a place, relative to the root; false where that can't be told. */
function take(place: string, node: Node, taking: Taking): boolean {
  switch (node.kind) {
    case "folder":
      return takeFolder(place, node, taking);
    case "text":
      return takeText(place, node, taking);
    case "standing":
      return false;
    default:
      return takeStored(place, node, taking);
  }
}

function takeFolder(place: string, { slots, isItsOwners }: Folder, taking: Taking): boolean {
  taking.folders.push(place);
  let hasLinks = false;
  for (const { name, now } of slots?.values() ?? []) {
    if (now === undefined) continue;
    if (!take(`${place}/${name}`, now, taking)) return false;
    hasLinks ||= now.kind === "whole" && now.isLinked;
  }
  if (hasLinks && !isItsOwners) taking.parts[`${place}/${SHARED_MARK}`] = ["text", SHARED_TEXT];
  return true;
}

function takeStored(place: string, node: WholeNode | FileNode, taking: Taking): boolean {
  const { source, owner, isCopied } = node;
  const { packages, indexes, store, isLinking, namesIn, isCompiled, parts } = taking;
  const index = indexes.get(owner);
  const entry = index === undefined ? "" : entryOf(packages[index]!).path;
  if (index === undefined || !source.startsWith(`${entry}/`)) return false;
  const within = source.slice(entry.length + 1);
  const isWhole = node.kind === "whole";
  if (isWhole && node.isLinked) {
    const kept = keptLinkFor(node);
    if (kept?.startsWith(`${store}/`) && isKeptLink(kept, source))
      taking.files.push(kept.slice(store.length + 1), place);
    else taking.trees.push(source, place);
    return !isCopied;
  }
  const linked = source.endsWith(".pyc") ? keptIn(store, keptBytecodeFor(source, owner)) : source;
  if (!isCompiled(owner)) {
    if (isWhole) taking.lacksBytecode = true;
    else if (source.endsWith(".py")) taking.uncompiled.push([index, within, place]);
  }
  if (!isWhole && !isCopied && isLinking && linked !== undefined) {
    taking.files.push(linked.slice(store.length + 1), place);
    return true;
  }
  const names = isWhole && !isCopied ? namesIn(node) : undefined;
  const what = isWhole ? "files" : "file";
  if (names === undefined) parts[place] = [isCopied ? (`copied ${what}` as const) : what, index, within];
  else {
    parts[place] = ["names", index, within, names.folders, names.files];
    for (const [kept, name] of names.bytecode) taking.files.push(kept.slice(store.length + 1), `${place}/${name}`);
  }
  return true;
}

/** What is there, and no copy of it was made. */
const keptIn = (store: string, file: string | undefined): string | undefined =>
  file?.startsWith(`${store}/`) && fs.existsSync(file) ? file : undefined;

function takeText(place: string, { content, saved, isExecutable, owner }: TextNode, taking: Taking): boolean {
  const at = saved?.();
  const kept = at && keptText(at);
  if (kept?.startsWith(`${taking.store}/`) && taking.indexes.has(owner)) {
    taking.files.push(kept.slice(taking.store.length + 1), place);
    return true;
  }
  const text = textOf(content());
  if (text === undefined) return false;
  const pieces = text.split(taking.root).flatMap((piece, index) => (index === 0 ? [piece] : [null, piece]));
  taking.parts[place] = [isExecutable ? "executable text" : "text", ...pieces];
  return true;
}

function textOf(content: string | Uint8Array): string | undefined {
  if (typeof content === "string") return content;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}
