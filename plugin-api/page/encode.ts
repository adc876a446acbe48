import type { DistributionFile } from "../model/distribution.ts";
import {
  DIGEST_BYTES,
  DIGEST_MARK,
  FLAG,
  HEADER,
  HEADER_WORDS,
  MAGIC,
  NO_TAG,
  ROW,
  ROW_WORDS,
  rowsAt,
  SIZE_HIGH_SHIFT,
  UPLOAD_MS_SHIFT,
} from "./layout.ts";
import { type PackageFiles, type Row, rowsInOrder } from "./rows.ts";

/** What an index or a folder says about one package. */
export interface VersionPageInput extends PackageFiles {
  /** Logical name of the index or folder. */
  readonly index: string;
  /** Project status (PEP 792). */
  readonly status: string;
}

/**
 * The record of one package's page: releases in PEP 440 order, their files, and nothing to parse when it is opened with
 * `openVersionPage`. Rows of a release are in order of preference among equals: wheels by build number, higher first,
 * then sdists, `.tar.gz` first. Any text is kept as it is. Equal inputs give equal bytes, whatever the files' order.
 */
export function encodeVersionPage(input: VersionPageInput): Uint8Array {
  const rows = rowsInOrder(input);
  const firsts = firstRows(rows);
  const tags = numbered(rows, ({ tags }) => tags, "");
  const pythons = numbered(rows, ({ file }) => file.requiresPython ?? "");
  const rowAt = rowsAt(firsts.length);
  const tagAt = rowAt + ROW_WORDS * rows.length;
  const pythonAt = tagAt + tags.texts.length + 1;
  const words = new Uint32Array(pythonAt + pythons.texts.length + 1);
  const urlRoot = commonPrefix(rows);
  const draft: Draft = { words, pieces: [], units: 0, keys: "", digests: [], tags, pythons, urlRoot };

  words[HEADER.nameEnd] = append(draft, input.name);
  words[HEADER.indexEnd] = append(draft, input.index);
  words[HEADER.statusEnd] = append(draft, input.status);
  words[HEADER.urlRootEnd] = append(draft, urlRoot);
  for (let i = 0; i < rows.length; i++) writeRow(draft, i, { at: rowAt + ROW_WORDS * i, file: rows[i]!.file });
  writeReleases(draft, rows, firsts);
  writeTable(draft, tagAt, tags.texts);
  writeTable(draft, pythonAt, pythons.texts);
  words[HEADER.magic] = MAGIC;
  words[HEADER.releases] = firsts.length;
  words[HEADER.rows] = rows.length;
  words[HEADER.tags] = tags.texts.length;
  words[HEADER.pythons] = pythons.texts.length;
  words[HEADER.digests] = draft.digests.length;
  return assemble(draft);
}

/** A record in the making. */
interface Draft {
  readonly words: Uint32Array;
  /** The text so far, and its length. */
  readonly pieces: string[];
  units: number;
  keys: string;
  readonly digests: string[];
  readonly tags: Numbered;
  readonly pythons: Numbered;
  /** What all URLs begin with. */
  readonly urlRoot: string;
}

/** Adds to the text and returns its new end. */
function append(draft: Draft, piece: string): number {
  draft.pieces.push(piece);
  return (draft.units += piece.length);
}

/** Of each release. */
function firstRows(rows: readonly Row[]): readonly number[] {
  const firsts: number[] = [];
  for (let i = 0; i < rows.length; i++) if (i === 0 || rows[i]!.key !== rows[i - 1]!.key) firsts.push(i);
  return firsts;
}

/** Distinct texts in order, and which of them each row has. */
interface Numbered {
  readonly texts: readonly string[];
  readonly of: Uint32Array;
}

function numbered(rows: readonly Row[], textOf: (row: Row) => string, none?: string): Numbered {
  const found = new Map<string, number>();
  const of = new Uint32Array(rows.length);
  let last = { text: "", number: NO_TAG };
  for (let i = 0; i < rows.length; i++) {
    const text = textOf(rows[i]!);
    if (text !== last.text || last.number === NO_TAG)
      last = { text, number: text === none ? NO_TAG : numberOf(text, found) };
    of[i] = last.number;
  }
  const texts = [...found.keys()].sort();
  const places = new Uint32Array(texts.length);
  for (let i = 0; i < texts.length; i++) places[found.get(texts[i]!)!] = i;
  for (let i = 0; i < of.length; i++) if (of[i] !== NO_TAG) of[i] = places[of[i]!]!;
  return { texts, of };
}

function numberOf(text: string, found: Map<string, number>): number {
  const known = found.get(text);
  if (known === undefined) found.set(text, found.size);
  return known ?? found.size - 1;
}

/** What all URLs begin with, cut behind a slash. */
function commonPrefix(rows: readonly Row[]): string {
  let prefix = rows[0]?.file.url ?? "";
  for (const { file } of rows)
    while (!file.url.startsWith(prefix)) prefix = prefix.slice(0, prefix.lastIndexOf("/", prefix.length - 2) + 1);
  return prefix.slice(0, prefix.lastIndexOf("/") + 1);
}

