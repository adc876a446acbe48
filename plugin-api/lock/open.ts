import { sha256Of } from "../hash/native.ts";
import type { Sha256 } from "../model/digest.ts";
import type { Lock, LockedPackage, LockedRoot } from "../model/lock.ts";
import { contentHash } from "./content-hash.ts";
import { damaged } from "./damage.ts";
import { checkMarker, type Image, listedText, pairText, sectionOf } from "./image.ts";
import {
  ALWAYS_VERIFIED_BYTES,
  HEADER,
  HEADER_BYTES,
  INDEXES,
  LOCK_FLAG,
  NONE,
  RECORD_BYTES,
  REQUIRES_PYTHON,
  type SectionId,
} from "./layout.ts";
import { countNames, findEntries } from "./look-up.ts";
import { indexesHere, type LockPlace } from "./place.ts";
import { checkRuns, readEntry, readRoot } from "./read-records.ts";
import { readOutline } from "./sections.ts";
import { checkWhole } from "./whole.ts";

/** A lock that is open. Nothing is decoded before it is asked for; what is asked for is checked before it is used. */
export interface LockView {
  readonly packageCount: number;
  /** Distinct names: fewer than packages where the lock forks. Counted when asked for, without decoding. */
  nameCount(): number;
  /** It holds for several platforms; else for `platform`. */
  readonly isUniversal: boolean;
  readonly isWorkspace: boolean;
  readonly isScript: boolean;
  /** Lowest Python it supports; zeros when there is no lower bound. */
  readonly python: readonly [major: number, minor: number, micro: number];
  /** A fact about the lock as a whole, such as `inputs-blake3`. */
  meta(key: string): string | undefined;
  /** All entries of a package, in normal form; none when it is not locked. The cost does not depend on the lock's size. */
  find(name: string): readonly LockedPackage[];
  /** Everything, decoded once and checked as a whole. */
  lock(): Lock;
  /** Of all of the file, as `digestOf` gives it; taken once. */
  sha256(): Sha256;
  /** Checks the content hash, and that every entry is found under its name and has the digest of its files. */
  verify(): void;
}
export interface LockOpening extends LockPlace {
  /** Check the content hash even of a large file. */
  readonly isVerified?: boolean;
}

/**
 * Opens the bytes of a `pybun.lockb` in place (SPEC 6.2); they may be mapped, and must not change. All methods throw
 * `E_LOCK_INVALID`, naming section and offset, where the bytes break a rule. Throws `E_LOCK_INVALID`, `E_FORMAT_VERSION` for a newer
 * format, `E_LIMIT` for more than 512 MiB. Files of less than 1 MiB are always checked against their content hash.
 */
export function openLock(bytes: Uint8Array, about: LockOpening): LockView {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const outline = readOutline(view, about.path);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const image: Image = {
    bytes: buffer,
    view,
    place: about,
    outline,
    texts: new Map(),
    textBytes: 0,
    markers: new Map(),
  };
  if (about.isVerified || bytes.byteLength < ALWAYS_VERIFIED_BYTES) checkContent(image);
  let indexes: ReadonlyMap<string, string> | undefined;
  let whole: Lock | undefined;
  let digest: Sha256 | undefined;
  const knownIndexes = (): ReadonlyMap<string, string> => (indexes ??= indexesHere(findMeta(image, INDEXES), about));
  const decode = (): Lock => (whole ??= readLock(image, knownIndexes()));
  return {
    packageCount: outline.packageCount,
    nameCount: () => countNames(image),
    isUniversal: (outline.flags & LOCK_FLAG.universal) !== 0,
    isWorkspace: (outline.flags & LOCK_FLAG.workspace) !== 0,
    isScript: (outline.flags & LOCK_FLAG.script) !== 0,
    python: outline.python,
    meta: (key) => findMeta(image, key),
    find: (name) => findEntries(image, name).map((index) => readEntry(image, index, knownIndexes())),
    lock: decode,
    sha256: () => (digest ??= sha256Of(bytes)),
    verify() {
      checkContent(image);
      checkWhole(image, decode());
    },
  };
}

function checkContent({ bytes, place: { path } }: Image): void {
  const stated = bytes.subarray(HEADER.contentHash, HEADER_BYTES);
  if (Buffer.compare(stated, contentHash(bytes)) === 0) return;
  throw damaged({ path, section: "content hash", offset: HEADER.contentHash }, "its content is not what was written");
}

/** META is sorted by key. */
function findMeta(image: Image, key: string): string | undefined {
  let low = 0;
  let high = sectionOf(image, "META").count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = metaText(image, middle, 0);
    if (found === key) return metaText(image, middle, 1);
    if (found < key) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

/** Key (0) or value (1) of a pair. */
function metaText(image: Image, index: number, part: 0 | 1): string {
  return pairText(image, sectionOf(image, "META").offset + RECORD_BYTES.META * index + 8 * part);
}

function readLock(image: Image, indexes: ReadonlyMap<string, string>): Lock {
  const packages = records(image, "ENTR", (index) => readEntry(image, index, indexes));
  checkRuns(image);
  const roots = records(image, "ROOT", (index): LockedRoot => readRoot(image, index));
  const forks = image.outline.sections.has("fork")
    ? records(image, "fork", (index) => {
        const text = listedText(image, "fork", index);
        checkMarker(image, text, sectionOf(image, "fork").offset);
        return text;
      })
    : [];
  const pairs = records(image, "META", (index) => [metaText(image, index, 0), metaText(image, index, 1)] as const);
  const requiresPython = pairs.find(([key]) => key === REQUIRES_PYTHON)?.[1] ?? "";
  const { platform } = image.outline;
  const otherSections = [...image.outline.sections.values()].filter(({ id }) => !(id in RECORD_BYTES) || id === "ATTS");
  return {
    requiresPython,
    forks,
    packages,
    roots,
    meta: Object.fromEntries(pairs.filter(([key]) => key !== REQUIRES_PYTHON)),
    ...(platform !== NONE && { platform: listedText(image, "PLAT", platform) }),
    ...(otherSections.length > 0 && {
      otherSections: otherSections.map(({ id, offset, length, count }) => ({
        id,
        recordCount: count,
        bytes: Uint8Array.from(image.bytes.subarray(offset, offset + length)),
      })),
    }),
  };
}

const records = <T>(image: Image, id: SectionId, read: (index: number) => T): T[] =>
  Array.from({ length: sectionOf(image, id).count }, (_, index) => read(index));
