import fs from "node:fs";
import path from "node:path";
import { randomName } from "../hash/native.ts";
import { afterwards, stays } from "../system/afterwards.ts";
import { writeAtomically } from "../system/atomic-file.ts";
import { appendRecords, type Waiting } from "./append.ts";
import {
  type Entry,
  encodeRecord,
  type Found,
  PACK_HEAD,
  readRecord,
  recordsOf,
  TIMES_AT,
  type Times,
  writeTimes,
} from "./format.ts";
import { hashKey, mapFile } from "./native.ts";
import { packFile, SEGMENT, segmentFile, tableFile } from "./places.ts";
import { Table } from "./table.ts";

/** A record as it is looked up: where it lies is the pack's affair. */
export interface PackRecord extends Times {
  readonly note: string;
  /** A view; it must not be written to. */
  readonly value: Uint8Array;
}

interface Place {
  readonly file: string;
  readonly offset: number;
}

/** The pack as it was when it was first looked into. */
interface Mapped {
  readonly table: Table | undefined;
  readonly file: string;
  readonly bytes: Buffer | undefined;
}

/**
 * Everything of a kind in one file that many processes read and write: mapped, looked up by key without parsing, appended to
 * at the end of a run. Reading needs no lock and never waits. A pack that is missing or damaged is an empty one. Nothing is
 * opened before it is looked into.
 */
