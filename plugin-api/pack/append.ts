import fs from "node:fs";
import path from "node:path";
import { randomName } from "../hash/native.ts";
import { writeAtomically } from "../system/atomic-file.ts";
import { withLock } from "../system/lock-file.ts";
import { writeAll } from "../system/write-all.ts";
import {
  BLOCK_BYTES,
  type Entry,
  encodeRecord,
  KEY_BYTES_AT,
  LENGTH_AT,
  PACK_HEAD,
  RECORD_HEAD_BYTES,
  readRecord,
  recordsOf,
  TIMES_AT,
} from "./format.ts";
import { hashKey, mapFile } from "./native.ts";
import { lockFile, PACK, packFile, SEGMENT, tableFile } from "./places.ts";
import { Table } from "./table.ts";

const LONGEST_WAIT_MS = 2_000;
/** A pack is written anew when so much of it, and more than half, leads nowhere. */
const MUCH_DEAD_BYTES = 32 * 1024 * 1024;

/** How long another writer is waited for. */
export interface Waiting {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/**
 * Appends records, and those that others left beside the pack, while no other process writes. False when that was not possible:
 * somebody else holds the lock, or the disk lets nobody write.
 */
export async function appendRecords(
  folder: string,
  entries: readonly Entry[],
  { signal, timeoutMs = LONGEST_WAIT_MS }: Waiting = {},
): Promise<boolean> {
  try {
    fs.mkdirSync(folder, { recursive: true });
    const options = { timeoutMs, subject: "the index cache", ...(signal && { signal }) };
    await withLock(lockFile(folder), options, () => appendLocked(folder, entries));
    return true;
  } catch {
    return false;
  }
}

function appendLocked(folder: string, entries: readonly Entry[]): void {
  const segments = fs
    .readdirSync(folder)
    .filter((name) => SEGMENT.test(name))
    .sort();
  const beside = segments.flatMap((name) => readSegment(path.join(folder, name)));
  const old = Table.read(tableFile(folder));
  const table = old && fs.existsSync(packFile(folder, old.generation)) ? old : newTable();
  const writer = openPack(packFile(folder, table.generation), table);
  try {
    for (const entry of beside) if (!writer.hasNewer(entry)) writer.add(entry);
    for (const entry of entries) writer.add(entry);
    writer.finish();
  } finally {
    writer.close();
  }
  const isWasteful = table.deadBytes > MUCH_DEAD_BYTES && 2 * table.deadBytes > table.packBytes;
  const final = isWasteful ? rewrite(folder, table) : table;
  writeAtomically(tableFile(folder), final.encode());
  for (const name of segments) fs.rmSync(path.join(folder, name), { force: true });
  removeOthers(folder, final.generation);
}

/** A generation's number is random, so that a pack left behind by damage is never taken for the new one. */
const newTable = (): Table => new Table(Number.parseInt(randomName(4), 16), PACK_HEAD.length);

function readSegment(file: string): readonly Entry[] {
  try {
    return [...recordsOf(fs.readFileSync(file))];
  } catch {
    return [];
  }
}

/** More is not held back, however much there is to write. */
const AT_ONCE_BYTES = 256 * 1024;

interface Writer {
  /** The pack has this key from a later check. */
  hasNewer(entry: Entry): boolean;
  add(entry: Entry): void;
  /** Writes the last of what was added, which goes behind all that was ever there. */
  finish(): void;
  close(): void;
}

function openPack(file: string, table: Table): Writer {
  const fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o644);
  // A crash may have left more than the table knows of, or a power failure less: neither place is used again.
  const base = Math.max(align(fs.fstatSync(fd).size), table.packBytes, PACK_HEAD.length);
  let chunks: Buffer[] = [];
  const added = new Map<string, number>();
  let size = 0;
  let written = 0;
  const write = (): void => {
    if (written === 0 && base === PACK_HEAD.length) writeAll(fd, PACK_HEAD, { file, position: 0 });
    writeAll(fd, Buffer.concat(chunks), { file, position: base + written });
    chunks = [];
    written = size;
  };
  return {
    hasNewer({ key, checkedAtS }) {
      const former = formerOffset(fd, table, { key, hash: hashKey(key) });
      return former !== undefined && former < base && wordAt(fd, former + TIMES_AT) > checkedAtS;
    },
    add(entry) {
      const hash = hashKey(entry.key);
      const record = encodeRecord(entry, hash);
      if (!record) return;
      const former = added.get(entry.key) ?? formerOffset(fd, table, { key: entry.key, hash });
      table.set(hash, base + size, former);
      if (former !== undefined) table.deadBytes += former < base ? wordAt(fd, former + LENGTH_AT) : record.length;
      added.set(entry.key, base + size);
      chunks.push(record);
      size += record.length;
      if (size - written > AT_ONCE_BYTES) write();
    },
    finish() {
      write();
      table.packBytes = base + size;
    },
    close: () => fs.closeSync(fd),
  };
}

const align = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;

/** Enough for the head and the key of nearly every record. */
const HEAD_AND_KEY_BYTES = 1024;

function formerOffset(
  fd: number,
  table: Table,
  { key, hash }: { readonly key: string; readonly hash: number },
): number | undefined {
  for (const offset of table.offsets(hash)) {
    const start = Buffer.alloc(HEAD_AND_KEY_BYTES);
    const got = fs.readSync(fd, start, 0, start.length, offset);
    const keyBytes = start.readUInt16LE(KEY_BYTES_AT);
    const keyEnd = RECORD_HEAD_BYTES + keyBytes;
    if (got >= keyEnd && start.toString("utf8", RECORD_HEAD_BYTES, keyEnd) === key) return offset;
  }
  return undefined;
}

function wordAt(fd: number, offset: number): number {
  const word = Buffer.alloc(4);
  fs.readSync(fd, word, 0, 4, offset);
  return word.readUInt32LE(0);
}

/** Copies all that keys still lead to into a pack of a new generation. */
function rewrite(folder: string, table: Table): Table {
  const bytes = mapFile(packFile(folder, table.generation));
  const pack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fresh = newTable();
  const writer = openPack(packFile(folder, fresh.generation), fresh);
  try {
    for (const offset of table.all()) {
      const record = readRecord(pack, offset);
      if (record) writer.add(record);
    }
    writer.finish();
  } finally {
    writer.close();
  }
  return fresh;
}

/** Packs of former generations; whoever has one mapped keeps reading it. */
function removeOthers(folder: string, generation: number): void {
  const current = path.basename(packFile(folder, generation));
  for (const name of fs.readdirSync(folder)) {
    if (!PACK.test(name) || name === current) continue;
    try {
      fs.rmSync(path.join(folder, name));
    } catch {}
  }
}
