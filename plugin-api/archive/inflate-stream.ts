import zlib from "node:zlib";
import type { ByteSource } from "./byte-source.ts";

/** Bytes `[offset, offset + length)` of a source. */
export interface ByteRange {
  readonly source: ByteSource;
  readonly offset: number;
  readonly length: number;
}

const READ_BYTES = 1024 * 1024;

/** The bytes of a range in pieces of at most 1 MiB. */
export function* readPieces({ source, offset, length }: ByteRange): Generator<Buffer> {
  for (let at = 0; at < length; at += READ_BYTES) yield source.read(offset + at, Math.min(READ_BYTES, length - at));
}

/**
 * Inflates a range that is one raw deflate stream and nothing else. What goes wrong is thrown as `refuse` words it. Holds two
 * pieces at a time; stops inflating when the caller stops asking.
 */
export async function* inflatePieces(range: ByteRange, refuse: (fault: string) => Error): AsyncGenerator<Buffer> {
  const inflater = zlib.createInflateRaw({ chunkSize: READ_BYTES });
  const feed = async (): Promise<void> => {
    for (const piece of readPieces(range)) {
      if (inflater.destroyed) return;
      if (!inflater.write(piece)) await drained(inflater);
    }
    inflater.end();
  };
  const feeding = feed().catch((error: unknown) => void inflater.destroy(error as Error));
  try {
    yield* inflater as AsyncIterable<Buffer>;
  } catch (cause) {
    throw Object.assign(refuse("its compressed data is damaged"), { cause });
  } finally {
    inflater.destroy();
    await feeding;
  }
  if (inflater.bytesWritten !== range.length) throw refuse("unlisted bytes follow its compressed data");
}

/** Until the stream takes more or is gone; waiting for `drain` alone would last for ever after a destroy. */
function drained(stream: zlib.InflateRaw): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      stream.off("drain", finish).off("close", finish).off("error", finish);
      resolve();
    };
    stream.on("drain", finish).on("close", finish).on("error", finish);
  });
}
