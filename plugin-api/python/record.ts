import { InvalidSyntax } from "../error.ts";
import { parseSha256, type Sha256 } from "../model/digest.ts";

/** A line of an installed distribution's RECORD (PEP 376, PEP 627). */
export interface RecordRow {
  /** As written: `/` between parts, relative to site-packages, or absolute. Not checked for safety. */
  readonly path: string;
  readonly sha256?: Sha256;
  /** `algorithm=digest` as written, where the digest is none of SHA-256. */
  readonly otherHash?: string;
  /** In bytes. */
  readonly size?: number;
}

const QUOTED = /"((?:[^"]|"")*)"(?=,|\r|\n|$)|([^",\r\n]*)/y;

/** Splits CSV as Python's `csv` module reads it, quoted line breaks included. */
function readCells(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    QUOTED.lastIndex = at;
    const match = QUOTED.exec(text)!;
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    at += match[0].length;
    const next = text[at];
    if (next === '"') throw new InvalidSyntax(`line ${rows.length + 1} of RECORD has a stray quote`, at);
    if (next === ",") {
      at++;
      if (at === text.length) row.push("");
      continue;
    }
    rows.push(row);
    row = [];
    at += text.startsWith("\r\n", at) ? 2 : 1;
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

function readHash(hash: string, line: number): Pick<RecordRow, "sha256" | "otherHash"> {
  if (hash === "") return {};
  if (!hash.startsWith("sha256=")) return { otherHash: hash };
  const digest = hash.slice(7);
  // Some Linux distributions write the digest in hexadecimal instead of base64.
  const sha256 = parseSha256(digest) ?? parseSha256(Buffer.from(digest, "base64url").toString("hex"));
  if (sha256 === undefined) throw new InvalidSyntax(`line ${line} of RECORD has a malformed hash: \`${hash}\``);
  return { sha256 };
}

function readRow(cells: readonly string[], line: number): RecordRow {
  const [path = "", hash = "", size = ""] = cells;
  if (path === "" || cells.length > 3) throw new InvalidSyntax(`line ${line} of RECORD is not \`path,hash,size\``);
  if (!/^\d*$/.test(size)) throw new InvalidSyntax(`line ${line} of RECORD has a malformed size: \`${size}\``);
  return { path, ...readHash(hash, line), ...(size !== "" && { size: Number(size) }) };
}

/**
 * Reads a RECORD file (CSV of path, hash and size); empty lines are skipped, missing columns count as empty. Throws
 * InvalidSyntax that names the line.
 */
export function parseRecord(text: string): readonly RecordRow[] {
  const lines = text.includes('"') ? readCells(text) : text.split(/\r\n|\r|\n/).map((line) => line.split(","));
  return lines.flatMap((cells, i) => (cells.length === 1 && cells[0] === "" ? [] : [readRow(cells, i + 1)]));
}

/** A line of the usual kind, up to its end. */
const PLAIN = /([^",\r\n]+),(?:sha256=[\w-]{43})?,\d*\n/y;

/** The paths alone that `parseRecord` would give, in a fraction of its time. Throws as that does. */
export function recordedPaths(text: string): readonly string[] {
  const paths: string[] = [];
  PLAIN.lastIndex = 0;
  while (PLAIN.lastIndex < text.length) {
    const path = PLAIN.exec(text)?.[1];
    if (path === undefined) return parseRecord(text).map((row) => row.path);
    paths.push(path);
  }
  return paths;
}

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** A RECORD file with these rows in their order. */
export function formatRecord(rows: readonly RecordRow[]): string {
  const lines = rows.map(({ path, sha256, otherHash = "", size }) => {
    const hash = sha256 === undefined ? otherHash : `sha256=${Buffer.from(sha256, "hex").toString("base64url")}`;
    return `${quote(path)},${hash},${size ?? ""}\n`;
  });
  return lines.join("");
}
