// Node's crypto module brings Node's streams with it and takes 2 ms to load, a sixth of what a command needs to start; Bun's
// hash and the platform's own source of randomness need no loading. Without Bun, Node's module does the same.
import type { Sha256 } from "../model/digest.ts";

/** SHA-256 of a text (as UTF-8) or of bytes that are at hand: 64 lower-case hexadecimal digits. */
export const sha256Of = (data: string | Uint8Array): Sha256 => digest(data, "hex") as Sha256;

/** As `sha256Of`, in the alphabet of RECORD files: 43 characters of base64url without padding (PEP 427). */
export const sha256Base64 = (data: string | Uint8Array): string => digest(data, "base64url");

function digest(data: string | Uint8Array, encoding: "hex" | "base64url"): string {
  if (typeof Bun !== "undefined") return Bun.CryptoHasher.hash("sha256", data, encoding);
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(data).digest(encoding);
}

/** A digest that is made piece by piece. */
export interface Hasher {
  update(piece: Uint8Array): unknown;
  digest(encoding: "hex"): string;
}

/** For an algorithm by its name in `node:crypto`, such as `sha256`. Throws for one that nobody here knows. */
export function hasherOf(algorithm: string): Hasher {
  if (typeof Bun !== "undefined" && OWN_HASHERS.has(algorithm)) return new Bun.CryptoHasher(algorithm as "sha256");
  return process.getBuiltinModule("node:crypto").createHash(algorithm);
}

const OWN_HASHERS = new Set(["md5", "sha1", "sha256", "sha384", "sha512"]);

/** A name that nobody else has: so many random bytes in hexadecimal. */
export const randomName = (bytes = 6): string =>
  Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(bytes))).toString("hex");
