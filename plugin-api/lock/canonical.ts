import { PybunError } from "../error.ts";
import type { DistributionFile } from "../model/distribution.ts";
import type { Lock, LockedEdge, LockedPackage, LockedRoot } from "../model/lock.ts";
import { versionKey } from "../python/version-key.ts";
import { REQUIRES_PYTHON } from "./layout.ts";
import { integrityOf } from "./source-fields.ts";

/**
 * The lock as it comes back from its file: everything in one order, whatever order it was put together in, and without what
 * no lock holds: reasons for yanking, each file's own Requires-Python, milliseconds. Equal contents give equal values.
 * Throws `E_LOCK_INCOMPLETE` for a version that is none.
 */
export function canonicalLock(lock: Lock): Lock {
  const ordered = orderedLock(lock);
  return { ...ordered, packages: ordered.packages.map((each) => ({ ...each, files: each.files.map(canonicalFile) })) };
}

/** As `canonicalLock`, with files as they are given: what is not written down of them is still there. */
export function orderedLock(lock: Lock): Lock {
  const order = lock.packages.map((each, index) => ({ each, index, key: keyOf(each) })).sort(byPackage);
  const places = new Map(order.map(({ index }, place) => [index, place]));
  const placeOf = (index: number, who: string): number => {
    const place = places.get(index);
    if (place !== undefined) return place;
    throw new PybunError("E_LOCK_INCOMPLETE", `${who} leads to a package that is not in the lock`);
  };
  const meta = Object.entries(lock.meta).filter(([key]) => key !== REQUIRES_PYTHON);
  return {
    requiresPython: lock.requiresPython,
    forks: [...lock.forks].sort(byText),
    packages: order.map(({ each }) => orderedPackage(each, placeOf)),
    roots: lock.roots.map((root) => ({ ...root, to: placeOf(root.to, `\`${root.requirement}\``) })).sort(byRoot),
    meta: Object.fromEntries(meta.sort(([a], [b]) => byText(a, b))),
    ...(lock.platform !== undefined && { platform: lock.platform }),
    ...(lock.otherSections?.length && { otherSections: lock.otherSections }),
  };
}

/** Orders texts by code units. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Ordered {
  readonly each: LockedPackage;
  readonly key: string;
}

function keyOf({ name, version }: LockedPackage): string {
  const key = versionKey(version);
  if (key === undefined) throw new PybunError("E_LOCK_INCOMPLETE", `${name} has \`${version}\` for a version`);
  return key;
}

function byPackage(a: Ordered, b: Ordered): number {
  return (
    byText(a.each.name, b.each.name) ||
    byText(a.key, b.key) ||
    byText(a.each.version, b.each.version) ||
    byText(a.each.marker, b.each.marker) ||
    byText(JSON.stringify(a.each.source), JSON.stringify(b.each.source))
  );
}

type PlaceOf = (index: number, who: string) => number;

function orderedPackage(given: LockedPackage, placeOf: PlaceOf): LockedPackage {
  const integrity = integrityOf(given);
  const who = `${given.name} ${given.version}`;
  return {
    name: given.name,
    version: given.version,
    source: given.source,
    marker: given.marker,
    requiresPython: given.requiresPython,
    files: orderedFiles(given),
    ...(given.chosen !== undefined && { chosen: given.chosen }),
    extras: given.extras.length < 2 ? given.extras : [...given.extras].sort(byText),
    dependencies: given.dependencies.map((edge) => canonicalEdge(edge, placeOf(edge.to, who))).sort(byEdge),
    ...(integrity && { integrity }),
  };
}

function orderedFiles({ source, files }: LockedPackage): readonly DistributionFile[] {
  // A tree is no file, whatever stands for it while it is resolved.
  if (source.kind === "git" || source.kind === "member") return [];
  const archives = source.kind === "path" ? files.filter(({ sha256 }) => sha256 !== undefined) : files;
  return archives.every((file, i) => i === 0 || byFilename(archives[i - 1]!, file) <= 0)
    ? archives
    : archives.toSorted(byFilename);
}

const byFilename = (a: DistributionFile, b: DistributionFile): number =>
  byText(a.filename, b.filename) || byText(a.url, b.url);

function canonicalFile(file: DistributionFile): DistributionFile {
  const { filename, kind, url, sha256, sizeBytes, isYanked, uploadedAtMs, hasMetadataFile, metadataSha256 } = file;
  return {
    filename,
    kind,
    url,
    ...(sha256 !== undefined && { sha256 }),
    ...(sizeBytes !== undefined && { sizeBytes }),
    isYanked,
    ...(uploadedAtMs !== undefined && { uploadedAtMs: 1000 * Math.floor(uploadedAtMs / 1000) }),
    hasMetadataFile,
    ...(metadataSha256 !== undefined && { metadataSha256 }),
  };
}

const canonicalEdge = ({ marker, extras, specifier }: LockedEdge, to: number): LockedEdge => ({
  to,
  marker,
  extras: extras.length < 2 ? extras : [...extras].sort(byText),
  specifier,
});

const byEdge = (a: LockedEdge, b: LockedEdge): number =>
  a.to - b.to ||
  byText(a.marker, b.marker) ||
  (a.extras === b.extras ? 0 : byText(a.extras.join(), b.extras.join())) ||
  byText(a.specifier, b.specifier);

const byRoot = (a: LockedRoot, b: LockedRoot): number =>
  byText(a.owner.kind, b.owner.kind) ||
  byText(a.owner.member, b.owner.member) ||
  byText(a.owner.name, b.owner.name) ||
  byText(a.requirement, b.requirement) ||
  a.to - b.to ||
  byText(a.marker, b.marker);
