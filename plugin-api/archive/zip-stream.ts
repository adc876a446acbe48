import zlib from "node:zlib";
import type { ByteSource } from "./byte-source.ts";
import { quoteName, unsafeArchive } from "./fault.ts";
import type { ZipEntry } from "./zip-directory.ts";

const READ_BYTES = 1024 * 1024;

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
  const pieces = entry.method === 0 ? packedPieces(entry, place) : inflatedPieces(entry, place);
  for await (const piece of pieces) {
    sizeBytes += piece.length;
    if (sizeBytes > entry.sizeBytes) throw refuse("it is longer than it says");
    crc = zlib.crc32(piece, crc);
    yield piece;
  }
  if (sizeBytes !== entry.sizeBytes) throw refuse("it has not the size it says");
  if (crc !== entry.crc32) throw refuse("its content does not have its CRC");
}

function* packedPieces(entry: ZipEntry, { source, dataOffset }: PackedPlace): Generator<Buffer> {
  for (let at = 0; at < entry.packedBytes; at += READ_BYTES) {
    yield source.read(dataOffset + at, Math.min(READ_BYTES, entry.packedBytes - at));
  }
}

async function* inflatedPieces(entry: ZipEntry, place: PackedPlace): AsyncGenerator<Buffer> {
  const refuse = (fault: string) => unsafeArchive(place.archive, `${quoteName(entry.path)}: ${fault}`);
  const inflater = zlib.createInflateRaw({ chunkSize: READ_BYTES });
  const feed = async (): Promise<void> => {
    for (const piece of packedPieces(entry, place)) {
      if (inflater.destroyed) return;
      if (!inflater.write(piece)) await new Promise<void>((resolve) => onceAny(inflater, resolve));
    }
    inflater.end();
  };
  const feeding = feed().catch((error: unknown) => inflater.destroy(error as Error));
  try {
    yield* inflater as AsyncIterable<Buffer>;
  } catch (cause) {
    throw Object.assign(refuse("its compressed data is damaged"), { cause });
  } finally {
    inflater.destroy();
    await feeding;
  }
  if (inflater.bytesWritten !== entry.packedBytes) throw refuse("unlisted bytes follow its compressed data");
}

/** Waits until the stream takes more or is gone; a plain `once("drain")` would wait for ever after a destroy. */
function onceAny(stream: zlib.InflateRaw, done: () => void): void {
  const finish = (): void => {
    stream.off("drain", finish).off("close", finish).off("error", finish);
    done();
  };
  stream.on("drain", finish).on("close", finish).on("error", finish);
}
