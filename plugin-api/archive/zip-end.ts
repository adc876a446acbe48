import { unsafeArchive } from "./fault.ts";

/** Where an archive's central directory lies, as its end record says (APPNOTE 4.3.14 to 4.3.16). Offsets in bytes. */
export interface ZipEnd {
  readonly entryCount: number;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
  /** Size of the whole archive. */
  readonly archiveBytes: number;
}

const END = Buffer.from("PK\x05\x06", "latin1");
const END_BYTES = 22;
const LOCATOR = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64 = 0x06064b50;
const END64_BYTES = 56;

/**
 * How many bytes at the end of an archive are enough for `locateEndRecord`, whatever its comment. Real wheels have no
 * comment, so a reader over the network asks for the last 16 to 64 KiB and finds the directory in it, too.
 */
export const END_REACH_BYTES = 65_535 + END_BYTES + LOCATOR_BYTES + END64_BYTES;

/**
 * Finds the one end record in `tail`, the last bytes of an archive of `archiveBytes`: all of it, or at least
 * `END_REACH_BYTES`. The directory then lies at `directoryOffset` and may or may not be within `tail`. Throws
 * `E_ARCHIVE_UNSAFE` when there is none, more than one, anything after it, or when ZIP64 records contradict it.
 */
export function locateEndRecord(tail: Uint8Array, archiveBytes: number, archive: string): ZipEnd {
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength);
  const at = findEnd(bytes, archive);
  const refuse = (fault: string) => unsafeArchive(archive, fault);
  const disks = bytes.readUInt32LE(at + 4);
  const plain = {
    entryCount: bytes.readUInt16LE(at + 10),
    directoryBytes: bytes.readUInt32LE(at + 12),
    directoryOffset: bytes.readUInt32LE(at + 16),
  };
  if (disks !== 0 || bytes.readUInt16LE(at + 8) !== plain.entryCount) throw refuse("it is one part of several");
  const hasLocator = at >= LOCATOR_BYTES && bytes.readUInt32LE(at - LOCATOR_BYTES) === LOCATOR;
  const base = archiveBytes - bytes.length;
  const end = hasLocator ? readEnd64(bytes, at, { plain, base, refuse }) : { ...plain, directoryEnd: base + at };
  if (end.directoryOffset + end.directoryBytes !== end.directoryEnd) {
    throw refuse("its directory is not where the end record says");
  }
  const { entryCount, directoryBytes, directoryOffset } = end;
  return { entryCount, directoryBytes, directoryOffset, archiveBytes };
}

/** The first record that reaches to the end of the file; a later one would lie in its comment. */
function findEnd(bytes: Buffer, archive: string): number {
  const reachesEnd = (at: number): boolean =>
    at + END_BYTES <= bytes.length && at + END_BYTES + bytes.readUInt16LE(at + 20) === bytes.length;
  const first = bytes.indexOf(END, Math.max(0, bytes.length - END_BYTES - 65_535));
  let at = first;
  while (at >= 0 && !reachesEnd(at)) at = bytes.indexOf(END, at + 1);
  if (at < 0) {
    throw unsafeArchive(archive, first < 0 ? "it is not a zip archive: no end record" : "bytes follow its end record");
  }
  if (bytes.indexOf(END, at + 1) >= 0) throw unsafeArchive(archive, "its comment hides another end record");
  return at;
}

interface Around {
  readonly plain: Pick<ZipEnd, "entryCount" | "directoryBytes" | "directoryOffset">;
  readonly base: number;
  readonly refuse: (fault: string) => Error;
}

function readEnd64(bytes: Buffer, at: number, { plain, base, refuse }: Around) {
  const locator = at - LOCATOR_BYTES;
  const start = locator - END64_BYTES;
  const isPlaced =
    start >= 0 &&
    bytes.readUInt32LE(locator + 4) === 0 &&
    bytes.readUInt32LE(locator + 16) === 1 &&
    readUInt64(bytes, locator + 8) === base + start &&
    bytes.readUInt32LE(start) === END64 &&
    readUInt64(bytes, start + 4) === END64_BYTES - 12;
  if (!isPlaced) throw refuse("its ZIP64 end record is not where it must be");
  const large = {
    entryCount: readUInt64(bytes, start + 32),
    directoryBytes: readUInt64(bytes, start + 40),
    directoryOffset: readUInt64(bytes, start + 48),
  };
  const isOneDisk = bytes.readUInt32LE(start + 16) === 0 && bytes.readUInt32LE(start + 20) === 0;
  if (!isOneDisk || readUInt64(bytes, start + 24) !== large.entryCount) throw refuse("it is one part of several");
  const agrees =
    agree(plain.entryCount, large.entryCount, 0xffff) &&
    agree(plain.directoryBytes, large.directoryBytes, 0xffffffff) &&
    agree(plain.directoryOffset, large.directoryOffset, 0xffffffff);
  if (!agrees) throw refuse("its ZIP64 end record contradicts the plain one");
  return { ...large, directoryEnd: base + start };
}

/** A field of the plain record is either its ZIP64 sibling's value or the mark that says "look there". */
const agree = (plain: number, large: number, mark: number): boolean => plain === large || plain === mark;

/** An unsigned 64-bit little-endian integer; Infinity above 2^53, which no limit lets through. */
export function readUInt64(bytes: Buffer, at: number): number {
  const high = bytes.readUInt32LE(at + 4);
  return high > 0x1fffff ? Number.POSITIVE_INFINITY : high * 0x1_0000_0000 + bytes.readUInt32LE(at);
}
