import fs from "node:fs";
import { chunksOf, linkChunks } from "./link-chunks.ts";
import type { Builder } from "./materialize.ts";
import { hasSystemCalls, makeFolders } from "./native.ts";
import type { Folder, Node, StandingNode } from "./tree.ts";

/** More than this many files and folders are not carried over only so that a change is seen in one instant. */
const MOST = 4000;

/**
 * Makes a folder anew as it shall be: what is new is built, what stays is linked to. False, with nothing left behind, when
 * that is too much, or when there is something that can't be linked.
 */
export function copyOver(folder: Folder, target: string, builder: Builder): boolean {
  try {
    const content = contentOf(folder);
    if (!copyAtOnce(content, { folder, target, builder })) copyOneByOne(content, { folder, target, builder });
    if (folder.disk !== undefined) fs.chmodSync(target, fs.statSync(folder.disk).mode);
    return true;
  } catch (error) {
    fs.rmSync(target, { recursive: true, force: true });
    if (error === TOO_MUCH || NOT_LINKABLE.has((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

const TOO_MUCH = new Error("too much to carry over");
const NOT_LINKABLE = new Set(["EXDEV", "EPERM", "EACCES", "EMLINK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

interface Copying {
  readonly folder: Folder;
  readonly target: string;
  readonly builder: Builder;
}

/** What a folder shall have in it; relative to it, and folders before what is in them. */
interface Content {
  readonly folders: string[];
  /** Whatever is there and no folder: a pipe or a socket, too. */
  readonly files: string[];
  readonly links: string[];
  readonly built: (readonly [place: string, node: Exclude<Node, StandingNode>])[];
}

function contentOf(folder: Folder): Content {
  const content: Content = { folders: [], files: [], links: [], built: [] };
  collect(folder, "", content);
  return content;
}

function collect(folder: Folder, below: string, content: Content): void {
  if (folder.slots === undefined) {
    collectStanding(folder.disk as string, below, content);
    return;
  }
  for (const { name, before, now } of folder.slots.values()) {
    const place = below + name;
    if (now?.kind === "standing") (before === "link" ? content.links : content.files).push(place);
    else if (now?.kind === "folder" && now.disk !== undefined) {
      content.folders.push(place);
      collect(now, `${place}/`, content);
    } else if (now !== undefined) content.built.push([place, now]);
  }
  refuseTooMuch(content);
}

function collectStanding(source: string, below: string, content: Content): void {
  for (const entry of fs.readdirSync(source, { withFileTypes: true })) {
    const place = below + entry.name;
    if (entry.isDirectory()) {
      content.folders.push(place);
      collectStanding(`${source}/${entry.name}`, `${place}/`, content);
    } else (entry.isSymbolicLink() ? content.links : content.files).push(place);
  }
  refuseTooMuch(content);
}

function refuseTooMuch({ folders, files, links }: Content): void {
  if (folders.length + files.length + links.length > MOST) throw TOO_MUCH;
}

/** By lists of names, a link of a link as well; false, with nothing left behind, where that does not work, for whatever reason. */
function copyAtOnce(content: Content, { folder, target, builder }: Copying): boolean {
  const { folders, files, links, built } = content;
  const [allFolders, linked] = [listed(folders), listed([...files, ...links])];
  if (!hasSystemCalls() || allFolders === undefined || linked === undefined) return false;
  fs.mkdirSync(target);
  const build = (): void => {
    for (const [place, node] of built) builder.build(node, `${target}/${place}`);
  };
  const chunks = chunksOf(linked, { source: folder.disk as string, target });
  if (makeFolders(allFolders, target) && linkChunks(chunks, build)) return true;
  fs.rmSync(target, { recursive: true, force: true });
  return false;
}

/** Undefined where a name can't stand in a list. */
const listed = (names: readonly string[]): string | undefined =>
  names.some((name) => name.includes("\n")) ? undefined : names.map((name) => `${name}\n`).join("");

/** Of a link, another one is made. */
function copyOneByOne({ folders, files, links, built }: Content, { folder, target, builder }: Copying): void {
  fs.mkdirSync(target);
  for (const place of folders) fs.mkdirSync(`${target}/${place}`);
  for (const place of files) fs.linkSync(`${folder.disk}/${place}`, `${target}/${place}`);
  for (const place of links) fs.symlinkSync(fs.readlinkSync(`${folder.disk}/${place}`), `${target}/${place}`);
  for (const [place, node] of built) builder.build(node, `${target}/${place}`);
}
