import type { PybunError } from "../error.ts";
import type { Sha256 } from "../model/digest.ts";
import type { DistributionFile } from "../model/distribution.ts";
import type { LockedEdge, LockedPackage, LockedRoot, RootOwner, SourceIntegrity } from "../model/lock.ts";
import type { Extra, PackageName } from "../model/requirement.ts";
import { archiveKind, isPlainFilename } from "../page/archive-links.ts";
import { isNormalizedName } from "../python/package-name.ts";
import { versionKey } from "../python/version-key.ts";
import { parseWheelFilename } from "../python/wheel-filename.ts";
import { damaged } from "./damage.ts";
import { checkRun, fault, type Image, listedText, markerAt, recordAt, textOf } from "./image.ts";
import { ARTIFACT, ARTIFACT_FLAG, EDGE, ENTRY, INTEGRITY, ROOT, ROOT_KINDS } from "./layout.ts";
import { requirementHere, urlHere } from "./place.ts";
import { DIGEST_DIGITS, integrityKind, sourceOf } from "./source-fields.ts";

/** A text with its length in 16 bits, where `fields` says. */
function shortText(image: Image, at: number, [offset, length]: readonly [number, number]): string {
  const { view } = image;
  return textOf(image, [view.getUint32(at + offset, true), view.getUint16(at + length, true)], at + offset);
}

/** The name in an entry's record. */
export function entryName(image: Image, at: number): PackageName {
  const name = shortText(image, at, [ENTRY.name, ENTRY.nameLength]);
  if (!isNormalizedName(name)) throw fault(image, ["ENTR", at + ENTRY.name], "a name is none");
  return name as PackageName;
}

/** The package at an index that exists, with all that belongs to it. `indexes`: URL by logical name. */
export function readEntry(image: Image, index: number, indexes: ReadonlyMap<string, string>): LockedPackage {
  const { view } = image;
  const at = recordAt(image, "ENTR", index);
  const version = shortText(image, at, [ENTRY.version, ENTRY.versionLength]);
  if (versionKey(version) === undefined) throw fault(image, ["ENTR", at + ENTRY.version], "a version is none");
  const integrity = readIntegrity(image, at);
  const fields = {
    type: view.getUint8(at + ENTRY.sourceType),
    source: shortText(image, at, [ENTRY.source, ENTRY.sourceLength]),
    detail: shortText(image, at, [ENTRY.detail, ENTRY.detailLength]),
  };
  const source = sourceOf(fields, integrity?.digest ?? "", image.place);
  if (source === undefined) throw fault(image, ["ENTR", at + ENTRY.sourceType], "a source is of no known kind");
  if ((source.kind === "git") !== (integrity !== undefined && integrity.kind !== "tree"))
    throw fault(image, ["ENTR", at + ENTRY.integrityKind], "a commit is not where it should be");
  const base = source.kind === "index" ? indexes.get(source.index) : undefined;
  const files = readFiles(image, index, base);
  const chosen = files.find(({ isChosen }) => isChosen)?.file.filename;
  return {
    name: entryName(image, at),
    version,
    source,
    marker: markerAt(image, at + ENTRY.marker),
    requiresPython: shortText(image, at, [ENTRY.python, ENTRY.pythonLength]),
    files: files.map(({ file }) => file),
    ...(chosen !== undefined && { chosen }),
    extras: entryRun(image, "EXTR", index).map((row) => readExtra(image, row)),
    dependencies: readEdges(image, index),
    ...(integrity && { integrity }),
  };
}

function readIntegrity(image: Image, at: number): SourceIntegrity | undefined {
  const number = image.view.getUint8(at + ENTRY.integrityKind);
  if (number === INTEGRITY.none || number === INTEGRITY.artifacts) return undefined;
  const kind = integrityKind(number);
  if (kind === undefined) throw fault(image, ["ENTR", at + ENTRY.integrityKind], "a digest is of no known kind");
  const digest = hexAt(image, at + ENTRY.integrity).slice(0, DIGEST_DIGITS[kind]);
  return { kind, digest };
}

const hexAt = ({ bytes }: Image, at: number): string => bytes.toString("hex", at, at + 32);

/** Undefined for one that is all zeros. */
function digestAt(image: Image, at: number): Sha256 | undefined {
  for (let i = 0; i < 32; i += 4) if (image.view.getUint32(at + i, true) !== 0) return hexAt(image, at) as Sha256;
  return undefined;
}

