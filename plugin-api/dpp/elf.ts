/** Fields of ELF's headers that differ between its two classes (System V ABI, chapters 4 and 5), in bytes. */
const CLASSES = {
  1: { word: 4, programs: 28, programSize: 42, offset: 4, address: 8, fileBytes: 16 },
  2: { word: 8, programs: 32, programSize: 54, offset: 8, address: 16, fileBytes: 32 },
} as const;
const LOAD = 1;
const DYNAMIC = 2;
const TAG = { needed: 1, strings: 5 } as const;
/** Libraries ask for a handful; a table that never ends is damaged. */
const MOST_NAMES = 4096;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly bytes: number;
}

/**
 * The libraries that an ELF file asks the dynamic loader for (DT_NEEDED), in its order. Empty for other formats and where the
 * file is damaged: what a wheel says of itself must not stop its conversion.
 */
export function neededLibraries(content: Buffer): readonly string[] {
  try {
    return readNeeded(content);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function readNeeded(content: Buffer): readonly string[] {
  if (content.length < 64 || content.toString("latin1", 0, 4) !== "\u007fELF") return [];
  const fields = CLASSES[content[4] as 1 | 2];
  if (fields === undefined || (content[5] !== 1 && content[5] !== 2)) return [];
  const isLittle = content[5] === 1;
  const half = (at: number): number => (isLittle ? content.readUInt16LE(at) : content.readUInt16BE(at));
  const small = (at: number): number => (isLittle ? content.readUInt32LE(at) : content.readUInt32BE(at));
  const large = (at: number): number => Number(isLittle ? content.readBigUInt64LE(at) : content.readBigUInt64BE(at));
  const word = (at: number): number => (fields.word === 8 ? large(at) : small(at));
  const [start, size, count] = [word(fields.programs), half(fields.programSize), half(fields.programSize + 2)];
  const segments = Array.from({ length: count }, (_, i): Segment => {
    const at = start + size * i;
    const [offset, address] = [word(at + fields.offset), word(at + fields.address)];
    return { type: small(at), offset, address, bytes: word(at + fields.fileBytes) };
  });
  const dynamic = segments.find(({ type }) => type === DYNAMIC);
  if (dynamic === undefined) return [];
  const entries = Array.from({ length: Math.min(dynamic.bytes / (2 * fields.word), MOST_NAMES) }, (_, i) => {
    const at = dynamic.offset + 2 * fields.word * i;
    return [word(at), word(at + fields.word)] as const;
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

function nameAt(content: Buffer, at: number): string {
  const end = content.indexOf(0, at);
  if (end < 0 || end - at > 255) throw new RangeError("a name does not end");
  return content.toString("latin1", at, end);
}
