import { InvalidSyntax } from "../error.ts";
import type { DistributionFile } from "../model/distribution.ts";
import type { PackageName } from "../model/requirement.ts";
import { parseSdistFilename } from "../python/sdist-filename.ts";
import { parseWheelFilename } from "../python/wheel-filename.ts";
import {
  DIGEST_BYTES,
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

/** What an index or a folder says about one package. */
export interface VersionPageInput {
  readonly name: PackageName;
  /** Logical name of the index or folder. */
  readonly index: string;
  /** Project status (PEP 792). */
  readonly status: string;
  readonly files: readonly DistributionFile[];
  /** Told of each file that is left out because its name can't be read, belongs to another package or has no valid version. */
  readonly onSkip?: (filename: string, reason: string) => void;
}

/** A file, and what its name says. */
interface Row {
  readonly file: DistributionFile;
  readonly key: string;
  readonly version: string;
  /** Compressed tags; empty for an sdist. */
  readonly tags: string;
  readonly build: readonly [number: number, rest: string] | undefined;
}

/**
 * The record of one package's page: releases in PEP 440 order, their files, and nothing to parse when it is opened with
 * `openVersionPage`. Rows of a release are in order of preference among equals: wheels by build number, higher first,
 * then sdists, `.tar.gz` first. Any text is kept as it is. Equal inputs give equal bytes, whatever the files' order.
 */
export function encodeVersionPage(input: VersionPageInput): Uint8Array {
  const releases = groupByRelease(readRows(input));
  const rows = releases.flat();
  const tags = intern(
    rows.filter((row) => row.tags !== ""),
    (row) => row.tags,
  );
  const pythons = intern(rows, ({ file }) => file.requiresPython ?? "");
  const rowAt = rowsAt(releases.length);
  const tagAt = rowAt + ROW_WORDS * rows.length;
  const pythonAt = tagAt + tags.size + 1;
  const words = new Uint32Array(pythonAt + pythons.size + 1);
  const urlRoot = commonPrefix(rows);
  const draft: Draft = { words, text: "", keys: "", digests: [], tags, pythons, urlRoot };

  words[HEADER.nameEnd] = append(draft, input.name);
  words[HEADER.indexEnd] = append(draft, input.index);
  words[HEADER.statusEnd] = append(draft, input.status);
  words[HEADER.urlRootEnd] = append(draft, urlRoot);
  for (let i = 0; i < rows.length; i++) writeRow(draft, rowAt + ROW_WORDS * i, rows[i]!);
  writeReleases(draft, releases);
  writeTable(draft, tagAt, tags);
  writeTable(draft, pythonAt, pythons);
  words[HEADER.magic] = MAGIC;
  words[HEADER.releases] = releases.length;
  words[HEADER.rows] = rows.length;
  words[HEADER.tags] = tags.size;
  words[HEADER.pythons] = pythons.size;
  words[HEADER.digests] = draft.digests.length;
  return assemble(draft);
}

/** A record in the making. */
interface Draft {
  readonly words: Uint32Array;
  text: string;
  keys: string;
  readonly digests: string[];
  readonly tags: ReadonlyMap<string, number>;
  readonly pythons: ReadonlyMap<string, number>;
  /** What all URLs begin with. */
  readonly urlRoot: string;
}

/** Adds to the text and returns its new end. */
function append(draft: Draft, piece: string): number {
  draft.text += piece;
  return draft.text.length;
}

function readRows({ name, files, onSkip }: VersionPageInput): Row[] {
  const rows: Row[] = [];
  for (const file of files) {
    try {
      rows.push(readRow(name, file));
    } catch (error) {
      if (!(error instanceof InvalidSyntax)) throw error;
      onSkip?.(file.filename, error.message);
    }
  }
  return rows;
}

/** Releases in order, the rows of each in order. Most of the sorting is of few texts, which the engine does by itself. */
function groupByRelease(rows: readonly Row[]): Row[][] {
  const byKey = new Map<string, Row[]>();
  for (const row of rows) {
    const release = byKey.get(row.key);
    if (release) release.push(row);
    else byKey.set(row.key, [row]);
  }
  return [...byKey.keys()].sort().map((key) => byKey.get(key)!.sort(compareRows));
}

function readRow(name: PackageName, file: DistributionFile): Row {
  if (file.kind === "sdist") {
    const { key, version } = parseSdistFilename(file.filename, name);
    return { file, key, version, tags: "", build: undefined };
  }
  const wheel = parseWheelFilename(file.filename);
  if (wheel.name !== name) throw new InvalidSyntax(`\`${file.filename}\` is a wheel of \`${wheel.name}\``);
  return { file, key: wheel.key, version: wheel.version, tags: wheel.tags, build: wheel.build };
}

/** Of one release. */
function compareRows(a: Row, b: Row): number {
  const kind = Number(a.tags === "") - Number(b.tags === "");
  if (kind !== 0) return kind;
  const archive = Number(b.file.filename.endsWith(".tar.gz")) - Number(a.file.filename.endsWith(".tar.gz"));
  if (a.tags === "" && archive !== 0) return archive;
  const build = compareBuilds(b.build, a.build);
  return build || compareText(a.file.filename, b.file.filename) || compareText(a.file.url, b.file.url);
}

/** PEP 427: by number, then by the rest as text; no build number comes first. */
function compareBuilds(a: Row["build"], b: Row["build"]): number {
  if (!a || !b) return Number(a !== undefined) - Number(b !== undefined);
  return a[0] - b[0] || compareText(a[1], b[1]);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Distinct texts, numbered in sorted order. */
function intern(rows: readonly Row[], textOf: (row: Row) => string): Map<string, number> {
  const distinct = new Set<string>();
  for (const row of rows) distinct.add(textOf(row));
  return new Map([...distinct].sort().map((text, i) => [text, i]));
}

/** What all URLs begin with, cut behind a slash. */
function commonPrefix(rows: readonly Row[]): string {
  let prefix = rows[0]?.file.url ?? "";
  for (const { file } of rows)
    while (!file.url.startsWith(prefix)) prefix = prefix.slice(0, prefix.lastIndexOf("/", prefix.length - 2) + 1);
  return prefix.slice(0, prefix.lastIndexOf("/") + 1);
}

function writeRow(draft: Draft, at: number, { file, tags }: Row): void {
  const { words } = draft;
  const url = file.url.slice(draft.urlRoot.length);
  const endsWithName = url.endsWith(file.filename);
  words[at + ROW.filename] = draft.text.length;
  words[at + ROW.url] = append(draft, file.filename);
  words[at + ROW.reason] = append(draft, endsWithName ? url.slice(0, -file.filename.length) : url);
  words[at + ROW.end] = append(draft, file.yankedReason ?? "");
  words[at + ROW.tag] = draft.tags.get(tags) ?? NO_TAG;
  words[at + ROW.python] = draft.pythons.get(file.requiresPython ?? "")!;
  words[at + ROW.digest] = draft.digests.length;
  words[at + ROW.flags] = endsWithName ? FLAG.urlEndsWithName : 0;
  if (file.sha256 !== undefined) draft.digests.push(file.sha256);
  if (file.metadataSha256 !== undefined) draft.digests.push(file.metadataSha256);
  writeNumbers(words, at, file);
}

const MAX_SECONDS = 0xffff_ffff;
const MAX_SIZE = 2 ** 46;

function writeNumbers(words: Uint32Array, row: number, file: DistributionFile): void {
  let flags = words[row + ROW.flags]!;
  if (file.isYanked) flags |= FLAG.yanked;
  if (file.hasMetadataFile) flags |= FLAG.metadataFile;
  if (file.sha256 !== undefined) flags |= FLAG.sha256;
  if (file.metadataSha256 !== undefined) flags |= FLAG.metadataSha256;
  if (file.yankedReason !== undefined) flags |= FLAG.reason;
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

function writeReleases(draft: Draft, releases: readonly (readonly Row[])[]): void {
  const { words } = draft;
  const keyAt = HEADER_WORDS;
  const versionAt = keyAt + releases.length + 1;
  const firstRowAt = versionAt + 2 * releases.length;
  let row = 0;
  for (let i = 0; i < releases.length; i++) {
    const { key, version } = releases[i]![0]!;
    words[keyAt + i] = draft.keys.length;
    draft.keys += key;
    words[versionAt + 2 * i] = draft.text.length;
    words[versionAt + 2 * i + 1] = append(draft, version);
    words[firstRowAt + i] = row;
    row += releases[i]!.length;
  }
  words[keyAt + releases.length] = draft.keys.length;
  words[firstRowAt + releases.length] = row;
}

function writeTable(draft: Draft, at: number, table: ReadonlyMap<string, number>): void {
  for (const [entry, i] of table) {
    draft.words[at + i] = draft.text.length;
    append(draft, entry);
  }
  draft.words[at + table.size] = draft.text.length;
}

function assemble({ words, digests, keys, text }: Draft): Uint8Array {
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