/** Where a record says which others belong to it: the first one's index, 32 bits, and their number, 16 bits. */
interface Run {
  readonly section: "ARTF" | "EDGE" | "EXTR";
  readonly firstAt: number;
  readonly countAt: number;
}
const ENTRY_RUNS = {
  ARTF: [ENTRY.firstArtifact, ENTRY.artifactCount],
  EDGE: [ENTRY.firstEdge, ENTRY.edgeCount],
  EXTR: [ENTRY.firstExtra, ENTRY.extraCount],
} as const;

const endAt = ({ view }: Image, [at, first, count]: readonly [number, number, number]): number =>
  view.getUint32(at + first, true) + view.getUint16(at + count, true);

/** Where the records of the entry before `index` end. */
function entryRunEnd(image: Image, section: Run["section"], index: number): number {
  if (index === 0) return 0;
  return endAt(image, [recordAt(image, "ENTR", index - 1), ...ENTRY_RUNS[section]]);
}

/** Extras of edges stand behind those of all entries. */
function edgeRunEnd(image: Image, index: number): number {
  if (index === 0) return entryRunEnd(image, "EXTR", image.outline.packageCount);
  return endAt(image, [recordAt(image, "EDGE", index - 1), EDGE.firstExtra, EDGE.extraCount]);
}

/** Indexes of the records that an entry has in a section. */
function entryRun(image: Image, section: Run["section"], index: number): readonly number[] {
  const at = recordAt(image, "ENTR", index);
  const [first, count] = ENTRY_RUNS[section];
  return checkedRun(image, { section, firstAt: at + first, countAt: at + count }, entryRunEnd(image, section, index));
}

function checkedRun(image: Image, { section, firstAt, countAt }: Run, previousEnd: number): readonly number[] {
  const first = image.view.getUint32(firstAt, true);
  const count = image.view.getUint16(countAt, true);
  checkRun(image, section, { first, count, from: firstAt, previousEnd });
  return Array.from({ length: count }, (_, i) => first + i);
}

/** That the last runs end with their sections: every record belongs to something. */
export function checkRuns(image: Image): void {
  const { packageCount, sections } = image.outline;
  const edges = sections.get("EDGE")?.count ?? 0;
  const ends = {
    ARTF: entryRunEnd(image, "ARTF", packageCount),
    EDGE: entryRunEnd(image, "EDGE", packageCount),
    EXTR: edgeRunEnd(image, edges),
  };
  for (const [id, end] of Object.entries(ends)) {
    const section = sections.get(id);
    if (section?.count !== end) throw fault(image, [id, section?.offset ?? 0], "it has records that belong to nothing");
  }
}

function readExtra(image: Image, index: number): Extra {
  const extra = listedText(image, "EXTR", index);
  if (!isNormalizedName(extra)) throw fault(image, ["EXTR", recordAt(image, "EXTR", index)], "an extra is none");
  return extra as Extra;
}

interface ReadFile {
  readonly file: DistributionFile;
  readonly isChosen: boolean;
}

function readFiles(image: Image, index: number, base: string | undefined): readonly ReadFile[] {
  return entryRun(image, "ARTF", index).map((row) => readFile(image, recordAt(image, "ARTF", row), base));
}

