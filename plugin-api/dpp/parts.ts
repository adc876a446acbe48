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

/** The order of files in a DPP: that of the bytes of their paths in UTF-8. */
export const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
  hasPairs(a) || hasPairs(b) ? Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)) : byUnits(a, b);

/** Puts files into that order, in place. */
export function sortByPath(files: { readonly path: string }[]): void {
  files.sort(files.some(hasPairs) ? byPath : byUnits);
}

/** Surrogates alone are ordered otherwise in UTF-16 than in UTF-8. */
const hasPairs = ({ path }: { readonly path: string }): boolean => /[\ud800-\udfff]/.test(path);

const byUnits = ({ path: a }: { readonly path: string }, { path: b }: { readonly path: string }): number =>
  a < b ? -1 : a > b ? 1 : 0;
