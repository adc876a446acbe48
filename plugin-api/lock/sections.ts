import { PybunError } from "../error.ts";
import { damaged } from "./damage.ts";
import {
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
  REQUIRED,
  type SectionId,
} from "./layout.ts";

/** A part of the file whose bounds have been checked. */
export interface Section {
  readonly id: string;
  readonly offset: number;
  readonly length: number;
  readonly count: number;
}

/** The file's outermost facts: all are in bounds, nothing behind them has been read. */
export interface Outline {
  readonly flags: number;
  readonly packageCount: number;
  readonly hashTable: number;
  readonly slots: number;
  readonly python: readonly [major: number, minor: number, micro: number];
  /** Index into PLAT, or NONE. */
  readonly platform: number;
  readonly sections: ReadonlyMap<string, Section>;
}

/** More sections than any writer makes. */
const MOST_SECTIONS = 64;

/**
 * Reads header and directory. Throws `E_FORMAT_VERSION` for a newer format or a section that has to be understood and is not,
 * `E_LOCK_INVALID` for anything else that breaks the rules, `E_LIMIT` for a file that is too large.
 */
export function readOutline(view: DataView, path: string): Outline {
  const size = view.byteLength;
  if (size > LOCK_LIMITS.fileBytes)
    throw new PybunError("E_LIMIT", `a lock of ${size} bytes is too large, ${LOCK_LIMITS.fileBytes} are allowed`, {
      file: path,
    });
  const fault = (offset: number, what: string): PybunError => damaged({ path, section: "header", offset }, what);
  if (size < HEADER_BYTES) throw fault(size, size === 0 ? "it is empty" : "it is cut off");
  if (view.getUint32(HEADER.magic, true) !== MAGIC) throw fault(HEADER.magic, "it is no lock of PyBun");
  checkVersion(view.getUint16(HEADER.version, true), path);
  const flags = view.getUint16(HEADER.flags, true);
  const known = Object.values(LOCK_FLAG).reduce((sum: number, flag) => sum | flag, 0);
  if ((flags & ~known) !== 0) throw fault(HEADER.flags, "it has flags that mean nothing");
  const sections = readDirectory(view, path);
  const outline = {
    flags,
    packageCount: view.getUint32(HEADER.packageCount, true),
    hashTable: view.getUint32(HEADER.hashTable, true),
    slots: view.getUint32(HEADER.slots, true),
    python: [
      view.getUint8(HEADER.pythonMajor),
      view.getUint8(HEADER.pythonMinor),
      view.getUint16(HEADER.pythonMicro, true),
    ] as const,
    platform: view.getUint32(HEADER.platform, true),
    sections,
  };
  checkOutline(outline, fault);
  checkApart(view, outline, path);
  return outline;
}

function checkVersion(version: number, path: string): void {
  if (version === FORMAT_VERSION) return;
  if (version === 0) throw damaged({ path, section: "header", offset: HEADER.version }, "it has no format version");
  throw tooNew(path, `format version ${version}, and this PyBun knows ${FORMAT_VERSION}`);
}

const tooNew = (path: string, what: string): PybunError =>
  new PybunError("E_FORMAT_VERSION", `the lock was written by a later PyBun: it has ${what}`, {
    hints: ["take a later version of PyBun, or remove the file and make it anew with this one: `pybun lock`"],
    file: path,
    context: { file: path },
  });

type Fault = (offset: number, what: string) => PybunError;

function checkOutline({ packageCount, slots, platform, flags, sections }: Outline, fault: Fault): void {
  if (packageCount !== sections.get("ENTR")?.count)
    throw fault(HEADER.packageCount, "it counts other packages than it has");
  const isPower = slots >= LEAST_SLOTS && (slots & (slots - 1)) === 0;
  if (!isPower || slots > 2 ** 30) throw fault(HEADER.slots, "its hash table has an impossible size");
  const isUniversal = (flags & LOCK_FLAG.universal) !== 0;
  if (isUniversal !== (platform === NONE) || (!isUniversal && platform >= (sections.get("PLAT")?.count ?? 0)))
    throw fault(HEADER.platform, "it names a platform that it does not have");
  if (((flags & LOCK_FLAG.attestations) !== 0) !== sections.has("ATTS"))
    throw fault(HEADER.flags, "its attestations are not where they should be");
}

function readDirectory(view: DataView, path: string): ReadonlyMap<string, Section> {
  const start = view.getUint32(HEADER.directory, true);
  const fault = (offset: number, what: string): PybunError => damaged({ path, section: "directory", offset }, what);
  if (start % 8 !== 0 || start < HEADER_BYTES || start + DIRECTORY_HEAD_BYTES > view.byteLength)
    throw fault(start, "its directory lies outside");
  const count = view.getUint32(start, true);
  if (count > MOST_SECTIONS || view.getUint32(start + 4, true) !== 0) throw fault(start, "its directory is none");
  if (start + DIRECTORY_HEAD_BYTES + DIRECTORY_RECORD_BYTES * count > view.byteLength)
    throw fault(start, "its directory is cut off");
  const sections = new Map<string, Section>();
  for (let i = 0; i < count; i++) {
    const at = start + DIRECTORY_HEAD_BYTES + DIRECTORY_RECORD_BYTES * i;
    const section = readSection(view, at, fault);
    if (sections.has(section.id)) throw fault(at, `it has two sections ${section.id}`);
    if (/^[A-Z]/.test(section.id) && !(section.id in RECORD_BYTES)) throw tooNew(path, `a section ${section.id}`);
    sections.set(section.id, section);
  }
  const missing = REQUIRED.find((id) => !sections.has(id));
  if (missing !== undefined) throw fault(start, `it has no section ${missing}`);
  const edges = sections.get("EDGE")?.count;
  if (sections.has("spec") && sections.get("spec")?.count !== edges)
    throw fault(start, "it has other specifiers than requirements");
  return sections;
}

function readSection(view: DataView, at: number, fault: Fault): Section {
  const id = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
  if (!/^[A-Za-z][A-Za-z0-9]{3}$/.test(id)) throw fault(at, "a section has no name");
  const [offset, length, count] = [4, 8, 12].map((i) => view.getUint32(at + i, true)) as [number, number, number];
  if (offset % 8 !== 0 || offset < HEADER_BYTES || offset + length > view.byteLength)
    throw fault(at + 4, `section ${id} lies outside`);
  const record = id in RECORD_BYTES ? RECORD_BYTES[id as SectionId] : 0;
  if (record > 0 && record * count !== length) throw fault(at + 8, `section ${id} has another size than its records`);
  return { id, offset, length, count };
}

/** Nothing may mean two things: header, directory, hash table and sections do not overlap. */
function checkApart(view: DataView, { hashTable, slots, sections }: Outline, path: string): void {
  const directory = view.getUint32(HEADER.directory, true);
  if (hashTable % 8 !== 0 || hashTable < HEADER_BYTES || hashTable + 4 * slots > view.byteLength)
    throw damaged({ path, section: "header", offset: HEADER.hashTable }, "its hash table lies outside");
  const parts = [
    { id: "directory", offset: directory, length: DIRECTORY_HEAD_BYTES + DIRECTORY_RECORD_BYTES * sections.size },
    { id: "hash table", offset: hashTable, length: 4 * slots },
    ...sections.values(),
  ]
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.offset - b.offset);
  for (const [i, part] of parts.entries()) {
    const before = parts[i - 1];
    if (before && before.offset + before.length > part.offset)
      throw damaged({ path, section: part.id, offset: part.offset }, `it overlaps ${before.id}`);
  }
}
