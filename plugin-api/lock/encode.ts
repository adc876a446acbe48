import type { Lock } from "../model/lock.ts";
import { orderedLock } from "./canonical.ts";
import { contentHash } from "./content-hash.ts";
import { checkComplete, tooLarge } from "./incomplete.ts";
import {
  aligned,
  DIRECTORY_HEAD_BYTES,
  DIRECTORY_RECORD_BYTES,
  FORMAT_VERSION,
  HEADER,
  HEADER_BYTES,
  LEAST_SLOTS,
  LOCK_FLAG,
  LOCK_LIMITS,
  MAGIC,
  NONE,
  RECORD_BYTES,
  type SectionId,
} from "./layout.ts";
import { nameHash } from "./name-hash.ts";
import type { LockPlace } from "./place.ts";
import { type Rows, rowsOf } from "./rows.ts";
import { type StringTable, stringTable } from "./strings.ts";
import { lowestPython } from "./version-fields.ts";
import { type Target, writers } from "./write-records.ts";

/** A section with its place in the file. `write` is absent where the bytes are there already. */
interface Part {
  readonly id: string;
  readonly offset: number;
  readonly length: number;
  readonly count: number;
  readonly bytes?: Uint8Array;
}

/**
 * The bytes of `pybun.lockb` (SPEC 6.2). The same lock gives the same bytes, in whatever order its parts are; opening them
 * gives `canonicalLock(lock)`. `place`: where the file will lie; paths and `file:` URLs are written relative to that.
 * Throws `E_LOCK_INCOMPLETE` when a file has no SHA-256 or a package no files, `E_LIMIT` for what the format has no room for.
 */
export function encodeLock(lock: Lock, place: LockPlace): Uint8Array {
  const canonical = orderedLock(lock);
  for (const each of canonical.packages) checkComplete(each);
  const rows = rowsOf(canonical, place);
  const strings = stringTable(rows);
  const slots = slotsFor(new Set(canonical.packages.map(({ name }) => name)).size);
  const sections = sectionsOf(rows, canonical, strings);
  const directory = HEADER_BYTES;
  const hashTable = aligned(directory + DIRECTORY_HEAD_BYTES + DIRECTORY_RECORD_BYTES * sections.length);
  const parts = place8(sections, hashTable + 4 * slots);
  const size = parts.reduce((end, part) => Math.max(end, part.offset + part.length), 0);
  if (size > LOCK_LIMITS.fileBytes)
    throw tooLarge(`it would have ${size} bytes, and ${LOCK_LIMITS.fileBytes} are allowed`);
  const bytes = Buffer.from(new ArrayBuffer(size));
  const view = new DataView(bytes.buffer);
  writeParts({ bytes, view, rows, strings }, parts);
  writeHashTable(view, hashTable, { slots, names: canonical.packages.map(({ name }) => name) });
  writeDirectory(view, directory, parts);
  writeHeader(view, canonical, { directory, hashTable, slots, platform: platformIndex(canonical, rows) });
  bytes.set(contentHash(bytes), HEADER.contentHash);
  return new Uint8Array(bytes.buffer);
}

/** A power of two, at least twice the names. */
function slotsFor(names: number): number {
  let slots = LEAST_SLOTS;
  while (slots < 2 * names) slots *= 2;
  return slots;
}

type Unplaced = Omit<Part, "offset">;

function sectionsOf(rows: Rows, lock: Lock, strings: StringTable): readonly Unplaced[] {
  const table = (id: SectionId, records: readonly unknown[]): Unplaced => ({
    id,
    length: RECORD_BYTES[id] * records.length,
    count: records.length,
  });
  const own = [table("fork", rows.forks), table("spec", rows.specifiers)].filter(({ count }) => count > 0);
  const others = (lock.otherSections ?? []).map(
    ({ id, recordCount, bytes }): Unplaced => ({ id, length: bytes.length, count: recordCount, bytes }),
  );
  return [
    table("ENTR", rows.entries),
    table("ARTF", rows.artifacts),
    table("EDGE", rows.edges),
    table("ROOT", rows.roots),
    table("EXTR", rows.extras),
    table("MARK", rows.markers),
    table("PLAT", rows.platforms),
    table("META", rows.meta),
    ...own,
    ...others,
    { id: "STRS", length: strings.bytes.length, count: strings.count, bytes: strings.bytes },
  ];
}