export class Pack {
  readonly #folder: string;
  #mapped: Mapped | undefined;
  /** Records that are not in the mapped pack: of this process, and of others that could not append. */
  readonly #beside = new Map<string, Omit<Entry, "key"> & { readonly place?: Place }>();
  readonly #renewed = new Map<string, Times>();
  readonly #writers = new Map<string, number>();
  #pending: Entry[] = [];
  #isPutOff = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The state of all files: while it is the same, so is every record on disk. Opens none of them. */
  state(): string {
    return namesIn(this.#folder)
      .map((name) => {
        const stat = fs.statSync(path.join(this.#folder, name), { throwIfNoEntry: false });
        return stat ? `${name} ${stat.ino} ${stat.size} ${stat.mtimeMs}` : name;
      })
      .join("\n");
  }

  find(key: string): PackRecord | undefined {
    this.#open();
    const beside = this.#beside.get(key);
    const record = beside ? inBytes(beside) : this.#lookUp(key);
    const times = record && this.#renewed.get(key);
    return times ? { note: record.note, value: record.value, ...times } : record;
  }

  put(entry: Entry): void {
    this.remember(entry);
    this.#pending.push(entry);
  }

  /** As `put`, for this process only: what may not be kept. */
  remember(entry: Entry): void {
    this.#open();
    this.#beside.set(entry.key, entry);
    this.#renewed.delete(entry.key);
  }

  /** Says that a record was confirmed. Eight bytes change on disk; nothing is written again. */
  renew(key: string, times: Times): void {
    this.#open();
    this.#renewed.set(key, times);
    const beside = this.#beside.get(key);
    const place = beside ? beside.place : this.#placeOf(key);
    if (!place) {
      this.#pending = this.#pending.map((entry) => (entry.key === key ? { ...entry, ...times } : entry));
      return;
    }
    const fd = this.#writer(place.file);
    const bytes = Buffer.alloc(8);
    writeTimes(bytes, times, 0);
    if (fd !== undefined) fs.writeSync(fd, bytes, 0, bytes.length, place.offset + TIMES_AT);
  }

  /** Appends what was put. Waits for other writers a little, then leaves the work to one of them. */
  async flush(signal?: AbortSignal): Promise<void> {
    await this.#append({ signal });
  }

  /** As `flush`; a process that stays does it when the caller has his answer, and waits for no other writer then. */
  async save(signal?: AbortSignal): Promise<void> {
    if (!stays()) return this.flush(signal);
    if (this.#isPutOff || this.#pending.length === 0) return undefined;
    this.#isPutOff = true;
    return afterwards(async () => {
      this.#isPutOff = false;
      await this.#append({ timeoutMs: 0 });
    });
  }

  async #append(waiting: Waiting): Promise<void> {
    const entries = this.#take();
    if (entries.length > 0 && !(await appendRecords(this.#folder, entries, waiting))) this.#writeSegment(entries);
  }

  /** Saves what was put at once, without waiting for anybody: as a file of its own, which the next writer takes in. */
  spill(): void {
    if (!this.#isPutOff) this.#writeSegment(this.#take());
    for (const fd of this.#writers.values()) if (fd >= 0) fs.closeSync(fd);
    this.#writers.clear();
  }

  #open(): Mapped {
    if (this.#mapped) return this.#mapped;
    const folder = this.#folder;
    this.#mapped = mapPack(folder);
    for (const name of namesIn(folder)) if (SEGMENT.test(name)) this.#readSegment(path.join(folder, name));
    return this.#mapped;
  }

  #take(): Entry[] {
    const byKey = new Map(this.#pending.map((entry) => [entry.key, entry]));
    this.#pending = [];
    return [...byKey.values()];
  }

  #writeSegment(entries: readonly Entry[]): void {
    const records = entries.flatMap((entry) => encodeRecord(entry, hashKey(entry.key)) ?? []);
    if (records.length === 0) return;
    const file = segmentFile(this.#folder, Date.now(), randomName(4));
    try {
      fs.mkdirSync(this.#folder, { recursive: true });
      writeAtomically(file, Buffer.concat([PACK_HEAD, ...records]));
    } catch {}
  }

  #readSegment(file: string): void {
    const bytes = mapped(file);
    for (const record of bytes ? recordsOf(bytes) : []) {
      const known = this.#beside.get(record.key) ?? this.#lookUp(record.key);
      if (known && known.checkedAtS > record.checkedAtS) continue;
      this.#beside.set(record.key, { ...record, place: { file, offset: record.offset } });
    }
  }

  #lookUp(key: string): Found | undefined {
    const { table, bytes } = this.#open();
    if (!table || !bytes) return undefined;
    for (const offset of table.offsets(hashKey(key))) {
      const record = readRecord(bytes, offset);
      if (record?.key === key) return record;
    }
    return undefined;
  }

  #placeOf(key: string): Place | undefined {
    const record = this.#lookUp(key);
    return record && { file: this.#open().file, offset: record.offset };
  }

  /** Descriptors stay open for a burst of renewals; -1 for a file that can't be written to. */
  #writer(file: string): number | undefined {
    let fd = this.#writers.get(file);
    if (fd === undefined) {
      try {
        fd = fs.openSync(file, "r+");
      } catch {
        fd = -1;
      }
      this.#writers.set(file, fd);
    }
    return fd < 0 ? undefined : fd;
  }
}

const inBytes = (entry: Omit<Entry, "key">): PackRecord => {
  const { value } = entry;
  return typeof value === "string" ? { ...entry, value: Buffer.from(value) } : (entry as PackRecord);
};

/** Packs as they were mapped last, by folder, and the state that their files were in. */
const packs = new Map<string, { readonly state: string; readonly mapped: Mapped }>();

/** As it was mapped before, while its files are the same: each page of a new mapping is a fault when it is first looked at. */
function mapPack(folder: string): Mapped {
  const known = packs.get(folder);
  const before = stateOf(tableFile(folder));
  if (known && known.state === before + stateOf(known.mapped.file)) return known.mapped;
  const table = Table.read(tableFile(folder));
  const file = packFile(folder, table?.generation ?? 0);
  const made = { table, file, bytes: table && mapped(file) };
  // What was replaced meanwhile is not to be taken for what is there now.
  if (made.bytes && stateOf(tableFile(folder)) === before)
    packs.set(folder, { state: before + stateOf(file), mapped: made });
  return made;
}

/** What tells a file from what it was; empty when it can't be had. */
function stateOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = fs.statSync(file);
    return `${ino} ${size} ${mtimeMs},`;
  } catch {
    return "";
  }
}

function mapped(file: string): Buffer | undefined {
  try {
    const bytes = mapFile(file);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return [];
  }
}
