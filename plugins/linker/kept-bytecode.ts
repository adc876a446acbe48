import fs from "node:fs";
import path from "node:path";
import { KEPT } from "../../plugin-api/model/store-layout.ts";
import { keptFor } from "./kept-link.ts";
import type { Package } from "./packages.ts";
import type { Owner } from "./tree.ts";

/** PEP 552: magic number, flags, and then a hash of the module, or its time and size. */
const HEADER_BYTES = 16;
const UNCHECKED = 1;

/** Where bytecode of a package may be kept that holds for its module's time and size: absolute. `source`: that of the tree. */
export const keptBytecodeFor = (source: string, owner: Owner): string | undefined =>
  keptFor(source, owner, `${KEPT.bytecode}/`);

/** Bytecode that an environment is to have. */
interface Wanted {
  /** In the store. */
  readonly source: string;
  readonly owner: Owner;
  /** Where the environment is put together: what is unfinished goes with that. */
  readonly target: string;
}

/**
 * Bytecode for an environment's own files, where modules are hard links: kept for all of them beside the tree, as their modules
 * are one and the same. The store's own is used without a look at the module, which somebody may replace in an environment.
 * Undefined where it can't be kept.
 */
export function keepBytecode({ source, owner, target }: Wanted, cacheTag: string): string | undefined {
  // What is not complete will be compiled once more, to something else.
  const kept = (owner as Partial<Package>).isCompiled?.(cacheTag) ? keptBytecodeFor(source, owner) : undefined;
  const tie = kept === undefined ? undefined : tieOf(source);
  if (kept === undefined || tie === undefined) return undefined;
  try {
    if (!isKeptBytecode(kept, source, tie)) replace(kept, tied(source, tie), `${target}.kept`);
    return kept;
  } catch {
    return undefined; // a store that this user may only read, say
  }
}

/** The second half of the header: time and size of the module that bytecode of the store belongs to. */
export function tieOf(source: string): Buffer | undefined {
  const [, folder, name] = /^(.*)\/__pycache__\/([^/.]+)\.[^/]*$/.exec(source) ?? [];
  const module = fs.statSync(`${folder}/${name}.py`, { throwIfNoEntry: false });
  if (module === undefined) return undefined;
  const tie = Buffer.alloc(12);
  tie.writeUInt32LE(Math.floor(module.mtimeMs / 1000) >>> 0, 4);
  tie.writeUInt32LE(module.size >>> 0, 8);
  return tie;
}

/** Power may have been lost before all of it was on the disk: its beginning comes first. */
function isKeptBytecode(kept: string, source: string, tie: Buffer): boolean {
  let fd: number;
  try {
    fd = fs.openSync(kept, "r");
  } catch {
    return false;
  }
  try {
    if (fs.fstatSync(fd).size !== fs.statSync(source).size) return false;
    const header = Buffer.alloc(HEADER_BYTES);
    return fs.readSync(fd, header, 0, HEADER_BYTES, 0) === HEADER_BYTES && header.subarray(4).equals(tie);
  } finally {
    fs.closeSync(fd);
  }
}

/** Throws where it is not the store's own, too: what a wheel brought stays as it is. */
function tied(source: string, tie: Buffer): Buffer {
  const content = fs.readFileSync(source);
  if (content.length < HEADER_BYTES || content.readUInt32LE(4) !== UNCHECKED) throw new Error("not compiled here");
  tie.copy(content, 4);
  return content;
}

function replace(kept: string, content: Buffer, made: string): void {
  fs.mkdirSync(path.dirname(kept), { recursive: true });
  try {
    fs.writeFileSync(made, content, { mode: 0o444, flag: "wx" });
    fs.renameSync(made, kept);
  } catch (error) {
    fs.rmSync(made, { force: true });
    throw error;
  }
}

/** Makes a copy of the store's bytecode hold for its module. */
export function tieToModule(source: string, target: string): void {
  const tie = tieOf(source);
  if (tie === undefined) return;
  const fd = fs.openSync(target, "r+");
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    if (fs.readSync(fd, header, 0, HEADER_BYTES, 0) < HEADER_BYTES || header.readUInt32LE(4) !== UNCHECKED) return;
    fs.writeSync(fd, tie, 0, tie.length, 4);
  } finally {
    fs.closeSync(fd);
  }
}
