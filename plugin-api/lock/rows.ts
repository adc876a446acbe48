import { PybunError } from "../error.ts";
import type { DistributionFile } from "../model/distribution.ts";
import type { Lock, LockedEdge, LockedPackage, LockedRoot } from "../model/lock.ts";
import { byText } from "./canonical.ts";
import { tooLarge } from "./incomplete.ts";
import { INDEXES, LOCK_LIMITS, REQUIRES_PYTHON } from "./layout.ts";
import { indexesHere, type LockPlace, portableRequirement, portableUrl } from "./place.ts";
import { sortPlatforms, wheelPlatform } from "./platforms.ts";
import { type SourceFields, sourceFields } from "./source-fields.ts";

/** A list of neighbouring records. */
export interface Run {
  readonly first: number;
  readonly count: number;
}
export interface EntryRow {
  readonly package: LockedPackage;
  readonly source: SourceFields;
  /** A root leads to it. */
  readonly isDirect: boolean;
  readonly extras: Run;
  readonly artifacts: Run;
  readonly files: readonly ArtifactRow[];
  readonly edges: Run;
}
export interface ArtifactRow {
  readonly file: DistributionFile;
  readonly location: string;
  /** Platform part of a wheel's tags. */
  readonly platform: string | undefined;
  readonly isChosen: boolean;
}
export interface EdgeRow {
  readonly edge: LockedEdge;
  readonly extras: Run;
}
export interface RootRow {
  readonly root: LockedRoot;
  readonly owner: string;
}

/** The tables of a lock before anything has an offset. */
export interface Rows {
  readonly entries: readonly EntryRow[];
  readonly artifacts: readonly ArtifactRow[];
  readonly edges: readonly EdgeRow[];
  readonly roots: readonly RootRow[];
  /** Those of the entries, one after the other, then those of the edges. */
  readonly extras: readonly string[];
  readonly markers: readonly string[];
  readonly platforms: readonly string[];
  readonly meta: readonly (readonly [key: string, value: string])[];
  readonly forks: readonly string[];
  readonly specifiers: readonly string[];
}

/** Lays a canonical lock out in tables. Throws `E_LOCK_INCOMPLETE` and `E_LIMIT`. */
export function rowsOf(lock: Lock, place: LockPlace): Rows {
  const indexes = indexesHere(lock.meta[INDEXES], place);
  const extras: string[] = [];
  const artifacts: ArtifactRow[] = [];
  const direct = new Set(lock.roots.map(({ to }) => to));
  let edgeCount = 0;
  const entries = lock.packages.map((each, index): EntryRow => {
    const base = each.source.kind === "index" ? indexes.get(each.source.index) : undefined;
    const files = artifactRows(each, base, place);
    const row = {
      package: each,
      source: sourceFields(each, place),
      isDirect: direct.has(index),
      extras: runOf(extras.length, each.extras.length, each),
      artifacts: runOf(artifacts.length, each.files.length, each),
      files,
      edges: runOf(edgeCount, each.dependencies.length, each),
    };
    extras.push(...each.extras);
    artifacts.push(...files);
    edgeCount += each.dependencies.length;
    return row;
  });
  const edges = lock.packages.flatMap((each) =>
    each.dependencies.map((edge): EdgeRow => {
      const run = runOf(extras.length, edge.extras.length, each);
      extras.push(...edge.extras);
      return { edge, extras: run };
    }),
  );
  const roots = lock.roots.map(
    (root): RootRow => ({
      root: { ...root, requirement: portableRequirement(root.requirement, place) },
      owner: formatOwner(root.owner),
    }),
  );
  const markers = [...lock.packages, ...edges.map(({ edge }) => edge), ...lock.roots].map(({ marker }) => marker);
  const platforms = artifacts.flatMap(({ platform }) => platform ?? []);
  return {
    entries,
    artifacts,
    edges,
    roots,
    extras,
    markers: [...new Set(markers)].filter((marker) => marker !== "").sort(byText),
    platforms: sortPlatforms(lock.platform === undefined ? platforms : [...platforms, lock.platform]),
    meta: Object.entries({ ...lock.meta, [REQUIRES_PYTHON]: lock.requiresPython }).sort(([a], [b]) => byText(a, b)),
    forks: lock.forks,
    specifiers: edges.map(({ edge }) => edge.specifier),
  };
}

function runOf(first: number, count: number, { name, version }: LockedPackage): Run {
  if (count > LOCK_LIMITS.count) throw tooLarge(`${name} ${version} has ${count} files, extras or requirements`);
  return { first, count };
}

/** By list of files: many locks of one process have the same, and of most files only the base decides what they look like. */
const known = new WeakMap<
  LockedPackage["files"],
  { readonly base: string | undefined; readonly rows: readonly ArtifactRow[] }
>();

function artifactRows(each: LockedPackage, base: string | undefined, place: LockPlace): readonly ArtifactRow[] {
  const { files, chosen } = each;
  const found = chosen === undefined ? known.get(files) : undefined;
  if (found && found.base === base) return found.rows;
  const rows = files.map((file) => artifactRow(file, each, portableUrl(file.url, base, place)));
  const isAnywhere = chosen === undefined && !files.some(({ url }) => url.startsWith("file:"));
  if (isAnywhere) known.set(files, { base, rows });
  return rows;
}

function artifactRow(file: DistributionFile, { name, version, chosen }: LockedPackage, location: string): ArtifactRow {
  try {
    const platform = file.kind === "wheel" ? wheelPlatform(file.filename) : undefined;
    return { file, location, platform, isChosen: file.filename === chosen };
  } catch (cause) {
    throw new PybunError("E_LOCK_INCOMPLETE", `${name} ${version} has a wheel that can't be told from others`, {
      cause,
    });
  }
}

/** `member:name` for what belongs to a member of a workspace, else the name. Neither contains a colon. */
const formatOwner = ({ member, name }: LockedRoot["owner"]): string => (member === "" ? name : `${member}:${name}`);
