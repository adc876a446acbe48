import { parseSha256, type Sha256, type StatedDigest } from "../model/digest.ts";

/** Names in `hashlib`, the hardest to counterfeit first, and what `node:crypto` calls them. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ["sha256", "sha256"],
  ["sha512", "sha512"],
  ["sha384", "sha384"],
  ["sha3_512", "sha3-512"],
  ["sha3_384", "sha3-384"],
  ["sha3_256", "sha3-256"],
  ["blake2b", "blake2b512"],
  ["blake2s", "blake2s256"],
  ["sha3_224", "sha3-224"],
  ["sha224", "sha224"],
  ["sha1", "sha1"],
  ["md5", "md5"],
]);

/** `blake2b` is that of 512 bits; by its length also that of 256, which is what uv takes it for. */
const SHORT_BLAKE2B = 64;

/** What `node:crypto` calls an algorithm of a stated digest. */
export const nativeName = ({ algorithm, hex }: StatedDigest): string =>
  algorithm === "blake2b" && hex.length === SHORT_BLAKE2B ? "blake2b256" : (ALGORITHMS.get(algorithm) ?? algorithm);

/** The digest to hold a file to, of all that are stated of it (PEP 503, 691). */
export interface Held {
  readonly sha256?: Sha256;
  readonly otherDigest?: StatedDigest;
}

/**
 * The SHA-256 where one is stated, else the best of the others. One that has not the form of a digest is not passed over: nobody is
 * to get a file unchecked by breaking it. Pure.
 */
export function digestToHold(stated: ReadonlyMap<string, string>): Held {
  for (const algorithm of ALGORITHMS.keys()) {
    const text = stated.get(algorithm);
    if (text === undefined) continue;
    const sha256 = algorithm === "sha256" ? parseSha256(text) : undefined;
    return sha256 ? { sha256 } : { otherDigest: { algorithm, hex: shortened(text) } };
  }
  return {};
}

const MOST_DIGITS = 128;
const shortened = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^0-9a-z]/g, "?")
    .slice(0, MOST_DIGITS + 1);
