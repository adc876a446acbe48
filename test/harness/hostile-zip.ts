import { createHash } from "node:crypto";
import { crc32, deflateRawSync } from "node:zlib";

/** A zip member of which every field can lie; what is not given is right. */
export interface Piece {
  readonly name: string | Buffer;
  readonly data?: string | Buffer;
  readonly mode?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly packedSize?: number;
  /** The packed bytes themselves. */
  readonly raw?: Buffer;
  readonly extra?: Buffer;
  readonly disk?: number;
  /** Of the local header, where it differs. */
  readonly local?: LocalLies;
  /** Bytes after the data. */
  readonly descriptor?: Buffer;
  readonly isUnlisted?: boolean;
  readonly isGhost?: boolean;
  readonly offset?: number;
}
export interface LocalLies {
  readonly name?: string | Buffer;
  readonly crc?: number;
  readonly size?: number;
  readonly packedSize?: number;
  readonly flags?: number;
  readonly method?: number;
  readonly extra?: Buffer;
  readonly signature?: number;
}

/** What lies around the members. */
export interface Shape {
  readonly prefix?: Buffer;
  /** Offsets count from the start of the file (default) or from the end of the prefix. */
  readonly isPrefixCounted?: boolean;
  readonly comment?: Buffer;
  readonly count?: number;
  readonly countOnDisk?: number;
  readonly disk?: number;
  readonly directorySize?: number;
  readonly directoryOffset?: number;
  readonly beforeDirectory?: Buffer;
  readonly beforeEnd?: Buffer;
  readonly zip64?: Partial<Zip64>;
  readonly tail?: Buffer;
}
export interface Zip64 {
  readonly count: number;
  readonly directoryOffset: number;
  readonly recordSize: number;
  readonly locatorOffset: number;
  readonly disks: number;
  /** The plain record says "look there" in every field. */
  readonly isMarked: boolean;
}

export const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
export const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
/** One record of an extra field. */
export const extraRecord = (id: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([u16(id), u16(body.length), body]);
};

const UTF8_NAMES = 0x800;
const bytesOf = (text: string | Buffer): Buffer => (typeof text === "string" ? Buffer.from(text) : text);

function fieldsOf(piece: Piece) {
  const data = bytesOf(piece.data ?? "");
  const method = piece.method ?? 8;
  const raw = piece.raw ?? (method === 8 ? deflateRawSync(data) : data);
  return {
    name: bytesOf(piece.name),
    raw,
    method,
    flags: piece.flags ?? UTF8_NAMES,
    crc: piece.crc ?? crc32(data),
    size: piece.size ?? data.length,
    packedSize: piece.packedSize ?? raw.length,
  };
}

function localPart(piece: Piece): Buffer {
  const fields = fieldsOf(piece);
  const lies = piece.local ?? {};
  const name = bytesOf(lies.name ?? fields.name);
  const extra = lies.extra ?? Buffer.alloc(0);
  return Buffer.concat([
    u32(lies.signature ?? 0x04034b50),
    u16(20),
    u16(lies.flags ?? fields.flags),
    u16(lies.method ?? fields.method),
    u32(0x00210000),
    u32(lies.crc ?? fields.crc),
    u32(lies.packedSize ?? fields.packedSize),
    u32(lies.size ?? fields.size),
    u16(name.length),
    u16(extra.length),
    name,
    extra,
    fields.raw,
    piece.descriptor ?? Buffer.alloc(0),
  ]);
}

function directoryPart(piece: Piece, offset: number): Buffer {
  const fields = fieldsOf(piece);
  const extra = piece.extra ?? Buffer.alloc(0);
  return Buffer.concat([
    u32(0x02014b50),
    u16(0x0314),
    u16(20),
    u16(fields.flags),
    u16(fields.method),
    u32(0x00210000),
    u32(fields.crc),
    u32(fields.packedSize),
    u32(fields.size),
    u16(fields.name.length),
    u16(extra.length),
    u16(0),
    u16(piece.disk ?? 0),
    u16(0),
    u32((piece.mode ?? 0o100644) * 65_536),
    u32(piece.offset ?? offset),
    fields.name,
    extra,
  ]);
}

