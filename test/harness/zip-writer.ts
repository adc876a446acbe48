import { crc32, deflateRawSync } from "node:zlib";

export interface ZipMember {
  readonly path: string;
  readonly data: Uint8Array;
  /** Unix mode with file type; default a readable regular file. */
  readonly mode?: number;
}

const REGULAR_FILE = 0o100644;
const UTF8_NAMES = 0x800;
/** 1 January 1980, the earliest date a zip can hold: archives must not depend on when they were made. */
const EPOCH = 0x21;

/** A zip archive with the members in the given order; equal members give equal bytes. */
export function writeZip(members: readonly ZipMember[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const packed = pack(member);
    const local = Buffer.concat([localHeader(packed), packed.name, packed.body]);
    directory.push(directoryEntry(packed, offset, member.mode ?? REGULAR_FILE), packed.name);
    locals.push(local);
    offset += local.length;
  }
  const listing = Buffer.concat(directory);
  return Buffer.concat([...locals, listing, endRecord(members.length, listing.length, offset)]);
}

interface Packed {
  readonly name: Buffer;
  readonly body: Buffer;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
}

function pack(member: ZipMember): Packed {
  const deflated = deflateRawSync(member.data, { level: 9 });
  const isSmaller = deflated.length < member.data.length;
  return {
    name: Buffer.from(member.path),
    body: isSmaller ? deflated : Buffer.from(member.data),
    method: isSmaller ? 8 : 0,
    crc: crc32(member.data),
    size: member.data.length,
  };
}

/** Little-endian fields, each given as `[value, bytes]`. */
const fields = (...parts: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer =>
  Buffer.concat(
    parts.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes);
      buffer.writeUIntLE(value, 0, bytes);
      return buffer;
    }),
  );

const shared = ({ name, body, method, crc, size }: Packed) =>
  [
    [20, 2],
    [UTF8_NAMES, 2],
    [method, 2],
    [0, 2],
    [EPOCH, 2],
    [crc, 4],
    [body.length, 4],
    [size, 4],
    [name.length, 2],
    [0, 2],
  ] as const;

const localHeader = (packed: Packed): Buffer => fields([0x04034b50, 4], ...shared(packed));

const directoryEntry = (packed: Packed, offset: number, mode: number): Buffer =>
  fields([0x02014b50, 4], [0x0314, 2], ...shared(packed), [0, 2], [0, 2], [0, 2], [mode * 65_536, 4], [offset, 4]);

const endRecord = (count: number, size: number, offset: number): Buffer =>
  fields([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [size, 4], [offset, 4], [0, 2]);
