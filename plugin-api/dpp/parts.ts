import zlib from "node:zlib";
import { blake3 } from "../blake3/blake3.ts";
import type { Requirement } from "../model/requirement.ts";
import type { DocumentName, DppCodec, DppScheme, Invalidation } from "./layout.ts";

/** What META says in short. */
export interface DppMetadata {
  /** As METADATA spells it. */
  readonly name: string;
  readonly version: string;
  /** Empty when every Python will do. */
  readonly requiresPython: string;
  /** All files together. */
  readonly sizeBytes: number;
  /** The wheel it was made from: its size, SHA-256 (32 bytes) and file name. */
  readonly wheelBytes: number;
  readonly wheelSha256: Uint8Array;
  readonly wheelFilename: string;
}

/** A file of the wheel. */
export interface DppFile {
  /** As in the wheel, with `X.data/…` where it had that. */
  readonly path: string;
  /** Unix permission bits; 0 when the wheel has none. */
  readonly mode: number;
  readonly scheme: DppScheme;
  readonly codec: DppCodec;
  readonly sizeBytes: number;
  /** Of the content, 32 bytes. */
  readonly blake3: Uint8Array;
  /** As stored; empty in a detached record. */
  readonly stored: Uint8Array;
}

/** Byte-code made from a `.py` file. */
export interface DppBytecode {
  /** Index of the file it was made from. */
  readonly file: number;
  /** Such as `cpython-312`. */
  readonly cacheTag: string;
  readonly invalidation: Invalidation;
  readonly content: Uint8Array;
}

/** A shared library. */
export interface DppNative {
  /** Index of the file. */
  readonly file: number;
  /** The platform part of the wheel's tags. */
  readonly platform: string;
  /** Names of the libraries it asks the loader for; empty where its format is not ELF. */
  readonly needed: readonly string[];
}

/** What METADATA says of other distributions. */
export interface DppDependencies {
  readonly requirements: readonly Requirement[];
  readonly extras: readonly string[];
  /** Lines of `Requires-Dist` that are no requirements, as they are. */
  readonly unreadable: readonly string[];
}

/** Everything in a DPP. Files are sorted by the bytes of their paths. */
export interface DppParts {
  readonly metadata: DppMetadata;
  /** Empty when the wheel has no such file. */
  readonly documents: Readonly<Record<DocumentName, Uint8Array>>;
  readonly files: readonly DppFile[];
  readonly bytecode: readonly DppBytecode[];
  readonly native: readonly DppNative[];
  readonly dependencies: DppDependencies;
  /** No file depends on the machine. */
  readonly isPure: boolean;
  /** The files' data lie elsewhere. */
  readonly isDetached?: boolean;
}

/** A content as a DPP keeps it: raw deflate where that is smaller. */
export function packContent(content: Uint8Array): Pick<DppFile, "codec" | "sizeBytes" | "blake3" | "stored"> {
  const deflated = zlib.deflateRawSync(content, { level: 9 });
  const isSmaller = deflated.length < content.length;
  return {
    codec: isSmaller ? "deflate" : "stored",
    sizeBytes: content.length,
    blake3: blake3(content),
    stored: isSmaller ? deflated : content,
  };
}

/** The order of files in a DPP: that of the bytes of their paths in UTF-8. */
export function byPath({ path: a }: { readonly path: string }, { path: b }: { readonly path: string }): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [one, other] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

/** Halves of characters beyond U+FFFF come after all others. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