function writeRow(
  draft: Draft,
  row: number,
  { at, file }: { readonly at: number; readonly file: DistributionFile },
): void {
  const { words, pieces, digests } = draft;
  const { filename, url, sha256, metadataSha256 } = file;
  const note = noteOf(file);
  const endsWithName = url.endsWith(filename);
  const own = url.slice(draft.urlRoot.length, endsWithName ? -filename.length : undefined);
  const urlAt = draft.units + filename.length;
  const reasonAt = urlAt + own.length;
  words[at + ROW.filename] = draft.units;
  words[at + ROW.url] = urlAt;
  words[at + ROW.reason] = reasonAt;
  draft.units = words[at + ROW.end] = reasonAt + (note?.length ?? 0);
  pieces.push(filename, own);
  if (note !== undefined) pieces.push(note);
  words[at + ROW.tag] = draft.tags.of[row]!;
  words[at + ROW.python] = draft.pythons.of[row]!;
  words[at + ROW.digest] = digests.length;
  if (sha256 !== undefined) digests.push(sha256);
  if (metadataSha256 !== undefined) digests.push(metadataSha256);
  words[at + ROW.flags] = endsWithName ? FLAG.urlEndsWithName : 0;
  writeNumbers(words, at, file);
}

/** The reason for yanking, and before it the digest that stands in place of a SHA-256, if there is one. */
function noteOf({ otherDigest, yankedReason }: DistributionFile): string | undefined {
  if (otherDigest === undefined && !yankedReason?.startsWith(DIGEST_MARK)) return yankedReason;
  const stated = otherDigest === undefined ? "" : `${otherDigest.algorithm}=${otherDigest.hex}`;
  return DIGEST_MARK + stated + DIGEST_MARK + (yankedReason ?? "");
}

const MAX_SECONDS = 0xffff_ffff;
const MAX_SIZE = 2 ** 46;

function writeNumbers(words: Uint32Array, row: number, file: DistributionFile): void {
  let flags = words[row + ROW.flags]!;
  if (file.isYanked) flags |= FLAG.yanked;
  if (file.hasMetadataFile) flags |= FLAG.metadataFile;
  if (file.sha256 !== undefined) flags |= FLAG.sha256;
  if (file.metadataSha256 !== undefined) flags |= FLAG.metadataSha256;
  if (noteOf(file) !== undefined) flags |= FLAG.reason;
  const uploadedMs = file.uploadedAtMs ?? -1;
  const seconds = Math.floor(uploadedMs / 1000);
  if (uploadedMs >= 0 && seconds <= MAX_SECONDS) {
    words[row + ROW.uploadedAt] = seconds;
    flags |= FLAG.uploadMs | (Math.floor(uploadedMs % 1000) << UPLOAD_MS_SHIFT);
  }
  const size = file.sizeBytes ?? -1;
  if (size >= 0 && size < MAX_SIZE) {
    words[row + ROW.sizeLow] = size % 2 ** 32;
    flags |= FLAG.size | (Math.floor(size / 2 ** 32) << SIZE_HIGH_SHIFT);
  }
  words[row + ROW.flags] = flags >>> 0;
}

function writeReleases(draft: Draft, rows: readonly Row[], firsts: readonly number[]): void {
  const { words } = draft;
  const keyAt = HEADER_WORDS;
  const versionAt = keyAt + firsts.length + 1;
  const firstRowAt = versionAt + 2 * firsts.length;
  const keys: string[] = [];
  let keyUnits = 0;
  for (let i = 0; i < firsts.length; i++) {
    const { key, version } = rows[firsts[i]!]!;
    words[keyAt + i] = keyUnits;
    keyUnits += key.length;
    keys.push(key);
    words[versionAt + 2 * i] = draft.units;
    words[versionAt + 2 * i + 1] = append(draft, version);
    words[firstRowAt + i] = firsts[i]!;
  }
  words[keyAt + firsts.length] = keyUnits;
  words[firstRowAt + firsts.length] = rows.length;
  draft.keys = keys.join("");
}

function writeTable(draft: Draft, at: number, texts: readonly string[]): void {
  for (let i = 0; i < texts.length; i++) {
    draft.words[at + i] = draft.units;
    append(draft, texts[i]!);
  }
  draft.words[at + texts.length] = draft.units;
}

function assemble({ words, digests, keys, pieces }: Draft): Uint8Array {
  const text = pieces.join("");
  const keyUnitBytes = /[^\0-\xff]/.test(keys) ? 2 : 1;
  const textUnitBytes = Buffer.byteLength(text) === text.length ? 1 : 2;
  const digestAt = words.byteLength;
  const keyAt = digestAt + DIGEST_BYTES * digests.length;
  const textAt = keyAt + keyUnitBytes * keys.length;
  const sizeBytes = textAt + textUnitBytes * text.length;
  words[HEADER.keyUnits] = keys.length;
  words[HEADER.keyUnitBytes] = keyUnitBytes;
  words[HEADER.textUnits] = text.length;
  words[HEADER.textUnitBytes] = textUnitBytes;
  words[HEADER.sizeBytes] = sizeBytes;
  const out = Buffer.alloc(sizeBytes);
  out.set(new Uint8Array(words.buffer));
  out.write(digests.join(""), digestAt, "hex");
  out.write(keys, keyAt, keyUnitBytes === 1 ? "latin1" : "utf16le");
  out.write(text, textAt, textUnitBytes === 1 ? "latin1" : "utf16le");
  return out;
}