function place8(sections: readonly Unplaced[], start: number): readonly Part[] {
  let offset = aligned(start);
  return sections.map((section) => {
    const part = { ...section, offset };
    offset = aligned(offset + section.length);
    return part;
  });
}

type Draft = Pick<Target, "bytes" | "view" | "rows" | "strings">;

function writeParts({ bytes, view, rows, strings }: Draft, parts: readonly Part[]): void {
  const stringsAt = parts.at(-1)!.offset;
  for (const part of parts) {
    if (part.bytes) bytes.set(part.bytes, part.offset);
    else writers[part.id as keyof typeof writers]({ bytes, view, rows, strings, stringsAt, offset: part.offset });
  }
}

interface Names {
  readonly slots: number;
  /** In the order of the entries. */
  readonly names: readonly string[];
}

/** Open addressing with linear probing; a slot holds the first entry of a name (SPEC DPL-03). */
function writeHashTable(view: DataView, offset: number, { slots, names }: Names): void {
  for (let slot = 0; slot < slots; slot++) view.setUint32(offset + 4 * slot, NONE, true);
  for (const [index, name] of names.entries()) {
    if (name === names[index - 1]) continue;
    let slot = nameHash(name).low & (slots - 1);
    while (view.getUint32(offset + 4 * slot, true) !== NONE) slot = (slot + 1) & (slots - 1);
    view.setUint32(offset + 4 * slot, index, true);
  }
}

function writeDirectory(view: DataView, offset: number, parts: readonly Part[]): void {
  view.setUint32(offset, parts.length, true);
  for (const [index, part] of parts.entries()) {
    const at = offset + DIRECTORY_HEAD_BYTES + DIRECTORY_RECORD_BYTES * index;
    for (let i = 0; i < 4; i++) view.setUint8(at + i, part.id.charCodeAt(i));
    view.setUint32(at + 4, part.offset, true);
    view.setUint32(at + 8, part.length, true);
    view.setUint32(at + 12, part.count, true);
  }
}

const platformIndex = ({ platform }: Lock, rows: Rows): number =>
  platform === undefined ? NONE : rows.platforms.indexOf(platform);

interface Offsets {
  readonly directory: number;
  readonly hashTable: number;
  readonly slots: number;
  readonly platform: number;
}

function writeHeader(view: DataView, lock: Lock, { directory, hashTable, slots, platform }: Offsets): void {
  const isWorkspace = lock.roots.some(({ owner }) => owner.kind === "member" || owner.member !== "");
  const isScript = lock.roots.some(({ owner }) => owner.kind === "script");
  const flags =
    (lock.platform === undefined ? LOCK_FLAG.universal : 0) |
    (isWorkspace ? LOCK_FLAG.workspace : 0) |
    (lock.otherSections?.some(({ id }) => id === "ATTS") ? LOCK_FLAG.attestations : 0) |
    (isScript ? LOCK_FLAG.script : 0);
  const [major, minor, micro] = lowestPython(lock.requiresPython);
  view.setUint32(HEADER.magic, MAGIC, true);
  view.setUint16(HEADER.version, FORMAT_VERSION, true);
  view.setUint16(HEADER.flags, flags, true);
  view.setUint32(HEADER.packageCount, lock.packages.length, true);
  view.setUint32(HEADER.hashTable, hashTable, true);
  view.setUint32(HEADER.slots, slots, true);
  view.setUint32(HEADER.directory, directory, true);
  view.setUint8(HEADER.pythonMajor, major);
  view.setUint8(HEADER.pythonMinor, minor);
  view.setUint16(HEADER.pythonMicro, micro, true);
  view.setUint32(HEADER.platform, platform, true);
}
