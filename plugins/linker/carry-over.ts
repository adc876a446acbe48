import fs from "node:fs";
import { type Chunk, chunksOf, linkChunks } from "./link-chunks.ts";
import { listed } from "./link-folders.ts";
import type { Builder } from "./materialize.ts";
import { hasSystemCalls, makeFolders } from "./native.ts";
import { copyOfSpare } from "./spare/spares.ts";
import type { Folder, Node, StandingNode } from "./tree.ts";

/** More than this many files and folders are not carried over only so that a change is seen in one instant. */
const MOST = 4000;

/**
 * Makes a folder anew as it shall be: what is new is built, what stays is linked to. False, with nothing left behind, when
 * that is too much, or when there is something that can't be linked.
 */
export function copyOver(folder: Folder, target: string, builder: Builder): boolean {
  try {
    const copying = { folder, target, builder };
    if (!copyOfSpare(folder, target, builder) && (!hasSystemCalls() || !copyAtOnce(copying))) copyOneByOne(copying);
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
  /** Folders of metadata that stay as they are: a hundred, with some files each. What is in them is left out. */
  readonly whole: string[];
  readonly folders: string[];
  /** Whatever is there and no folder: a pipe or a socket, too. */
  readonly files: string[];
  readonly links: string[];
  readonly built: (readonly [place: string, node: Exclude<Node, StandingNode>])[];
}

function contentOf(folder: Folder, mayBeWhole: (name: string) => boolean): Content {
  const content: Content = { whole: [], folders: [], files: [], links: [], built: [] };
  collect(folder, "", { content, mayBeWhole });
  return content;
}

interface Collecting {
  readonly content: Content;
  readonly mayBeWhole: (name: string) => boolean;
}

function collect(folder: Folder, below: string, collecting: Collecting): void {
  const { content, mayBeWhole } = collecting;
  if (folder.slots === undefined) {
    collectStanding(folder.disk as string, below, content);
    return;
  }
  for (const { name, before, now } of folder.slots.values()) {
    const place = below + name;
    if (now?.kind === "standing") (before === "link" ? content.links : content.files).push(place);
    else if (now?.kind === "folder" && now.disk !== undefined) {
      const isWhole = now.slots === undefined && mayBeWhole(name);
      (isWhole ? content.whole : content.folders).push(place);
      if (!isWhole) collect(now, `${place}/`, collecting);
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

/** Some files each: more of them are not carried over, either. */
const MOST_WHOLE = MOST / 8;

function refuseTooMuch({ whole, folders, files, links }: Content): void {
  if (folders.length + files.length + links.length > MOST || whole.length > MOST_WHOLE) throw TOO_MUCH;
}

const isMetadata = (name: string): boolean => name.endsWith(".dist-info");
/** A millisecond for each of two threads. */
const WHOLE_IN_CHUNK = 12;

/** By lists of names, a link of a link as well; false, with nothing left behind, where that does not work, for whatever reason. */
function copyAtOnce({ folder, target, builder }: Copying): boolean {
  const { whole, folders, files, links, built } = contentOf(folder, isMetadata);
  const [all, more, linked] = [whole, folders, [...files, ...links]].map(listed);
  if (all === undefined || more === undefined || linked === undefined) return false;
  fs.mkdirSync(target);
  const build = (): void => {
    for (const [place, node] of built) builder.build(node, `${target}/${place}`);
  };
  const linking = { source: folder.disk as string, target };
  const chunks: Chunk[] = [...chunksOf(linked, linking)];
  for (let at = 0; at < whole.length; at += WHOLE_IN_CHUNK)
    chunks.push({ ...linking, names: listed(whole.slice(at, at + WHOLE_IN_CHUNK))!, areFolders: true });
  if (makeFolders(more, target) && linkChunks(chunks, build)) return true;
  fs.rmSync(target, { recursive: true, force: true });
  return false;
}

/** Of a link, another one is made. */
function copyOneByOne({ folder, target, builder }: Copying): void {
  const { folders, files, links, built } = contentOf(folder, () => false);
  fs.mkdirSync(target);
  for (const place of folders) fs.mkdirSync(`${target}/${place}`);
  for (const place of files) fs.linkSync(`${folder.disk}/${place}`, `${target}/${place}`);
  for (const place of links) fs.symlinkSync(fs.readlinkSync(`${folder.disk}/${place}`), `${target}/${place}`);
  for (const [place, node] of built) builder.build(node, `${target}/${place}`);
}
