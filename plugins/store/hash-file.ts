import fs from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { startBlake3 } from "../../plugin-api/blake3/blake3.ts";

const PIECE_BYTES = 1024 * 1024;
const piece = Buffer.allocUnsafe(PIECE_BYTES);

/** BLAKE3 of a file's content, read in pieces; between them a signal can end it. Throws Node's system errors. */
export async function hashFile(file: string, signal: AbortSignal): Promise<string> {
  const hash = startBlake3();
  const fd = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
  try {
    for (let size = fs.readSync(fd, piece); size > 0; size = fs.readSync(fd, piece)) {
      hash.update(piece.subarray(0, size));
      if (size < PIECE_BYTES) continue;
      await turn();
      signal.throwIfAborted();
    }
  } finally {
    fs.closeSync(fd);
  }
  return Buffer.from(hash.digest()).toString("hex");
}
