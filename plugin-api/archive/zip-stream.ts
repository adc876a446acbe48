import zlib from "node:zlib";
import type { ByteSource } from "./byte-source.ts";
import { quoteName, unsafeArchive } from "./fault.ts";
import { inflatePieces, readPieces } from "./inflate-stream.ts";
import type { ZipEntry } from "./zip-directory.ts";

/** Where a member's packed data lies in its archive. */
export interface PackedPlace {
  readonly source: ByteSource;
  /** Offset of the packed data, after the local header. */
  readonly dataOffset: number;
  readonly archive: string;
}

/**
 * The content of a member in pieces, for members too large to hold. Stops at the first byte past the declared size; size,
 * CRC and the end of the compressed data are known to be right only when the last piece has come. Throws
 * `E_ARCHIVE_UNSAFE`.
 */
export async function* streamMember(entry: ZipEntry, place: PackedPlace): AsyncGenerator<Buffer> {
  const refuse = (fault: string) => unsafeArchive(place.archive, `${quoteName(entry.path)}: ${fault}`);
  let sizeBytes = 0;
  let crc = 0;
  const range = { source: place.source, offset: place.dataOffset, length: entry.packedBytes };
  const pieces = entry.method === 0 ? readPieces(range) : inflatePieces(range, refuse);
  for await (const piece of pieces) {
    sizeBytes += piece.length;
    if (sizeBytes > entry.sizeBytes) throw refuse("it is longer than it says");
    crc = zlib.crc32(piece, crc);
    yield piece;
  }
  if (sizeBytes !== entry.sizeBytes) throw refuse("it has not the size it says");
  if (crc !== entry.crc32) throw refuse("its content does not have its CRC");
}
