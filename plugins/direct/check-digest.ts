import { PybunError } from "../../plugin-api/error.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import { digestOfFile, sha256OfFile } from "../../plugin-api/system/file-digest.ts";
import type { Reference } from "./reference.ts";

/** The SHA-256 of an archive, which is the one that was announced. Throws `E_HASH_MISMATCH`. */
export async function checkedSha256(file: string, announced: Pick<Reference, "filename" | "digest">): Promise<Sha256> {
  const sha256 = await sha256OfFile(file);
  const { digest, filename } = announced;
  if (digest === undefined) return sha256;
  const got = digest.algorithm === "sha256" ? sha256 : await digestOfFile(file, digest.algorithm);
  if (got === digest.hex) return sha256;
  throw new PybunError("E_HASH_MISMATCH", `\`${filename}\` is not the file that was announced`, {
    evidence: [`file      ${file}`, `expected  ${digest.hex}`, `got       ${got}`],
    context: { file, algorithm: digest.algorithm, expected: digest.hex, got },
  });
}
