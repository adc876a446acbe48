import type { DistributionFile } from "../model/distribution.ts";
import type { Lock, LockedEdge, LockedPackage } from "../model/lock.ts";
import { artifactSetDigest } from "./content-hash.ts";
import { FORMAT_VERSION } from "./layout.ts";
import { type LockPlace, portablePath, portableRequirement, portableUrl, withoutCredentials } from "./place.ts";
import { sortPlatforms, wheelPlatform } from "./platforms.ts";
import { integrityOf } from "./source-fields.ts";
import { lowestPython } from "./version-fields.ts";

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The lock as plain JSON (SPEC LOCK-04), for programs: names as they are, markers as PEP 508 has them, digests in hexadecimal, sizes
 * in bytes, times as RFC 3339. What is not known is null. Paths are relative to the lock.
 */
export function lockJson(lock: Lock, place: LockPlace): JsonObject {
  const python = lowestPython(lock.requiresPython);
  const platforms = lock.packages.flatMap(({ files }) => files.flatMap((file) => platformOf(file) ?? []));
  return {
    format_version: FORMAT_VERSION,
    python_version: python.some((part) => part > 0) ? python.slice(0, python[2] > 0 ? 3 : 2).join(".") : null,
    requires_python: lock.requiresPython,
    python_abi: lock.meta["python-abi"] ?? null,
    platforms: sortPlatforms(platforms),
    platform: lock.platform ?? null,
    forks: lock.forks,
    packages: lock.packages.map((each) => packageJson(each, lock, place)),
    roots: lock.roots.map(({ owner, requirement, to, marker }) => ({
      kind: owner.kind,
      name: owner.name,
      member: owner.member,
      requirement: portableRequirement(requirement, place),
      package: lock.packages[to]?.name,
      version: lock.packages[to]?.version,
      marker,
    })),
    meta: lock.meta,
  };
}

function packageJson(each: LockedPackage, lock: Lock, place: LockPlace): JsonObject {
  return {
    name: each.name,
    version: each.version,
    source: sourceJson(each.source, place),
    marker: each.marker,
    requires_python: each.requiresPython,
    extras: each.extras,
    integrity: integrityJson(each),
    artifacts: each.files.map((file) => artifactJson(file, each, place)),
    dependencies: each.dependencies.map((edge) => dependencyJson(edge, lock)),
  };
}

/** A source as an object of its facts, paths relative to the lock. */
export function sourceJson(source: LockedPackage["source"], place: LockPlace): JsonObject {
  const { kind, ...facts } = source;
  const entries = Object.entries(facts).map(([key, value]): readonly [string, unknown] => {
    if (key === "path") return [key, portablePath(value as string, place)];
    if (key === "url") return [key, withoutCredentials(value as string)];
    return [key.replace(/^is([A-Z])/, (_, letter: string) => letter.toLowerCase()), value];
  });
  return { kind, ...Object.fromEntries(entries) };
}

/** What the content is checked against as a whole; null for a tree that may change. */
function integrityJson(each: LockedPackage): JsonObject | null {
  const integrity = integrityOf(each);
  if (integrity) return { kind: integrity.kind, digest: integrity.digest };
  if (each.files.length === 0) return null;
  const digests = each.files.map(({ sha256 }) => sha256 as string);
  return { kind: "artifacts", digest: Buffer.from(artifactSetDigest(digests)).toString("hex") };
}

function artifactJson(file: DistributionFile, { chosen }: LockedPackage, place: LockPlace): JsonObject {
  return {
    file: file.filename,
    kind: file.kind,
    size: file.sizeBytes ?? null,
    sha256: file.sha256,
    url: portableUrl(file.url, undefined, place),
    platform: platformOf(file) ?? null,
    chosen: file.filename === chosen,
    yanked: file.isYanked,
    uploaded: file.uploadedAtMs === undefined ? null : new Date(file.uploadedAtMs).toISOString(),
  };
}

const platformOf = ({ kind, filename }: DistributionFile): string | undefined =>
  kind === "wheel" ? wheelPlatform(filename) : undefined;

const dependencyJson = ({ to, marker, extras, specifier }: LockedEdge, { packages }: Lock): JsonObject => ({
  name: packages[to]?.name,
  version: packages[to]?.version,
  specifier,
  marker,
  extras,
});
