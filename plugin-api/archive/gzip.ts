import zlib from "node:zlib";
import type { ByteSource } from "./byte-source.ts";
import { unsafeArchive } from "./fault.ts";
import { inflatePieces } from "./inflate-stream.ts";

const TRAILER_BYTES = 8;
const HEADER_REACH = 64 * 1024;
const HAS = { crc: 0x02, extra: 0x04, name: 0x08, comment: 0x10, reserved: 0xe0 } as const;

/**
 * Unpacks a gzip file (RFC 1952) strictly: one member from the first byte to the last, with the right CRC and length. A
 * second member is refused, for some readers stop before it. The content is right only when the last piece has come. The
 * caller watches how much comes. Throws `E_ARCHIVE_UNSAFE`.
 */
export async function* gunzip(source: ByteSource, archive: string): AsyncGenerator<Buffer> {
  const refuse = (fault: string) => unsafeArchive(archive, fault);
  const start = readHeader(source, refuse);
  const length = source.sizeBytes - TRAILER_BYTES - start;
  if (length < 0) throw refuse("it ends early");
  let crc = 0;
  let sizeBytes = 0;
  for await (const piece of inflatePieces({ source, offset: start, length }, refuse)) {
    crc = zlib.crc32(piece, crc);
    sizeBytes += piece.length;
    yield piece;
  }
  const trailer = source.read(source.sizeBytes - TRAILER_BYTES, TRAILER_BYTES);
  const isRight = trailer.readUInt32LE(0) === crc && trailer.readUInt32LE(4) === sizeBytes % 2 ** 32;
  if (!isRight) throw refuse("its content does not have its CRC and length");
}

/** Gives the header's length. */
function readHeader(source: ByteSource, refuse: (fault: string) => Error): number {
  const bytes = source.read(0, Math.min(source.sizeBytes, HEADER_REACH));
  const isGzip = bytes.length >= 10 && bytes.readUInt16BE(0) === 0x1f8b && bytes[2] === 8;
  if (!isGzip) throw refuse("it is not a gzip file");
  const flags = bytes[3]!;
  if ((flags & HAS.reserved) !== 0) throw refuse("its gzip header has unknown flags");
  let at = 10;
  if ((flags & HAS.extra) !== 0) at += 2 + (at + 2 <= bytes.length ? bytes.readUInt16LE(at) : HEADER_REACH);
  for (const text of [HAS.name, HAS.comment]) {
    if ((flags & text) === 0) continue;
    const end = bytes.indexOf(0, at);
    at = end < 0 ? Number.POSITIVE_INFINITY : end + 1;
  }
  if ((flags & HAS.crc) !== 0) at += 2;
  if (at > bytes.length) throw refuse("its gzip header does not end");
  return at;
}
