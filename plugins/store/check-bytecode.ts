import fs from "node:fs";
import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { KEPT, placeOfName } from "../../plugin-api/model/store-layout.ts";
import type { EntryFault, KeptEntry } from "../../plugin-api/store-upkeep.ts";
import { namesIn } from "../../plugin-api/system/folder-entries.ts";
import { TREE } from "./places.ts";

/** Bytecode that was compiled for a cache tag: its file in the tree, and the digest it was given. */
export interface ListedBytecode {
  readonly cacheTag: string;
  readonly treePath: string;
  readonly sha256: string;
}

/** What the markers of an entry list (see compile.ts). */
export function listedBytecode(folder: string): readonly ListedBytecode[] {
  return namesIn(folder).flatMap((marker) => {
    const cacheTag = /^compiled-([\w-]+)$/.exec(marker)?.[1];
    if (cacheTag === undefined) return [];
    const lines = fs.readFileSync(path.join(folder, marker), "utf8").split("\n").filter(Boolean);
    return lines.map((line) => ({ cacheTag, sha256: line.slice(0, 64), treePath: line.slice(65) }));
  });
}

/** Bytecode is listed with its digests when it has been compiled; what Python wrote there itself, it checks itself. */
export function checkBytecode({ path: folder }: KeptEntry): readonly EntryFault[] {
  return listedBytecode(folder).flatMap(({ treePath, sha256 }) => {
    const file = path.join(folder, TREE, treePath);
    const isThere = fs.existsSync(file);
    // A module's bytecode is small enough to be read at once, which takes a tenth of the time of a stream.
    if (isThere && (sha256Of(fs.readFileSync(file)) === sha256 || isPythonsOwn(file))) return [];
    return [{ path: treePath, what: isThere ? "has another content" : "is missing", isBytecode: true }];
  });
}

/** Beside files of their own, environments have what was compiled with another header (see plugins/linker/kept-bytecode.ts). */
const HEADER_BYTES = 16;

/** Compares it with what it was made of. What Python wrote there itself since is another content. */
export function checkOwnBytecode({ path: folder }: KeptEntry): readonly EntryFault[] {
  return namesIn(path.join(folder, KEPT.bytecode)).flatMap((name) => {
    if (name.startsWith(".")) return [];
    const treePath = placeOfName(name);
    const [file, made] = [path.join(folder, TREE, treePath), path.join(folder, KEPT.bytecode, name)];
    if (!fs.existsSync(file) || isPythonsOwn(file)) return [];
    const [one, other] = [file, made].map((each) => fs.readFileSync(each).subarray(HEADER_BYTES));
    return one?.equals(other ?? Buffer.alloc(0))
      ? []
      : [{ path: treePath, what: "has another content", isBytecode: true }];
  });
}

/**
 * Root's Python, having begun an import before the bytecode was there, puts its own in place of it. That names the source's time
 * and size (PEP 552: no flags), so Python finds out itself when it does not fit.
 */
function isPythonsOwn(file: string): boolean {
  const head = Buffer.alloc(8);
  const fd = fs.openSync(file, "r");
  try {
    return fs.readSync(fd, head) === head.length && head.readUInt32LE(4) === 0;
  } finally {
    fs.closeSync(fd);
  }
}
