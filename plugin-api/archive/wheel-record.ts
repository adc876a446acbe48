import { InvalidSyntax } from "../error.ts";
import { parseRecord, type RecordRow } from "../python/record.ts";
import { quoteName, unsafeArchive } from "./fault.ts";

/** What a wheel's RECORD promises of one file (PEP 376, PEP 427). */
export interface RecordedFile {
  /** Path as the archive spells it. */
  readonly path: string;
  /** Absent only for RECORD itself and its signatures. */
  readonly hash?: { readonly algorithm: "sha256" | "sha384" | "sha512"; readonly hex: string };
  readonly sizeBytes?: number;
}

const LARGER_HASH = /^(sha384|sha512)=([A-Za-z0-9_-]+)={0,2}$/;

/**
 * Reads the RECORD of a wheel, strictly: paths that are there once, hashes of the SHA-2 family (PEP 427 asks for SHA-256 or
 * better). Rows of folders are left out. Throws `E_ARCHIVE_UNSAFE`.
 */
export function readWheelRecord(text: string, archive: string): ReadonlyMap<string, RecordedFile> {
  const files = new Map<string, RecordedFile>();
  for (const row of parseRows(text, archive)) {
    if (row.path.endsWith("/")) continue;
    if (files.has(row.path)) throw unsafeArchive(archive, `its RECORD lists ${quoteName(row.path)} twice`);
    files.set(row.path, readRow(row, archive));
  }
  return files;
}

function parseRows(text: string, archive: string): readonly RecordRow[] {
  try {
    return parseRecord(text);
  } catch (cause) {
    if (!(cause instanceof InvalidSyntax)) throw cause;
    throw Object.assign(unsafeArchive(archive, cause.message), { cause });
  }
}

function readRow({ path, sha256, otherHash, size }: RecordRow, archive: string): RecordedFile {
  const sizes = size === undefined ? {} : { sizeBytes: size };
  if (sha256 !== undefined) return { path, hash: { algorithm: "sha256", hex: sha256 }, ...sizes };
  if (otherHash === undefined) return { path, ...sizes };
  const match = LARGER_HASH.exec(otherHash);
  if (match === null) {
    throw unsafeArchive(archive, `its RECORD gives ${quoteName(path)} a hash other than SHA-256, 384 or 512`);
  }
  const hex = Buffer.from(match[2]!, "base64url").toString("hex");
  return { path, hash: { algorithm: match[1] as "sha384" | "sha512", hex }, ...sizes };
}
