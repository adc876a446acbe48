import type { PybunError } from "../error.ts";
import { parseMarker } from "../python/marker.ts";
import { damaged } from "./damage.ts";
import { LOCK_LIMITS, NONE, RECORD_BYTES, type SectionId } from "./layout.ts";
import type { LockPlace } from "./place.ts";
import type { Outline, Section } from "./sections.ts";

/** An opened file: what its records are read through. Every access is checked against the bounds of its section. */
export interface Image {
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly place: LockPlace;
  readonly outline: Outline;
  /** Texts read so far, by offset and length. */
  readonly texts: Map<number, string>;
  /** Bytes of these texts. */
  textBytes: number;
  /** Markers read so far, by index. */
  readonly markers: Map<number, string>;
}

// Not as UTF-8 with replacements: two different files must not read the same.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const fault = (image: Image, at: readonly [section: string, offset: number], what: string): PybunError =>
  damaged({ path: image.place.path, section: at[0], offset: at[1] }, what);

export function sectionOf(image: Image, id: SectionId): Section {
  const section = image.outline.sections.get(id);
  if (section === undefined) throw fault(image, [id, 0], "a section is missing");
  return section;
}

/** Offset in the file of a record, which exists. */
export function recordAt(image: Image, id: SectionId, index: number): number {
  const section = sectionOf(image, id);
  if (index >= section.count)
    throw fault(image, [id, section.offset], `something points to record ${index} of ${section.count}`);
  return section.offset + RECORD_BYTES[id] * index;
}

/** Records that belong to another one, and where that says so. */
export interface RunFields {
  readonly first: number;
  readonly count: number;
  /** Offset of `first`'s field. */
  readonly from: number;
  /** Where the run before it ended. */
  readonly previousEnd: number;
}

/**
 * That the records exist and stand directly behind those of the neighbour before. So no record belongs to two others, and
 * what is decoded is never larger than the file.
 */
export function checkRun(image: Image, id: SectionId, { first, count, from, previousEnd }: RunFields): void {
  const section = sectionOf(image, id);
  if (first + count > section.count)
    throw fault(image, [id, from], `it points to records ${first} to ${first + count} of ${section.count}`);
  if (first !== previousEnd) throw fault(image, [id, from], `record ${first} should be ${previousEnd}`);
}

/** A text of the string table. `from`: where it is pointed to. */
export function textOf(image: Image, [offset, length]: readonly [number, number], from: number): string {
  if (length === 0) return "";
  const key = offset * 0x1_0000 + length;
  const known = length <= LOCK_LIMITS.stringBytes ? image.texts.get(key) : undefined;
  if (known !== undefined) return known;
  const strings = sectionOf(image, "STRS");
  if (offset < strings.offset || offset + length > strings.offset + strings.length)
    throw fault(image, ["STRS", from], "a text lies outside");
  if (length > LOCK_LIMITS.stringBytes) throw fault(image, ["STRS", from], "a text is too long");
  // Every text is there once. Were they allowed to overlap, a small file could hold gigabytes.
  image.textBytes += length;
  if (image.textBytes > strings.length) throw fault(image, ["STRS", from], "texts overlap");
  const text = decoded(image, offset, length);
  image.texts.set(key, text);
  return text;
}

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ASCII = /^[\0-\x7f]*$/;

/** Nearly every text is ASCII, for which there is a shorter way. */
function decoded({ bytes, place: { path } }: Image, offset: number, length: number): string {
  const text = bytes.toString("latin1", offset, offset + length);
  if (ASCII.test(text)) return text;
  try {
    return utf8.decode(bytes.subarray(offset, offset + length));
  } catch (cause) {
    throw damaged({ path, section: "STRS", offset }, "a text is no UTF-8", cause);
  }
}

/** The text at `index` of a section that is a list of texts. */
export function listedText(image: Image, id: SectionId, index: number): string {
  return pairText(image, recordAt(image, id, index));
}

/** The text that offset and length at `at` mean. */
export const pairText = (image: Image, at: number): string =>
  textOf(image, [image.view.getUint32(at, true), image.view.getUint32(at + 4, true)], at);

/** The marker that a record points to at `from`; empty for none. It can be parsed. */
export function markerAt(image: Image, from: number): string {
  const index = image.view.getUint32(from, true);
  if (index === NONE) return "";
  const known = image.markers.get(index);
  if (known !== undefined) return known;
  const text = listedText(image, "MARK", index);
  checkMarker(image, text, from);
  image.markers.set(index, text);
  return text;
}

export function checkMarker(image: Image, text: string, from: number): void {
  try {
    parseMarker(text);
  } catch (cause) {
    throw damaged({ path: image.place.path, section: "MARK", offset: from }, `\`${text}\` is no marker`, cause);
  }
}