function readFile(image: Image, at: number, base: string | undefined): ReadFile {
  const { view } = image;
  const filename = shortText(image, at, [ARTIFACT.filename, ARTIFACT.filenameLength]);
  const kind = view.getUint8(at + ARTIFACT.kind) === 0 ? "wheel" : "sdist";
  checkFilename(image, at, { filename, kind });
  const flags = view.getUint8(at + ARTIFACT.flags);
  const sha256 = digestAt(image, at + ARTIFACT.sha256);
  if (sha256 === undefined) throw fault(image, ["ARTF", at + ARTIFACT.sha256], "a file has no SHA-256");
  // Nearly all of a lock is files: no object is made here that is not kept.
  const file: Writable<DistributionFile> = {
    filename,
    kind,
    url: readUrl(image, at, base),
    sha256,
    isYanked: (flags & ARTIFACT_FLAG.yanked) !== 0,
    hasMetadataFile: (flags & ARTIFACT_FLAG.metadataFile) !== 0,
  };
  const sizeBytes = readSize(image, at + ARTIFACT.size);
  if (sizeBytes !== undefined) file.sizeBytes = sizeBytes;
  const uploadedAtMs = readTime(image, at + ARTIFACT.uploaded);
  if (uploadedAtMs !== undefined) file.uploadedAtMs = uploadedAtMs;
  const metadataSha256 = digestAt(image, at + ARTIFACT.metadataSha256);
  if (metadataSha256 !== undefined) file.metadataSha256 = metadataSha256;
  return { file, isChosen: (flags & ARTIFACT_FLAG.chosen) !== 0 };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function checkFilename(
  image: Image,
  at: number,
  { filename, kind }: Pick<DistributionFile, "filename" | "kind">,
): void {
  const wrong = (cause?: unknown): PybunError =>
    damaged(
      { path: image.place.path, section: "ARTF", offset: at + ARTIFACT.filename },
      "a file's name is none",
      cause,
    );
  if (!isPlainFilename(filename) || archiveKind(filename) !== kind) throw wrong();
  try {
    if (kind === "wheel") parseWheelFilename(filename);
  } catch (cause) {
    throw wrong(cause);
  }
}

const WORD = 2 ** 32;
const ALL_BITS = WORD - 1;

/** Undefined when the index does not say. */
function readSize(image: Image, at: number): number | undefined {
  const [low, high] = [image.view.getUint32(at, true), image.view.getUint32(at + 4, true)];
  if (low === ALL_BITS && high === ALL_BITS) return undefined;
  const size = high * WORD + low;
  if (!Number.isSafeInteger(size)) throw fault(image, ["ARTF", at], "a size is none");
  return size;
}

/** Milliseconds; undefined when the index does not say. */
function readTime(image: Image, at: number): number | undefined {
  const [low, high] = [image.view.getUint32(at, true), image.view.getInt32(at + 4, true)];
  if (low === ALL_BITS && high === -1) return undefined;
  const ms = 1000 * (high * WORD + low);
  if (ms < 0 || ms > 8.64e15) throw fault(image, ["ARTF", at], "a time is none");
  return ms;
}

function readUrl(image: Image, at: number, base: string | undefined): string {
  const location = shortText(image, at, [ARTIFACT.location, ARTIFACT.locationLength]);
  try {
    return urlHere(location, base, image.place);
  } catch (cause) {
    const spot = { path: image.place.path, section: "ARTF", offset: at + ARTIFACT.location };
    throw damaged(spot, `a file's address is none: ${cause instanceof Error ? cause.message : ""}`, cause);
  }
}

function readEdges(image: Image, entry: number): readonly LockedEdge[] {
  const hasSpecifiers = image.outline.sections.has("spec");
  return entryRun(image, "EDGE", entry).map((index): LockedEdge => {
    const at = recordAt(image, "EDGE", index);
    const run = { section: "EXTR", firstAt: at + EDGE.firstExtra, countAt: at + EDGE.extraCount } as const;
    return {
      to: checkedTarget(image, at + EDGE.target),
      marker: markerAt(image, at + EDGE.marker),
      extras: checkedRun(image, run, edgeRunEnd(image, index)).map((row) => readExtra(image, row)),
      specifier: hasSpecifiers ? listedText(image, "spec", index) : "",
    };
  });
}

function checkedTarget(image: Image, at: number): number {
  const target = image.view.getUint32(at, true);
  if (target >= image.outline.packageCount) throw fault(image, ["ENTR", at], `it points to package ${target}`);
  return target;
}

/** The root at an index that exists. */
export function readRoot(image: Image, index: number): LockedRoot {
  const { view } = image;
  const at = recordAt(image, "ROOT", index);
  const kind = ROOT_KINDS[view.getUint8(at + ROOT.kind)];
  if (kind === undefined) throw fault(image, ["ROOT", at + ROOT.kind], "a requirement belongs to nothing known");
  return {
    owner: readOwner(kind, shortText(image, at, [ROOT.owner, ROOT.ownerLength])),
    requirement: requirementHere(shortText(image, at, [ROOT.requirement, ROOT.requirementLength]), image.place),
    to: checkedTarget(image, at + ROOT.entry),
    marker: markerAt(image, at + ROOT.marker),
  };
}

function readOwner(kind: RootOwner["kind"], text: string): RootOwner {
  const colon = text.indexOf(":");
  return { kind, name: text.slice(colon + 1), member: text.slice(0, Math.max(0, colon)) as PackageName };
}
