import type { Sha256 } from "../model/digest.ts";
import type { DistributionFile, Source, VersionPage } from "../model/distribution.ts";
import type { PackageName } from "../model/requirement.ts";
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

/** A record that is cut off, overwritten or of another version of PyBun: make it anew. */
export class DamagedPage extends Error {
  override readonly name = "DamagedPage";
}

/**
 * Opens a record made by `encodeVersionPage`, in place: nothing is copied or decoded before it is asked for. The bytes
 * may be part of a larger mapping; at a multiple of four of its buffer they are not copied either. They must not change.
 * `source` says where the files come from when that is no index. Every access is checked: what does not fit the record
 * throws `DamagedPage`, now or when the part is read; a rank or row that the page does not have is a RangeError.
 */
export function openVersionPage(bytes: Uint8Array, source?: Source, rules?: PageRules): VersionPage {
  const page = new Page(bytes, source);
  return rules ? Object.assign(page, rules) : page;
}

/** What an index's settings say of all its pages. */
export type PageRules = Pick<VersionPage, "precedence" | "excludeNewerMs">;

/** A part of the record that holds text. */
interface Texts {
  readonly bytes: Buffer;
  readonly at: number;
  readonly units: number;
  readonly isWide: boolean;
}

class Page implements VersionPage {
  readonly count: number;
  readonly fileCount: number;
  declare readonly source?: Source;
  declare readonly precedence?: number;
  declare readonly excludeNewerMs?: number;
  readonly #words: Uint32Array;
  readonly #bytes: Buffer;
  readonly #rows: number;
  readonly #tags: Table;
  readonly #pythons: Table;
  readonly #digests: number;
  readonly #digestAt: number;
  readonly #keys: Texts;
  readonly #texts: Texts;
  #urlRoot: string | undefined;
  #index: string | undefined;

