/**
 * The bytes of a DPP, the single-file form of a wheel (little-endian throughout).
 *
 * ```text
 * 0   magic "DPP\x01"      4  u16 version     6  u16 flags
 * 8   u32 offsets of META, FILE, BYTE, NATV, DEPS, then u32 total size: all in units of 8 bytes
 * 32  BLAKE3-256 of bytes 0 to 31 and 64 to the end
 * 64  the sections in that order, each aligned to 8: tag, u32 record count, u64 length of what follows, content
 * ```
 *
 * META is one record of 56 bytes, three short texts, then six documents that are prefixed with their length (u32). The other
 * sections are tables: their records, then the records' texts in order, each once and without gap, then zeros up to a
 * multiple of 8, then their data in the same manner. Offsets in records count from the start of the section's content.
 */
export const MAGIC = Buffer.from("DPP\u0001", "latin1");
export const DPP_VERSION = 1;
export const HEADER_BYTES = 64;
export const UNIT_BYTES = 8;
export const SECTION_HEADER_BYTES = 16;

/** Offsets in the header, in bytes. */
export const HEADER = { version: 4, flags: 6, sections: 8, total: 28, hash: 32 } as const;

/** In the order of the header and of the file. */
export const SECTIONS = ["META", "FILE", "BYTE", "NATV", "DEPS"] as const;
export type SectionId = (typeof SECTIONS)[number];

/**
 * Bytes of a record.
 * FILE: text path (u32 offset, u16 length), u16 mode, u8 scheme, u8 codec, 6 zeros, u64 data offset, stored length, size, BLAKE3.
 * BYTE: u32 file, text cache tag (u32, u16), u8 invalidation mode, 5 zeros, u64 data offset, u64 length.
 * NATV: u32 file, text platform tag (u32, u16), 2 zeros, text needed libraries (u32, u32; NUL between two), 4 zeros.
 * DEPS: u8 kind, 7 zeros, texts (u32, u32) name, extras (comma between two), specifier, marker, URL.
 */
export const RECORD_BYTES = { META: 56, FILE: 72, BYTE: 32, NATV: 24, DEPS: 48 } as const;

/** What the header's flags say. */
export const DPP_FLAG = { detached: 1, bytecode: 2, native: 4, pure: 8, packed: 16 } as const;
/** All of them; others are of a later PyBun. */
export const KNOWN_FLAGS = 31;

/** Where a file goes when it is installed (PEP 427); the number in the file is the place in this list. */
export const SCHEMES = ["purelib", "platlib", "scripts", "data", "headers", "dist-info"] as const;
export type DppScheme = (typeof SCHEMES)[number];

/** How a content is stored. */
export const CODECS = ["stored", "deflate"] as const;
export type DppCodec = (typeof CODECS)[number];

/** How a byte-code file is told from an outdated one (PEP 552). */
export const INVALIDATIONS = ["unchecked-hash", "checked-hash", "timestamp"] as const;
export type Invalidation = (typeof INVALIDATIONS)[number];

/** The wheel's own documents that META repeats, in its order behind the wheel's file name. */
export const DOCUMENTS = ["WHEEL", "METADATA", "RECORD", "entry_points.txt", "top_level.txt"] as const;
export type DocumentName = (typeof DOCUMENTS)[number];

/** What a record of DEPS is: `Requires-Dist`, `Provides-Extra`, or a line of the former that is no requirement. */
export const DEPENDENCY_KINDS = ["requirement", "extra", "unreadable"] as const;
export type DependencyKind = (typeof DEPENDENCY_KINDS)[number];

/** The next multiple of 8. */
export const aligned = (offset: number): number => Math.ceil(offset / UNIT_BYTES) * UNIT_BYTES;
