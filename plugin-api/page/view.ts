import { parseSha256 } from "../model/digest.ts";
import type { DistributionFile, Source, VersionPage } from "../model/distribution.ts";
import type { PackageName } from "../model/requirement.ts";
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

/** A record that is cut off, overwritten or of another version of PyBun: make it anew. */
export class DamagedPage extends Error {
  override readonly name = "DamagedPage";
}

/**
 * Opens a record made by `encodeVersionPage`, in place: nothing is copied or decoded before it is asked for. The bytes
 * may be part of a larger mapping; at a multiple of four of its buffer they are not copied either. They must not change.
 * `source` says where the files come from when that is no index. Every access is checked: what does not fit the record
 * throws `DamagedPage`, now or when the part is read.
 */
export function openVersionPage(bytes: Uint8Array, source?: Source): VersionPage {
  return new Page(bytes, source);
}

class Page implements VersionPage {
  readonly count: number;
  readonly fileCount: number;
  declare readonly source?: Source;
  readonly #words: Uint32Array;
  readonly #bytes: Buffer;
  readonly #rows: number;
  readonly #tags: number;
  readonly #pythons: number;
  readonly #digestAt: number;
  readonly #keyAt: number;
  readonly #textAt: number;
  #tagTexts: readonly string[] | undefined;
  #pythonTexts: readonly string[] | undefined;

  constructor(bytes: Uint8Array, source: Source | undefined) {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
    const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
    this.#words = words;
    this.#bytes = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.byteLength);
    if (words.length < HEADER_WORDS || words[HEADER.magic] !== MAGIC) throw new DamagedPage("not a version page");
    this.count = this.#header("releases");
    this.fileCount = this.#header("rows");
    if (source !== undefined) this.source = source;
    this.#rows = rowsAt(this.count);
    this.#tags = this.#rows + ROW_WORDS * this.fileCount;
    this.#pythons = this.#tags + this.#header("tags") + 1;
    this.#digestAt = 4 * (this.#pythons + this.#header("pythons") + 1);
    this.#keyAt = this.#digestAt + DIGEST_BYTES * this.#header("digests");
    this.#textAt = this.#keyAt + this.#header("keyUnits") * this.#header("keyUnitBytes");
    const size = this.#textAt + this.#header("textUnits") * this.#header("textUnitBytes");
    if (size !== this.#header("sizeBytes") || size > aligned.byteLength) {
      throw new DamagedPage("a version page is cut off");
    }
  }

