import fs from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { blake3Hex, startBlake3 } from "../../plugin-api/blake3/blake3.ts";

const PIECE_BYTES = 1024 * 1024;
const piece = Buffer.allocUnsafe(PIECE_BYTES);

/** BLAKE3 of a file's content, read in pieces; between them a signal can end it. Throws Node's system errors. */
export async function hashFile(file: string, signal: AbortSignal): Promise<string> {
  const fd = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
  try {
    let size = fs.readSync(fd, piece);
    // Most files are small, and hashed at once without the cost of beginning.
    if (size === fs.fstatSync(fd).size) return blake3Hex(piece.subarray(0, size));
    const hash = startBlake3();
    for (; size > 0; size = fs.readSync(fd, piece)) {
      hash.update(piece.subarray(0, size));
      if (size < PIECE_BYTES) continue;
      await turn();
      signal.throwIfAborted();
    }
    return Buffer.from(hash.digest()).toString("hex");
  } finally {
    fs.closeSync(fd);
  }
}
