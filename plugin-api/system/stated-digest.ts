import { PybunError } from "../error.ts";
import type { DistributionFile } from "../model/distribution.ts";
import { nativeName } from "../page/stated-digests.ts";
import { digestOfFile } from "./file-digest.ts";

/** Holds a file on this machine to the digest that is stated in place of a SHA-256. Throws `E_HASH_MISMATCH`. */
export async function checkOtherDigest(
  path: string,
  { filename, otherDigest }: Pick<DistributionFile, "filename" | "otherDigest">,
): Promise<void> {
  if (otherDigest === undefined) return;
  const { algorithm, hex } = otherDigest;
  const got = await digestOfFile(path, nativeName(otherDigest));
  if (got === hex) return;
  const [expected, found] = [`${algorithm} ${hex}`, `${algorithm} ${got}`];
  throw new PybunError("E_HASH_MISMATCH", `\`${filename}\` is not the file that was announced`, {
    evidence: [`file      ${path}`, `expected  ${expected}`, `got       ${found}`],
    context: { file: filename, expected, got: found },
  });
}
