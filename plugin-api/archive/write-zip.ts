import zlib from "node:zlib";
import { oversizeArchive } from "./fault.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

/** A member to be written, already in the form in which it is stored. */
export interface PackedMember {
  readonly path: string;
  /** Unix permission bits; 0 for none. */
  readonly permissions: number;
  /** 0 stored, 8 deflated. */
  readonly method: 0 | 8;
  readonly packed: Uint8Array;
  /** Unpacked; for size and CRC. */
  readonly content: Uint8Array;
}

const REGULAR_FILE = 0o100000;
const UTF8_NAME = 0x800;
const MADE_ON_UNIX = 0x0314;
const NEEDS_VERSION = 20;
const NEEDS_VERSION_64 = 45;
/** 1 January 1980, the earliest date there is: archives must not tell when they were made. */
const DATE = 0x21;
const MANY = 0xffff;

/**
 * A zip archive of these members in this order (APPNOTE 4.3), made so that equal members give equal bytes. The end record is of the
 * 64-bit form when there are more members than 16 bits count. Throws `E_LIMIT` beyond what an archive may have.
 */
export function writeZip(members: Iterable<PackedMember>, archive: string): Buffer {
  const pieces: Uint8Array[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.path);
    const shared = sharedFields(member, name);
    pieces.push(fields([0x04034b50, 4], [NEEDS_VERSION, 2]), shared, name, member.packed);
    directory.push(
      fields([0x02014b50, 4], [MADE_ON_UNIX, 2], [NEEDS_VERSION, 2]),
      shared,
      fields([0, 2], [0, 2], [0, 2], [externalAttributes(member), 4], [offset, 4]),
      name,
    );
    offset += 6 + shared.length + name.length + member.packed.length;
    if (offset > DEFAULT_LIMITS.packedBytes) throw oversizeArchive(archive, `${offset} bytes`);
  }
  const listing = Buffer.concat(directory);
  return Buffer.concat([...pieces, listing, endRecords(directory.length / 4, offset, listing.length)]);
}

const externalAttributes = ({ permissions }: PackedMember): number =>
  permissions === 0 ? 0 : (REGULAR_FILE | permissions) * 0x1_0000;

const sharedFields = ({ method, content, packed }: PackedMember, name: Buffer): Buffer =>
  fields(
    [UTF8_NAME, 2],
    [method, 2],
    [0, 2],
    [DATE, 2],
    [zlib.crc32(content), 4],
    [packed.length, 4],
    [content.length, 4],
    [name.length, 2],
    [0, 2],
  );

function endRecords(count: number, offset: number, length: number): Buffer {
  const isMany = count >= MANY;
  const shown = Math.min(count, MANY);
  const end = fields([0x06054b50, 4], [0, 2], [0, 2], [shown, 2], [shown, 2], [length, 4], [offset, 4], [0, 2]);
  if (!isMany) return end;
  const large = Buffer.concat([
    fields([0x06064b50, 4], [44, 8], [MADE_ON_UNIX, 2], [NEEDS_VERSION_64, 2], [0, 4], [0, 4]),
    fields([count, 8], [count, 8], [length, 8], [offset, 8]),
  ]);
  const locator = fields([0x07064b50, 4], [0, 4], [offset + length, 8], [1, 4]);
  return Buffer.concat([large, locator, end]);
}

function fields(...list: readonly (readonly [value: number, bytes: 2 | 4 | 8])[]): Buffer {
  return Buffer.concat(
    list.map(([value, bytes]) => {
      const field = Buffer.alloc(bytes);
      if (bytes === 8) field.writeBigUInt64LE(BigInt(value));
      else field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}
