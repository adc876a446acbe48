import fs from "node:fs";

/** Random access to an archive's bytes. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** Exactly `length` bytes from `offset`; the caller stays within `sizeBytes`. May be a view: read it, don't keep it. */
  read(offset: number, length: number): Buffer;
}

/** An archive held in memory. Reads are views without a copy. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { sizeBytes: buffer.length, read: (offset, length) => buffer.subarray(offset, offset + length) };
}

/**
 * An open file, read on demand, for archives too large to hold. Throws Node's system errors, and a plain `Error` when
 * the file has shrunk since it was opened.
 */
export function fileSource(fd: number): ByteSource {
  const sizeBytes = fs.fstatSync(fd).size;
  return {
    sizeBytes,
    read(offset, length) {
      const buffer = Buffer.allocUnsafe(length);
      for (let at = 0; at < length; ) {
        const got = fs.readSync(fd, buffer, at, length - at, offset + at);
        if (got === 0) throw new Error("the archive became shorter while it was read");
        at += got;
      }
      return buffer;
    },
  };
}
