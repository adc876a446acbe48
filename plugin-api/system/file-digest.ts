import { createHash } from "node:crypto";
import fs from "node:fs";
import { parseSha256, type Sha256 } from "../model/digest.ts";

/** SHA-256 of a file's content, read in pieces. Throws Node's system errors. */
export const sha256OfFile = async (file: string): Promise<Sha256> =>
  parseSha256(await digestOfFile(file, "sha256")) as Sha256;

/** Lower-case hexadecimal digest of a file's content by an algorithm of `node:crypto`. Throws Node's system errors. */
export async function digestOfFile(file: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  for await (const piece of fs.createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest("hex");
}
