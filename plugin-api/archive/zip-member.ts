import zlib from "node:zlib";
import { quoteName, unsafeArchive } from "./fault.ts";
import { type Inflated, inflateRaw } from "./native.ts";
import { HAS_DESCRIPTOR, type ZipEntry } from "./zip-directory.ts";
import { readUInt64 } from "./zip-end.ts";
import { readExtra } from "./zip-extra.ts";

const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const DESCRIPTOR = 0x08074b50;

/** How many bytes from `entry.offset` hold its local header at most. */
export const localHeaderReach = (entry: ZipEntry): number =>
  Math.min(entry.endOffset - entry.offset - entry.packedBytes, LOCAL_BYTES + entry.nameBytes.length + 0xffff);

/**
 * Checks a local header (APPNOTE 4.3.7), the first bytes of a member, against its directory entry: name, flags, method,
 * sizes and CRC must agree. Gives the header's length. Throws `E_ARCHIVE_UNSAFE`.
 */
export function readLocalHeader(entry: ZipEntry, bytes: Buffer, archive: string): number {
  const refuse = (fault: string) => unsafeArchive(archive, `${quoteName(entry.path)}: ${fault}`);
  if (bytes.length < LOCAL_BYTES || bytes.readUInt32LE(0) !== LOCAL) throw refuse("it has no local header");
  const nameEnd = LOCAL_BYTES + bytes.readUInt16LE(26);
  const headerBytes = nameEnd + bytes.readUInt16LE(28);
  if (entry.offset + headerBytes + entry.packedBytes > entry.endOffset) throw refuse("it overlaps what follows it");
  const nameBytes = bytes.subarray(LOCAL_BYTES, nameEnd);
  if (!nameBytes.equals(entry.nameBytes)) throw refuse("its local header gives it another name");
  const agrees = bytes.readUInt16LE(6) === entry.flags && bytes.readUInt16LE(8) === entry.method;
  if (!agrees) throw refuse("its local header contradicts the directory");
  const header = { sizeBytes: bytes.readUInt32LE(22), packedBytes: bytes.readUInt32LE(18) };
  const reading = readExtra(bytes.subarray(nameEnd, headerBytes), header, nameBytes);
  if (typeof reading === "string") throw refuse(reading);
  const { sizeBytes, packedBytes } = reading.sizes;
  const crc32 = bytes.readUInt32LE(14);
  const isSame = crc32 === entry.crc32 && sizeBytes === entry.sizeBytes && packedBytes === entry.packedBytes;
  const isPostponed = (entry.flags & HAS_DESCRIPTOR) !== 0 && crc32 === 0 && sizeBytes === 0 && packedBytes === 0;
  if (!isSame && !isPostponed) throw refuse("its local header contradicts the directory");
  return headerBytes;
}

/**
 * Checks what lies between a member's data and the next member: nothing, or the data descriptor that its flags announce
 * (APPNOTE 4.3.9), with or without signature, with sizes of 32 or 64 bits. Throws `E_ARCHIVE_UNSAFE`.
 */
export function checkDescriptor(entry: ZipEntry, bytes: Buffer, archive: string): void {
  const refuse = (fault: string) => unsafeArchive(archive, `${quoteName(entry.path)}: ${fault}`);
  if ((entry.flags & HAS_DESCRIPTOR) === 0) {
    if (bytes.length > 0) throw refuse("unlisted bytes follow it");
    return;
  }
  const hasSignature = bytes.length === 16 || bytes.length === 24;
  const isLarge = bytes.length === 20 || bytes.length === 24;
  if (!hasSignature && !isLarge && bytes.length !== 12) throw refuse("unlisted bytes follow it");
  const at = hasSignature ? 4 : 0;
  const agrees =
    (!hasSignature || bytes.readUInt32LE(0) === DESCRIPTOR) &&
    bytes.readUInt32LE(at) === entry.crc32 &&
    (isLarge ? readUInt64(bytes, at + 4) : bytes.readUInt32LE(at + 4)) === entry.packedBytes &&
    (isLarge ? readUInt64(bytes, at + 12) : bytes.readUInt32LE(at + 8)) === entry.sizeBytes;
  if (!agrees) throw refuse("its data descriptor contradicts the directory");
}

/**
 * The content of a member, from its bytes `[entry.offset, entry.endOffset)`. Everything is checked: local header, data
 * descriptor, size, CRC, and that the compressed data ends where it must. Never inflates past the declared size. Throws
 * `E_ARCHIVE_UNSAFE`. For members that fit into memory; `openZip` streams larger ones.
 */
export function readMember(entry: ZipEntry, bytes: Uint8Array, archive: string): Buffer {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = readLocalHeader(entry, whole, archive);
  const end = start + entry.packedBytes;
  checkDescriptor(entry, whole.subarray(end), archive);
  return Buffer.from(glanceAtMember(entry, whole.subarray(start, end), archive));
}

/**
 * As `readMember`, from the packed data alone, when the headers were checked before. What it gives is there until it is called
 * again.
 */
export function glanceAtMember(entry: ZipEntry, packed: Buffer, archive: string): Buffer {
  const content = entry.method === 0 ? packed : inflate(entry, packed, archive);
  if (zlib.crc32(content) !== entry.crc32) {
    throw unsafeArchive(archive, `${quoteName(entry.path)}: its content does not have its CRC`);
  }
  return content;
}

function inflate(entry: ZipEntry, packed: Buffer, archive: string): Buffer {
  const refuse = (fault: string, cause?: unknown) =>
    Object.assign(unsafeArchive(archive, `${quoteName(entry.path)}: ${fault}`), { cause });
  let result: Inflated;
  try {
    // One byte more than declared is room enough to see that there is more.
    result = inflateRaw(packed, entry.sizeBytes + 1);
  } catch (cause) {
    throw refuse("its compressed data is damaged", cause);
  }
  const { content, restBytes } = result;
  if (content.length > entry.sizeBytes) throw refuse("it is longer than it says");
  if (content.length !== entry.sizeBytes) throw refuse("it has not the size it says");
  if (restBytes > 0) throw refuse("unlisted bytes follow its compressed data");
  return content;
}
