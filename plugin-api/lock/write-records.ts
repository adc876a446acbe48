import type { DistributionFile } from "../model/distribution.ts";
import type { LockedPackage } from "../model/lock.ts";
import { artifactSetDigest } from "./content-hash.ts";
import {
  ARTIFACT,
  ARTIFACT_FLAG,
  EDGE,
  ENTRY,
  ENTRY_FLAG,
  INTEGRITY,
  NO_PLATFORM,
  NONE,
  RECORD_BYTES,
  ROOT,
  ROOT_KINDS,
} from "./layout.ts";
import { nameHash } from "./name-hash.ts";
import type { ArtifactRow, EntryRow, Rows } from "./rows.ts";
import { integrityNumber } from "./source-fields.ts";
import type { StringTable } from "./strings.ts";
import { versionFields } from "./version-fields.ts";

/** Where a section is written, and from what. */
export interface Target {
  readonly bytes: Buffer;
  /** Of the same memory. */
  readonly view: DataView;
  readonly rows: Rows;
  readonly strings: StringTable;
  /** Where the strings begin in the file. */
  readonly stringsAt: number;
  /** Where the section begins. */
  readonly offset: number;
}

/** How each table is written. */
export const writers = {
  ENTR: writeEntries,
  ARTF: writeArtifacts,
  EDGE: writeEdges,
  ROOT: writeRoots,
  EXTR: (target: Target) => writeTexts(target, target.rows.extras),
  MARK: (target: Target) => writeTexts(target, target.rows.markers),
  PLAT: (target: Target) => writeTexts(target, target.rows.platforms),
  META: (target: Target) => writeTexts(target, target.rows.meta.flat()),
  fork: (target: Target) => writeTexts(target, target.rows.forks),
  spec: (target: Target) => writeTexts(target, target.rows.specifiers),
} as const;

/** All ones, as a size that its index does not state. */
const UNKNOWN_SIZE = -1;

// A text is its offset in the file and its length; an empty one is nowhere.

function writeTexts({ view, offset, strings, stringsAt }: Target, texts: readonly string[]): void {
  for (let index = 0; index < texts.length; index++) {
    const number = strings.numbers.get(texts[index]!);
    if (number === undefined) continue;
    view.setUint32(offset + 8 * index, stringsAt + strings.offsets[number]!, true);
    view.setUint32(offset + 8 * index + 4, strings.lengths[number]!, true);
  }
}

/** A text whose length has 16 bits and stands at a place of its own. */
function setText(
  { view, strings, stringsAt }: Target,
  at: readonly [offset: number, length: number],
  text: string,
): void {
  const number = strings.numbers.get(text);
  if (number === undefined) return;
  view.setUint32(at[0], stringsAt + strings.offsets[number]!, true);
  view.setUint16(at[1], strings.lengths[number]!, true);
}

function writeEntries(target: Target): void {
  const markers = indexOf(target.rows.markers);
  for (const [index, row] of target.rows.entries.entries()) {
    const at = target.offset + RECORD_BYTES.ENTR * index;
    const next = target.rows.entries[index + 1]?.package.name === row.package.name ? index + 1 : NONE;
    writeName(target, at, row);
    writeVersion(target, at, row);
    writeRuns(target, at, row);
    target.view.setUint32(at + ENTRY.next, next, true);
    target.view.setUint32(at + ENTRY.marker, markers.get(row.package.marker) ?? NONE, true);
    writeIntegrity(target, at, row);
  }
}

function writeName(target: Target, at: number, { package: each, source, isDirect }: EntryRow): void {
  const { view } = target;
  const { high, low } = nameHash(each.name);
  view.setUint32(at + ENTRY.nameHash, low, true);
  view.setUint32(at + ENTRY.nameHash + 4, high, true);
  setText(target, [at + ENTRY.name, at + ENTRY.nameLength], each.name);
  view.setUint8(at + ENTRY.sourceType, source.type);
  const flags =
    (each.files.length > 0 && each.files.every(({ isYanked }) => isYanked) ? ENTRY_FLAG.yanked : 0) |
    (isDirect ? ENTRY_FLAG.direct : 0) |
    (each.files.some(({ kind }) => kind === "wheel") ? 0 : ENTRY_FLAG.sourceOnly);
  view.setUint8(at + ENTRY.flags, flags);
  setText(target, [at + ENTRY.source, at + ENTRY.sourceLength], source.source);
  setText(target, [at + ENTRY.detail, at + ENTRY.detailLength], source.detail);
}

function writeVersion(target: Target, at: number, { package: each }: EntryRow): void {
  const { view } = target;
  const { major, minor, patch, flags } = versionFields(each.version);
  view.setUint32(at + ENTRY.major, major, true);
  view.setUint32(at + ENTRY.minor, minor, true);
  view.setUint32(at + ENTRY.patch, patch, true);
  view.setUint32(at + ENTRY.versionFlags, flags, true);
  setText(target, [at + ENTRY.version, at + ENTRY.versionLength], each.version);
  setText(target, [at + ENTRY.python, at + ENTRY.pythonLength], each.requiresPython);
}

function writeRuns({ view }: Target, at: number, { extras, artifacts, edges }: EntryRow): void {
  view.setUint32(at + ENTRY.firstExtra, extras.first, true);
  view.setUint16(at + ENTRY.extraCount, extras.count, true);
  view.setUint32(at + ENTRY.firstArtifact, artifacts.first, true);
  view.setUint16(at + ENTRY.artifactCount, artifacts.count, true);
  view.setUint32(at + ENTRY.firstEdge, edges.first, true);
  view.setUint16(at + ENTRY.edgeCount, edges.count, true);
}

