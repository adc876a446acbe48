import fs from "node:fs";
import type { Builder } from "./materialize.ts";
import type { Folder } from "./tree.ts";

/** More than this many files and folders are not carried over only so that a change is seen in one instant. */
const MOST = 4000;

/**
 * Makes a folder anew as it shall be: what is new is built, what stays is linked to. False, with nothing left behind, when
 * that is too much, or when there is something that can't be linked.
 */
export function copyOver(folder: Folder, target: string, builder: Builder): boolean {
  const left = { count: MOST };
  try {
    copyFolder(folder, target, { builder, left });
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
  readonly builder: Builder;
  readonly left: { count: number };
}

function copyFolder(folder: Folder, target: string, copying: Copying): void {
  count(copying);
  if (folder.slots === undefined) {
    copyStanding(folder.disk as string, target, copying);
    return;
  }
  fs.mkdirSync(target);
  for (const { name, before, now } of folder.slots.values()) {
    const place = `${target}/${name}`;
    if (now?.kind === "standing") copyEntry(`${folder.disk}/${name}`, place, { isLink: before === "link", copying });
    else if (now?.kind === "folder" && now.disk !== undefined) copyFolder(now, place, copying);
    else if (now !== undefined) copying.builder.build(now, place);
  }
}

function copyStanding(source: string, target: string, copying: Copying): void {
  fs.mkdirSync(target);
  for (const entry of fs.readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [`${source}/${entry.name}`, `${target}/${entry.name}`];
    if (!entry.isDirectory()) copyEntry(from, to, { isLink: entry.isSymbolicLink(), copying });
    else {
      count(copying);
      copyStanding(from, to, copying);
    }
  }
}

/** Whatever is no folder can be linked, a pipe or a socket too; of a link, another one is made. */
function copyEntry(
  source: string,
  target: string,
  { isLink, copying }: { readonly isLink: boolean; readonly copying: Copying },
): void {
  count(copying);
  if (isLink) fs.symlinkSync(fs.readlinkSync(source), target);
  else fs.linkSync(source, target);
}

function count({ left }: Copying): void {
  if (--left.count < 0) throw TOO_MUCH;
}
