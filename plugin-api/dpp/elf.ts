import type { ByteSource } from "../archive/byte-source.ts";

/** Fields of ELF's headers that differ between its two classes (System V ABI, chapters 4 and 5), in bytes. */
const CLASSES = {
  1: { word: 4, programs: 28, programSize: 42, offset: 4, address: 8, fileBytes: 16 },
  2: { word: 8, programs: 32, programSize: 54, offset: 8, address: 16, fileBytes: 32 },
} as const;
const HEADER_BYTES = 64;
const LOAD = 1;
const DYNAMIC = 2;
const TAG = { needed: 1, strings: 5 } as const;
/** Libraries ask for a handful; a table that never ends is damaged. */
const MOST_NAMES = 4096;
const MOST_SEGMENTS = 1024;
const MOST_NAME_BYTES = 255;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly bytes: number;
}

/**
 * The libraries that an ELF file asks the dynamic loader for (DT_NEEDED), in its order; of a large file only these tables are read.
 * Empty for other formats and where the file is damaged: what a wheel says of itself must not stop its conversion.
 */
export function neededLibraries(content: ByteSource): readonly string[] {
  try {
    return readNeeded(content);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function readNeeded(content: ByteSource): readonly string[] {
  if (content.sizeBytes < HEADER_BYTES) return [];
  const head = part(content, 0, HEADER_BYTES);
  if (head.toString("latin1", 0, 4) !== "\u007fELF") return [];
  const fields = CLASSES[head[4] as 1 | 2];
  if (fields === undefined || (head[5] !== 1 && head[5] !== 2)) return [];
  const { half, small, word } = numbersOf(head[5] === 1, fields.word);
  const [start, size] = [word(head, fields.programs), half(head, fields.programSize)];
  const count = Math.min(half(head, fields.programSize + 2), MOST_SEGMENTS);
  const segments = Array.from({ length: count }, (_, i): Segment => {
    const record = part(content, start + size * i, fields.fileBytes + 2 * fields.word);
    const [offset, address] = [word(record, fields.offset), word(record, fields.address)];
    return { type: small(record, 0), offset, address, bytes: word(record, fields.fileBytes) };
  });
  const dynamic = segments.find(({ type }) => type === DYNAMIC);
  if (dynamic === undefined) return [];
  const entryBytes = 2 * fields.word;
  const entryCount = Math.min(Math.floor(dynamic.bytes / entryBytes), MOST_NAMES);
  const table = part(content, dynamic.offset, entryBytes * entryCount);
  const entries = Array.from({ length: entryCount }, (_, i) => {
    return [word(table, entryBytes * i), word(table, entryBytes * i + fields.word)] as const;
  });
  const strings = entries.find(([tag]) => tag === TAG.strings)?.[1];
  const home = segments.find(
    ({ type, address, bytes }) =>
      type === LOAD && strings !== undefined && strings >= address && strings < address + bytes,
  );
  if (strings === undefined || home === undefined) return [];
  const names = strings - home.address + home.offset;
  return entries.filter(([tag]) => tag === TAG.needed).map(([, name]) => nameAt(content, names + name));
}

const numbersOf = (isLittle: boolean, wordBytes: 4 | 8) => {
  const half = (from: Buffer, at: number): number => (isLittle ? from.readUInt16LE(at) : from.readUInt16BE(at));
  const small = (from: Buffer, at: number): number => (isLittle ? from.readUInt32LE(at) : from.readUInt32BE(at));
  const large = (from: Buffer, at: number): number =>
    Number(isLittle ? from.readBigUInt64LE(at) : from.readBigUInt64BE(at));
  return { half, small, word: wordBytes === 8 ? large : small };
};

function part(content: ByteSource, at: number, length: number): Buffer {
  if (at + length > content.sizeBytes) throw new RangeError("a table lies outside");
  return content.read(at, length);
}

function nameAt(content: ByteSource, at: number): string {
  if (at >= content.sizeBytes) throw new RangeError("a name lies outside");
  const bytes = content.read(at, Math.min(MOST_NAME_BYTES + 1, content.sizeBytes - at));
  const end = bytes.indexOf(0);
  if (end < 0) throw new RangeError("a name does not end");
  return bytes.toString("latin1", 0, end);
}