  constructor(bytes: Uint8Array, source: Source | undefined) {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
    const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
    const buffer = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.byteLength);
    if (words.length < HEADER_WORDS || words[HEADER.magic] !== MAGIC) throw new DamagedPage("not a version page");
    this.count = words[HEADER.releases]!;
    this.fileCount = words[HEADER.rows]!;
    if (source !== undefined) this.source = source;
    this.#words = words;
    this.#bytes = buffer;
    this.#rows = rowsAt(this.count);
    const tagAt = this.#rows + ROW_WORDS * this.fileCount;
    const pythonAt = tagAt + words[HEADER.tags]! + 1;
    this.#digests = words[HEADER.digests]!;
    this.#digestAt = 4 * (pythonAt + words[HEADER.pythons]! + 1);
    const keyAt = this.#digestAt + DIGEST_BYTES * this.#digests;
    const [keyUnits, keyUnitBytes] = [words[HEADER.keyUnits]!, words[HEADER.keyUnitBytes]!];
    const [textUnits, textUnitBytes] = [words[HEADER.textUnits]!, words[HEADER.textUnitBytes]!];
    const textAt = keyAt + keyUnits * keyUnitBytes;
    const size = textAt + textUnits * textUnitBytes;
    if (size !== words[HEADER.sizeBytes] || size > aligned.byteLength)
      throw new DamagedPage("a version page is cut off");
    this.#keys = { bytes: buffer, at: keyAt, units: keyUnits, isWide: keyUnitBytes === 2 };
    this.#texts = { bytes: buffer, at: textAt, units: textUnits, isWide: textUnitBytes === 2 };
    this.#tags = { words, at: tagAt, length: words[HEADER.tags]!, texts: this.#texts, known: [] };
    this.#pythons = { words, at: pythonAt, length: words[HEADER.pythons]!, texts: this.#texts, known: [] };
  }

  get name(): PackageName {
    return textOf(this.#texts, 0, this.#words[HEADER.nameEnd]!) as PackageName;
  }
  get index(): string {
    return (this.#index ??= textOf(this.#texts, this.#words[HEADER.nameEnd]!, this.#words[HEADER.indexEnd]!));
  }
  get status(): string {
    return textOf(this.#texts, this.#words[HEADER.indexEnd]!, this.#words[HEADER.statusEnd]!);
  }
  get tags(): readonly string[] {
    return Array.from({ length: this.#tags.length }, (_, index) => entryOf(this.#tags, index));
  }
  get pythons(): readonly string[] {
    return Array.from({ length: this.#pythons.length }, (_, index) => entryOf(this.#pythons, index));
  }
  tag(index: number): string {
    return entryOf(this.#tags, index);
  }
  python(index: number): string {
    return entryOf(this.#pythons, index);
  }

  key(rank: number): string {
    this.#checkRank(rank);
    const at = HEADER_WORDS + rank;
    return textOf(this.#keys, this.#words[at]!, this.#words[at + 1]!);
  }
  version(rank: number): string {
    this.#checkRank(rank);
    const at = HEADER_WORDS + this.count + 1 + 2 * rank;
    return textOf(this.#texts, this.#words[at]!, this.#words[at + 1]!);
  }
  rows(rank: number): readonly [first: number, end: number] {
    this.#checkRank(rank);
    const at = this.#rows - this.count - 1 + rank;
    const first = this.#words[at]!;
    const end = this.#words[at + 1]!;
    if (first > end || end > this.fileCount) throw new DamagedPage("a release has rows outside its page");
    return [first, end];
  }

  isYanked(row: number): boolean {
    return (this.#cell(row, ROW.flags) & FLAG.yanked) !== 0;
  }
  tagIndex(row: number): number {
    const tag = this.#cell(row, ROW.tag);
    return tag === NO_TAG ? -1 : tag;
  }
  pythonIndex(row: number): number {
    return this.#cell(row, ROW.python);
  }
  uploadedAt(row: number): number {
    return this.#cell(row, ROW.uploadedAt);
  }

  file(row: number): DistributionFile {
    const flags = this.#cell(row, ROW.flags);
    const urlAt = this.#cell(row, ROW.url);
    const reasonAt = this.#cell(row, ROW.reason);
    const filename = textOf(this.#texts, this.#cell(row, ROW.filename), urlAt);
    this.#urlRoot ??= textOf(this.#texts, this.#words[HEADER.statusEnd]!, this.#words[HEADER.urlRootEnd]!);
    const url = this.#urlRoot + textOf(this.#texts, urlAt, reasonAt) + (flags & FLAG.urlEndsWithName ? filename : "");
    const file: Writable<DistributionFile> = {
      filename,
      kind: this.tagIndex(row) < 0 ? "sdist" : "wheel",
      url,
      isYanked: (flags & FLAG.yanked) !== 0,
      hasMetadataFile: (flags & FLAG.metadataFile) !== 0,
    };
    const digest = this.#cell(row, ROW.digest);
    if (flags & FLAG.sha256) file.sha256 = this.#sha256(digest);
    if (flags & FLAG.metadataSha256) file.metadataSha256 = this.#sha256(digest + (flags & FLAG.sha256 ? 1 : 0));
    const requiresPython = this.python(this.pythonIndex(row));
    if (requiresPython !== "") file.requiresPython = requiresPython;
    if (flags & FLAG.reason) readNote(file, textOf(this.#texts, reasonAt, this.#cell(row, ROW.end)));
    if (flags & FLAG.size) file.sizeBytes = (flags >>> SIZE_HIGH_SHIFT) * 2 ** 32 + this.#cell(row, ROW.sizeLow);
    const uploadMs = (flags >>> UPLOAD_MS_SHIFT) & 0x3ff;
    if (flags & FLAG.uploadMs) file.uploadedAtMs = this.uploadedAt(row) * 1000 + uploadMs;
    return file;
  }

  #checkRank(rank: number): void {
    if (!(rank >= 0 && rank < this.count)) throw new RangeError(`no release has rank ${rank}`);
  }
  #cell(row: number, column: number): number {
    if (!(row >= 0 && row < this.fileCount)) throw new RangeError(`no file stands in row ${row}`);
    return this.#words[this.#rows + ROW_WORDS * row + column]!;
  }
  #sha256(index: number): Sha256 {
    if (index >= this.#digests) throw new DamagedPage("a digest lies outside its page");
    const at = this.#digestAt + DIGEST_BYTES * index;
    return this.#bytes.toString("hex", at, at + DIGEST_BYTES) as Sha256;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function readNote(file: Writable<DistributionFile>, note: string): void {
  const end = note.startsWith(DIGEST_MARK) ? note.indexOf(DIGEST_MARK, 1) : -1;
  const [algorithm = "", hex = ""] = note.slice(1, Math.max(end, 1)).split("=", 2);
  if (algorithm !== "") file.otherDigest = { algorithm, hex };
  const reason = note.slice(end + 1);
  if (reason !== "" || end < 0) file.yankedReason = reason;
}

/** Distinct texts by number, each decoded when it is first asked for. */
interface Table {
  readonly words: Uint32Array;
  readonly at: number;
  readonly length: number;
  readonly texts: Texts;
  readonly known: string[];
}

function entryOf({ words, at, length, texts, known }: Table, index: number): string {
  if (!(index >= 0 && index < length)) throw new DamagedPage("a file refers to a text outside its page");
  return (known[index] ??= textOf(texts, words[at + index]!, words[at + index + 1]!));
}

function textOf({ bytes, at, units, isWide }: Texts, from: number, to: number): string {
  if (from > to || to > units) throw new DamagedPage("a text lies outside its page");
  return isWide ? bytes.toString("utf16le", at + 2 * from, at + 2 * to) : bytes.toString("latin1", at + from, at + to);
}
