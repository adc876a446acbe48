import fs from "node:fs";
import path from "node:path";
import { KEPT, nameOfPlace } from "../../plugin-api/model/store-layout.ts";
import type { Package } from "./packages.ts";
import type { Owner, WholeNode } from "./tree.ts";

/** More than a name of a file can have, with what other file systems make of it. */
const MOST_LETTERS = 200;

/**
 * Where what is written for a place in a package's tree may be kept beside the tree: absolute. Undefined for what is of no package
 * that is put in now, or has too long a name. `source`: absolute; `kind`: a beginning of names in KEPT, with what separates it.
 */
export function keptFor(source: string, owner: Owner, kind: string): string | undefined {
  const { tree } = owner as Partial<Package>;
  if (tree === undefined || !source.startsWith(`${tree}/`)) return undefined;
  const name = nameOfPlace(source.slice(tree.length + 1));
  return Buffer.byteLength(name) > MOST_LETTERS ? undefined : `${path.dirname(tree)}/${kind}${name}`;
}

/**
 * Where the link to a folder of a package may be kept: absolute. What a link says takes a block of its own from 60 bytes on (ext),
 * and another name for the link takes none, and less time.
 */
export const keptLinkFor = ({ source, owner }: Pick<WholeNode, "source" | "owner">): string | undefined =>
  keptFor(source, owner, KEPT.link);

/** Whether that link is kept, and leads to where it is to: the data directory may have come here from elsewhere. */
export function isKeptLink(kept: string, source: string): boolean {
  try {
    return fs.readlinkSync(kept) === source;
  } catch {
    return false;
  }
}

/** Makes a symbolic link to `source` at `target`: another name of the one that is kept, or one that is kept from now on. Throws system errors. */
export function placeLink(source: string, target: string, kept: string | undefined): void {
  if (kept !== undefined && isKeptLink(kept, source) && isLinked(kept, target)) return;
  fs.symlinkSync(source, target);
  if (kept !== undefined) keep(target, kept);
}

function isLinked(kept: string, target: string): boolean {
  try {
    // The link itself, not what it leads to; other systems than Linux refuse.
    fs.linkSync(kept, target);
    return true;
  } catch {
    return false;
  }
}

/**
 * Worth a try: the store may be read-only, or elsewhere. One of another text, or with all the names it can have, is replaced. What is
 * unfinished is where the environment is put together, and goes with that.
 */
function keep(link: string, kept: string): void {
  const made = `${link}.kept`;
  try {
    fs.linkSync(link, made);
    fs.renameSync(made, kept);
  } catch {
    fs.rmSync(made, { force: true });
  }
}
