type Brand<T, B extends string> = T & { readonly __brand: B };

/** 64 lower-case hexadecimal digits of a SHA-256. The digest of archives, as indexes and lock files state it. */
export type Sha256 = Brand<string, "Sha256">;
/** 64 lower-case hexadecimal digits of a BLAKE3-256. The store's own identity of content; never shown by an index. */
export type Blake3 = Brand<string, "Blake3">;

/** A digest as it is stated, by the algorithm's name in Python's `hashlib` (PEP 503, 691); lower-case. Perhaps none that a file can have. */
export interface StatedDigest {
  readonly algorithm: string;
  readonly hex: string;
}

const HEX = /^[0-9a-f]{64}$/;

/** The digest in canonical form, or undefined when the text is not 64 hexadecimal digits. */
export function parseSha256(text: string): Sha256 | undefined {
  if (HEX.test(text)) return text as Sha256;
  const lower = text.toLowerCase();
  return HEX.test(lower) ? (lower as Sha256) : undefined;
}

/** As `parseSha256`, for BLAKE3. */
export function parseBlake3(text: string): Blake3 | undefined {
  return HEX.test(text) ? (text as Blake3) : undefined;
}