  get name(): PackageName {
    return this.#text(0, this.#header("nameEnd")) as PackageName;
  }
  get index(): string {
    return this.#text(this.#header("nameEnd"), this.#header("indexEnd"));
  }
  get status(): string {
    return this.#text(this.#header("indexEnd"), this.#header("statusEnd"));
  }
  get tags(): readonly string[] {
    return (this.#tagTexts ??= this.#table(this.#tags, this.#header("tags")));
  }
  get pythons(): readonly string[] {
    return (this.#pythonTexts ??= this.#table(this.#pythons, this.#header("pythons")));
  }

  key(rank: number): string {
    const at = HEADER_WORDS + this.#release(rank);
    const [from, to] = [this.#word(at), this.#word(at + 1)];
    return this.#slice(this.#keyAt, "key", from, to);
  }
  version(rank: number): string {
    const at = HEADER_WORDS + this.count + 1 + 2 * this.#release(rank);
    return this.#text(this.#word(at), this.#word(at + 1));
  }
  rows(rank: number): readonly [first: number, end: number] {
    const at = this.#rows - this.count - 1 + this.#release(rank);
    const [first, end] = [this.#word(at), this.#word(at + 1)];
    if (first > end || end > this.fileCount) throw new DamagedPage("a release has rows outside its page");
    return [first, end];
  }

  isYanked(row: number): boolean {
    return (this.#cell(row, ROW.flags) & FLAG.yanked) !== 0;
  }
  tagIndex(row: number): number {
    const tag = this.#cell(row, ROW.tag);
    if (tag === NO_TAG) return -1;
    if (tag >= this.#header("tags")) throw new DamagedPage("a file has tags outside its page");
    return tag;
  }
  pythonIndex(row: number): number {
    const python = this.#cell(row, ROW.python);
    if (python >= this.#header("pythons")) throw new DamagedPage("a file has a Python outside its page");
    return python;
  }
  uploadedAt(row: number): number {
    return this.#cell(row, ROW.uploadedAt);
  }

  file(row: number): DistributionFile {
    const flags = this.#cell(row, ROW.flags);
    const urlAt = this.#cell(row, ROW.url);
    const reasonAt = this.#cell(row, ROW.reason);
    const filename = this.#text(this.#cell(row, ROW.filename), urlAt);
    const root = this.#text(this.#header("statusEnd"), this.#header("urlRootEnd"));
    const requiresPython = this.pythons[this.pythonIndex(row)] ?? "";
    const digest = this.#cell(row, ROW.digest);
    const sha256 = flags & FLAG.sha256 ? this.#sha256(digest) : undefined;
    const metadataSha256 = flags & FLAG.metadataSha256 ? this.#sha256(digest + (sha256 ? 1 : 0)) : undefined;
    return {
      filename,
      kind: this.tagIndex(row) < 0 ? "sdist" : "wheel",
      url: root + this.#text(urlAt, reasonAt) + (flags & FLAG.urlEndsWithName ? filename : ""),
      isYanked: (flags & FLAG.yanked) !== 0,
      hasMetadataFile: (flags & FLAG.metadataFile) !== 0,
      ...(sha256 ? { sha256 } : {}),
      ...(metadataSha256 ? { metadataSha256 } : {}),
      ...(requiresPython === "" ? {} : { requiresPython }),
      ...(flags & FLAG.reason ? { yankedReason: this.#text(reasonAt, this.#cell(row, ROW.end)) } : {}),
      ...(flags & FLAG.size ? { sizeBytes: (flags >>> SIZE_HIGH_SHIFT) * 2 ** 32 + this.#cell(row, ROW.sizeLow) } : {}),
      ...(flags & FLAG.uploadMs
        ? { uploadedAtMs: this.uploadedAt(row) * 1000 + ((flags >>> UPLOAD_MS_SHIFT) & 0x3ff) }
        : {}),
    };
  }

  #header(field: keyof typeof HEADER): number {
    return this.#words[HEADER[field]] as number;
  }
  #word(at: number): number {
    const word = this.#words[at];
    if (word === undefined) throw new DamagedPage("a version page is cut off");
    return word;
  }
  #release(rank: number): number {
    if (!(rank >= 0 && rank < this.count)) throw new RangeError(`no release has rank ${rank}`);
    return rank;
  }
  #cell(row: number, column: number): number {
    if (!(row >= 0 && row < this.fileCount)) throw new RangeError(`no file stands in row ${row}`);
    return this.#word(this.#rows + ROW_WORDS * row + column);
  }
  #text(from: number, to: number): string {
    return this.#slice(this.#textAt, "text", from, to);
  }
  // oxlint-disable-next-line max-params -- the innermost read, called a thousand times a solve
  #slice(base: number, part: "key" | "text", from: number, to: number): string {
    if (from > to || to > this.#header(`${part}Units`)) throw new DamagedPage("a text lies outside its page");
    if (this.#header(`${part}UnitBytes`) === 1) return this.#bytes.toString("latin1", base + from, base + to);
    return this.#bytes.toString("utf16le", base + 2 * from, base + 2 * to);
  }
  #table(at: number, length: number): string[] {
    return Array.from({ length }, (_, i) => this.#text(this.#word(at + i), this.#word(at + i + 1)));
  }
  #sha256(index: number): DistributionFile["sha256"] {
    if (index >= this.#header("digests")) throw new DamagedPage("a digest lies outside its page");
    const at = this.#digestAt + DIGEST_BYTES * index;
    return parseSha256(this.#bytes.toString("hex", at, at + DIGEST_BYTES));
  }
}