function writeIntegrity({ bytes, view }: Target, at: number, { package: each }: EntryRow): void {
  let newest = NO_TIME;
  for (const { uploadedAtMs } of each.files) newest = Math.max(newest, uploadSeconds(uploadedAtMs));
  setNumber(view, at + ENTRY.newestUpload, newest);
  const [kind, digest] = integrityFields(each);
  view.setUint8(at + ENTRY.integrityKind, kind);
  bytes.set(digest, at + ENTRY.integrity);
}

/** Kind and digest of what a package consists of (SPEC DPL-07). */
function integrityFields({ files, integrity }: LockedPackage): readonly [kind: number, digest: Uint8Array] {
  if (files.length > 0) return [INTEGRITY.artifacts, digestOf(files)];
  if (integrity) return [integrityNumber(integrity.kind), Buffer.from(integrity.digest, "hex")];
  return [INTEGRITY.none, new Uint8Array(0)];
}

/** By list of files, of which many locks of one process have the same. */
const digests = new WeakMap<readonly DistributionFile[], Uint8Array>();

function digestOf(files: readonly DistributionFile[]): Uint8Array {
  let digest = digests.get(files);
  if (!digest) digests.set(files, (digest = artifactSetDigest(files.map(({ sha256 }) => sha256 as string))));
  return digest;
}

const NO_TIME = -1;
const uploadSeconds = (uploadedAtMs: number | undefined): number =>
  uploadedAtMs === undefined ? NO_TIME : Math.floor(uploadedAtMs / 1000);

/** A safe integer in 64 bits, -1 as all ones. */
function setNumber(view: DataView, at: number, value: number): void {
  view.setUint32(at, value, true);
  view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
}

function writeArtifacts(target: Target): void {
  const platforms = indexOf(target.rows.platforms);
  let at = target.offset;
  for (const { files } of target.rows.entries) {
    target.bytes.set(recordsOf(files), at);
    for (const { file, location, platform } of files) {
      setText(target, [at + ARTIFACT.filename, at + ARTIFACT.filenameLength], file.filename);
      setText(target, [at + ARTIFACT.location, at + ARTIFACT.locationLength], location);
      const number = platform === undefined ? NO_PLATFORM : platforms.get(platform);
      target.view.setUint16(at + ARTIFACT.platform, number as number, true);
      at += RECORD_BYTES.ARTF;
    }
  }
}

/** What is the same in every lock, by list of rows. */
const records = new WeakMap<readonly ArtifactRow[], Buffer>();

function recordsOf(rows: readonly ArtifactRow[]): Buffer {
  let bytes = records.get(rows);
  if (!bytes) {
    bytes = Buffer.alloc(RECORD_BYTES.ARTF * rows.length);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let i = 0; i < rows.length; i++) writeArtifact({ bytes, view }, RECORD_BYTES.ARTF * i, rows[i]!);
    records.set(rows, bytes);
  }
  return bytes;
}

function writeArtifact(
  { bytes, view }: Pick<Target, "bytes" | "view">,
  at: number,
  { file, isChosen }: ArtifactRow,
): void {
  if (file.kind === "sdist") view.setUint8(at + ARTIFACT.kind, 1);
  const flags =
    (file.isYanked ? ARTIFACT_FLAG.yanked : 0) |
    (file.hasMetadataFile ? ARTIFACT_FLAG.metadataFile : 0) |
    (isChosen ? ARTIFACT_FLAG.chosen : 0);
  if (flags !== 0) view.setUint8(at + ARTIFACT.flags, flags);
  setNumber(view, at + ARTIFACT.size, file.sizeBytes ?? UNKNOWN_SIZE);
  bytes.write(file.sha256 as string, at + ARTIFACT.sha256, "hex");
  setNumber(view, at + ARTIFACT.uploaded, uploadSeconds(file.uploadedAtMs));
  if (file.metadataSha256 !== undefined) bytes.write(file.metadataSha256, at + ARTIFACT.metadataSha256, "hex");
}

function writeEdges(target: Target): void {
  const { view, rows } = target;
  const markers = indexOf(rows.markers);
  for (const [index, { edge, extras }] of rows.edges.entries()) {
    const at = target.offset + RECORD_BYTES.EDGE * index;
    view.setUint32(at + EDGE.target, edge.to, true);
    view.setUint32(at + EDGE.marker, markers.get(edge.marker) ?? NONE, true);
    view.setUint32(at + EDGE.firstExtra, extras.first, true);
    view.setUint16(at + EDGE.extraCount, extras.count, true);
  }
}

function writeRoots(target: Target): void {
  const { view, rows } = target;
  const markers = indexOf(rows.markers);
  for (const [index, { root, owner }] of rows.roots.entries()) {
    const at = target.offset + RECORD_BYTES.ROOT * index;
    setText(target, [at + ROOT.requirement, at + ROOT.requirementLength], root.requirement);
    view.setUint8(at + ROOT.kind, ROOT_KINDS.indexOf(root.owner.kind));
    setText(target, [at + ROOT.owner, at + ROOT.ownerLength], owner);
    view.setUint32(at + ROOT.entry, root.to, true);
    view.setUint32(at + ROOT.marker, markers.get(root.marker) ?? NONE, true);
  }
}

const indexOf = (texts: readonly string[]): ReadonlyMap<string, number> => new Map(texts.map((text, i) => [text, i]));
