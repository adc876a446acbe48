import fs from "node:fs";
import { hasherOf } from "../hash/native.ts";
import { parseSha256, type Sha256 } from "../model/digest.ts";

/** SHA-256 of a file's content, read in pieces. Throws Node's system errors. */
export const sha256OfFile = async (file: string): Promise<Sha256> =>
  parseSha256(await digestOfFile(file, "sha256")) as Sha256;

const PIECE_BYTES = 1 << 20;

/**
 * Lower-case hexadecimal digest of a file's content by an algorithm of `node:crypto`. Signals are heard while a large one is
 * read; no stream is opened, since loading these costs more than most files. Throws Node's system errors.
 */
export async function digestOfFile(file: string, algorithm: string): Promise<string> {
  const hasher = hasherOf(algorithm);
  const fd = fs.openSync(file, "r");
  try {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, fs.fstatSync(fd).size + 1));
    for (let read = fs.readSync(fd, piece); read > 0; read = fs.readSync(fd, piece)) {
      hasher.update(piece.subarray(0, read));
      if (read === PIECE_BYTES) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    fs.closeSync(fd);
  }
  return hasher.digest("hex");
}
