import { blake3 } from "../blake3/blake3.ts";
import { HEADER, HEADER_BYTES } from "./layout.ts";

/** BLAKE3 over all of a lock but the hash itself (SPEC DPL-02): 32 bytes. */
export const contentHash = (bytes: Uint8Array): Uint8Array =>
  blake3(bytes.subarray(0, HEADER.contentHash), bytes.subarray(HEADER_BYTES));

/** BLAKE3 over SHA-256 digests in hexadecimal, in the order of their file names (SPEC DPL-07): 32 bytes. */
export const artifactSetDigest = (digests: readonly string[]): Uint8Array =>
  blake3(Buffer.from(digests.join(""), "hex"));
