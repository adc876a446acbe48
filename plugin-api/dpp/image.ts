import { PybunError } from "../error.ts";
import { outOfBounds } from "./fault.ts";
import {
  aligned,
  DPP_VERSION,
  HEADER,
  HEADER_BYTES,
  KNOWN_FLAGS,
  MAGIC,
  RECORD_BYTES,
  SECTION_HEADER_BYTES,
  SECTIONS,
  type SectionId,
  UNIT_BYTES,
} from "./layout.ts";

/** A section that lies inside the file; its records lie inside it. */
export interface Section {
  readonly count: number;
  /** Without the section's header. */
  readonly content: Buffer;
}

/** A DPP whose header and sections are where they must be. */
export interface DppImage {
  readonly bytes: Buffer;
  /** For messages. */
  readonly file: string;
  readonly flags: number;
  readonly sections: Readonly<Record<SectionId, Section>>;
}

/** Reads header and section headers. Throws `E_FORMAT_MAGIC`, `E_FORMAT_VERSION`, `E_FORMAT_BOUNDS`. */
export function readImage(source: Uint8Array, file: string): DppImage {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const flags = readFlags(bytes, file);
  if (bytes.readUInt32LE(HEADER.total) * UNIT_BYTES !== bytes.length)
    throw outOfBounds(file, `it has ${bytes.length} bytes, and not as many as its header says`);
  let at = HEADER_BYTES;
  const sections = SECTIONS.map((id, i) => {
    if (bytes.readUInt32LE(HEADER.sections + 4 * i) * UNIT_BYTES !== at)
      throw outOfBounds(file, `${id} is not where it should be`);
    const section = readSection(bytes.subarray(at), id, file);
    at += SECTION_HEADER_BYTES + aligned(section.content.length);
    return [id, section] as const;
  });
  if (at !== bytes.length) throw outOfBounds(file, "its sections don't end where it does");
  return { bytes, file, flags, sections: Object.fromEntries(sections) as Record<SectionId, Section> };
}

/** One section of a DPP of which only that is read. `read` gives the bytes at a place, or as many of them as there are. */
export function readOneSection(read: (at: number, length: number) => Buffer, id: SectionId, file: string): Section {
  const header = read(0, HEADER_BYTES);
  readFlags(header, file);
  const ends = [...SECTIONS.keys(), SECTIONS.length].map((i) => header.readUInt32LE(HEADER.sections + 4 * i));
  const [at, end] = [ends[SECTIONS.indexOf(id)]!, ends[SECTIONS.indexOf(id) + 1]!].map((units) => units * UNIT_BYTES);
  return readSection(read(at!, Math.max(0, end! - at!)), id, file);
}

/** Judges the beginning of a header. */
function readFlags(bytes: Buffer, file: string): number {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC))
    throw new PybunError("E_FORMAT_MAGIC", `\`${file}\` is no DPP: its first bytes are not those of one`, {
      context: { file },
    });
  if (bytes.length < HEADER_BYTES) throw outOfBounds(file, "it ends in its header");
  const [version, flags] = [bytes.readUInt16LE(HEADER.version), bytes.readUInt16LE(HEADER.flags)];
  if (version !== DPP_VERSION || flags > KNOWN_FLAGS) {
    const found = version === DPP_VERSION ? `has flags 0x${flags.toString(16)}` : `is of DPP version ${version}`;
    throw new PybunError("E_FORMAT_VERSION", `\`${file}\` ${found}, and this PyBun knows version ${DPP_VERSION}`, {
      context: { file, version, flags },
    });
  }
  return flags;
}

function readSection(bytes: Buffer, id: SectionId, file: string): Section {
  const room = bytes.length - SECTION_HEADER_BYTES;
  if (room < 0 || bytes.toString("latin1", 0, 4) !== id) throw outOfBounds(file, `it has no section ${id}`);
  const count = bytes.readUInt32LE(4);
  const length = bytes.readBigUInt64LE(8);
  if (length > room) throw outOfBounds(file, `${id} is longer than the file`);
  if (BigInt(count) * BigInt(RECORD_BYTES[id]) > length) throw outOfBounds(file, `${id} is shorter than its records`);
  return { count, content: bytes.subarray(SECTION_HEADER_BYTES, SECTION_HEADER_BYTES + Number(length)) };
}

// Not with replacements: two different files must not read the same.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A text of `length` bytes at `at` of a section. Throws `E_FORMAT_BOUNDS`. */
export function textAt(image: DppImage, id: SectionId, [at, length]: readonly [number, number]): string {
  const { content } = image.sections[id];
  if (at + length > content.length) throw outOfBounds(image.file, `a text lies outside ${id}`);
  try {
    return utf8.decode(content.subarray(at, at + length));
  } catch (cause) {
    throw outOfBounds(image.file, `a text in ${id} is no UTF-8`, cause);
  }
}

/** The bytes that offset and length (u64 each) at `field` of a section mean. Throws `E_FORMAT_BOUNDS`. */
export function dataAt(image: DppImage, id: SectionId, field: number): Buffer {
  const { content } = image.sections[id];
  const [at, length] = [content.readBigUInt64LE(field), content.readBigUInt64LE(field + 8)];
  if (at + length > content.length) throw outOfBounds(image.file, `data lie outside ${id}`);
  return content.subarray(Number(at), Number(at + length));
}