/** A zip archive of these pieces, in this shape. */
export function hostileZip(pieces: readonly Piece[], shape: Shape = {}): Buffer {
  const prefix = shape.prefix ?? Buffer.alloc(0);
  const base = shape.isPrefixCounted === false ? 0 : prefix.length;
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = base;
  for (const piece of pieces) {
    const local = piece.isGhost ? Buffer.alloc(0) : localPart(piece);
    if (!piece.isUnlisted) directory.push(directoryPart(piece, at));
    locals.push(local);
    at += local.length;
  }
  const gap = shape.beforeDirectory ?? Buffer.alloc(0);
  const listing = Buffer.concat(directory);
  const start = at + gap.length;
  const body = Buffer.concat([prefix, ...locals, gap, listing]);
  return Buffer.concat([
    body,
    endPart(shape, { count: directory.length, start, size: listing.length, end: body.length }),
  ]);
}

interface Listing {
  readonly count: number;
  readonly start: number;
  readonly size: number;
  readonly end: number;
}

function endPart(shape: Shape, listing: Listing): Buffer {
  const comment = shape.comment ?? Buffer.alloc(0);
  const isMarked = shape.zip64?.isMarked === true;
  const count = isMarked ? 0xffff : (shape.count ?? listing.count);
  return Buffer.concat([
    shape.zip64 === undefined ? Buffer.alloc(0) : end64Part(shape.zip64, listing),
    shape.beforeEnd ?? Buffer.alloc(0),
    u32(0x06054b50),
    u16(shape.disk ?? 0),
    u16(0),
    u16(shape.countOnDisk ?? count),
    u16(count),
    u32(isMarked ? 0xffffffff : (shape.directorySize ?? listing.size)),
    u32(isMarked ? 0xffffffff : (shape.directoryOffset ?? listing.start)),
    u16(comment.length),
    comment,
    shape.tail ?? Buffer.alloc(0),
  ]);
}

function end64Part(zip64: Partial<Zip64>, listing: Listing): Buffer {
  const count = zip64.count ?? listing.count;
  return Buffer.concat([
    u32(0x06064b50),
    u64(zip64.recordSize ?? 44),
    u16(45),
    u16(45),
    u32(0),
    u32(0),
    u64(count),
    u64(count),
    u64(listing.size),
    u64(zip64.directoryOffset ?? listing.start),
    u32(0x07064b50),
    u32(0),
    u64(zip64.locatorOffset ?? listing.end),
    u32(zip64.disks ?? 1),
  ]);
}

/** What `wheelPieces` leaves out, adds or falsifies. */
export interface WheelLies {
  readonly extra?: readonly Piece[];
  /** Paths that RECORD does not list. */
  readonly unrecorded?: readonly string[];
  /** Rows that RECORD has besides. */
  readonly rows?: string;
  /** Turns the correct RECORD into another one. */
  readonly record?: (text: string) => string;
  readonly metadata?: string;
  readonly wheel?: string;
  readonly info?: string;
  readonly without?: readonly string[];
}

export const WHEEL_NAME = "case-1.0-py3-none-any.whl";
const WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
export const METADATA = "Metadata-Version: 2.1\nName: case\nVersion: 1.0\n";

export const recordRow = (path: string, data: string | Buffer, algorithm = "sha256"): string =>
  `${path},${algorithm}=${createHash(algorithm).update(data).digest("base64url")},${bytesOf(data).length}\n`;

/** The pieces of a wheel that is right but for what it is told. */
export function wheelPieces(lies: WheelLies = {}): Piece[] {
  const info = lies.info ?? "case-1.0.dist-info";
  const pieces: Piece[] = [
    { name: "case/__init__.py", data: "value = 1\n" },
    ...(lies.extra ?? []),
    { name: `${info}/METADATA`, data: lies.metadata ?? METADATA },
    { name: `${info}/WHEEL`, data: lies.wheel ?? WHEEL },
  ];
  const rows = pieces
    .filter(({ name, isUnlisted }) => !isUnlisted && !lies.unrecorded?.includes(name.toString()))
    .filter(({ name }) => !name.toString().endsWith("/"))
    .map(({ name, data }) => recordRow(name.toString(), data ?? ""));
  const record = `${rows.join("")}${lies.rows ?? ""}${info}/RECORD,,\n`;
  pieces.push({ name: `${info}/RECORD`, data: lies.record?.(record) ?? record });
  return pieces.filter(({ name }) => !lies.without?.includes(name.toString()));
}

/** A wheel called `WHEEL_NAME`. */
export const hostileWheel = (lies: WheelLies = {}): Buffer => hostileZip(wheelPieces(lies));
