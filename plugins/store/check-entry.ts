import fs from "node:fs";
import path from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { blake3Hex } from "../../plugin-api/blake3/blake3.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { StoreLayout } from "../../plugin-api/model/store-layout.ts";
import { parseRecord, type RecordRow } from "../../plugin-api/python/record.ts";
import type { EntryCheck, EntryFault, KeptEntry } from "../../plugin-api/store-upkeep.ts";
import { sha256OfFile } from "../../plugin-api/system/file-digest.ts";
import { namesIn } from "../../plugin-api/system/folder-entries.ts";
import { canonicalList } from "./describe.ts";
import { hashFile } from "./hash-file.ts";
import { filesBelow } from "./kept-entries.ts";
import { LAYOUT, RECORD_ROWS, SUMS, sumsOf, TREE } from "./places.ts";

interface Found {
  readonly treePath: string;
  readonly key: string;
  readonly inode: number;
}

/** See `StoreUpkeep.check`. The id covers names, contents and execute bits; only where it does not match is looked for what differs. */
export async function checkEntry(entry: KeptEntry, signal: AbortSignal): Promise<EntryCheck> {
  if (isOfOtherFormat(entry)) return { files: 0, bytes: 0, faults: [], wrongFiles: [] };
  const tree = path.join(entry.path, TREE);
  const recorded = recordedFiles(entry);
  const faults: EntryFault[] = checkSums(entry) ? [] : [fault("", "has another description than it was given")];
  const found: Found[] = [];
  let bytes = 0;
  try {
    for (const file of filesBelow(tree)) {
      const treePath = path.relative(tree, file).replaceAll("\\", "/");
      if (isBytecode(treePath) && !recorded.has(treePath)) continue;
      const stat = fs.lstatSync(file);
      const blake3 = stat.isFile() ? await hashFile(file, signal) : "";
      found.push({ treePath, key: stat.mode & 0o111 ? `${blake3}-x` : blake3, inode: stat.ino });
      bytes += stat.size;
      if (found.length % 64 === 0) await turn();
      signal.throwIfAborted();
    }
  } catch (error) {
    if (signal.aborted || (error as NodeJS.ErrnoException).code === undefined) throw error;
    faults.push(fault("", `can't be read (${(error as NodeJS.ErrnoException).code})`));
    return { files: found.length, bytes, faults, wrongFiles: [] };
  }
  const isWhole = blake3Hex(canonicalList(found)) === entry.id;
  const wrong = isWhole ? [] : await differencesOf(tree, found, recorded);
  if (!isWhole && wrong.length === 0) faults.push(fault("", "has not the files it is named for"));
  faults.push(...wrong, ...checkBytecode(entry));
  const inodes = new Map(found.map(({ treePath, inode }) => [treePath, inode]));
  const wrongFiles = isWhole ? [] : wrong.flatMap(({ path: name }) => inodes.get(name) ?? []);
  return { files: found.length, bytes, faults, wrongFiles };
}

const fault = (at: string, what: string, isOnlyBytecode = false): EntryFault => ({
  path: at,
  what,
  isBytecode: isOnlyBytecode,
});

/** Another version of PyBun made it, and knows how it has to be. */
const isOfOtherFormat = ({ path: folder }: KeptEntry): boolean => {
  const layouts = namesIn(folder).filter((name) => /^layout-\d+\.json$/.test(name));
  return layouts.length > 0 && !layouts.includes(LAYOUT);
};

const isBytecode = (treePath: string): boolean => /(?:^|\/)__pycache__\//.test(treePath);

/** What the wheel's RECORD says, by path in the tree; empty where that can't be read. */
function recordedFiles({ path: folder }: KeptEntry): ReadonlyMap<string, Pick<RecordRow, "sha256" | "size">> {
  try {
    const rows = parseRecord(fs.readFileSync(path.join(folder, RECORD_ROWS), "utf8"));
    const { data } = JSON.parse(fs.readFileSync(path.join(folder, LAYOUT), "utf8")) as StoreLayout;
    const others = data.flatMap(({ tree, record }) => parseRecord(`-,${record}`).map((row) => [tree, row] as const));
    return new Map([...rows.map((row) => [row.path, row] as const), ...others]);
  } catch {
    return new Map();
  }
}

function checkSums({ path: folder }: KeptEntry): boolean {
  try {
    const [layout, rows, sums] = [LAYOUT, RECORD_ROWS, SUMS].map((name) =>
      fs.readFileSync(path.join(folder, name), "utf8"),
    ) as [string, string, string];
    return sumsOf(layout, rows) === sums;
  } catch {
    return false;
  }
}

async function differencesOf(
  tree: string,
  found: readonly Found[],
  recorded: ReturnType<typeof recordedFiles>,
): Promise<readonly EntryFault[]> {
  const faults: EntryFault[] = [];
  const names = new Set(found.map(({ treePath }) => treePath));
  for (const name of recorded.keys()) if (!names.has(name)) faults.push(fault(name, "is missing"));
  for (const { treePath } of found) {
    const row = recorded.get(treePath);
    // RECORD does not list itself.
    if (row === undefined) {
      if (!/^[^/]+\.dist-info\/RECORD$/.test(treePath)) faults.push(fault(treePath, "is not of the wheel"));
    } else if (row.sha256 !== undefined && (await sha256OfFile(path.join(tree, treePath))) !== row.sha256)
      faults.push(fault(treePath, "has another content"));
  }
  return faults;
}

/** Bytecode is listed with its digests when it has been compiled; what Python wrote there itself, it checks itself. */
function checkBytecode({ path: folder }: KeptEntry): readonly EntryFault[] {
  const faults: EntryFault[] = [];
  for (const marker of namesIn(folder).filter((name) => /^compiled-[\w-]+$/.test(name))) {
    const lines = fs.readFileSync(path.join(folder, marker), "utf8").split("\n").filter(Boolean);
    for (const line of lines) {
      const [digest, name] = [line.slice(0, 64), line.slice(65)];
      const file = path.join(folder, TREE, name);
      const isThere = fs.existsSync(file);
      // A module's bytecode is small enough to be read at once, which takes a tenth of the time of a stream.
      if (isThere && (sha256Of(fs.readFileSync(file)) === digest || isPythonsOwn(file))) continue;
      faults.push(fault(name, isThere ? "has another content" : "is missing", true));
    }
  }
  return faults;
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
