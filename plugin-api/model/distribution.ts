import type { Sha256, StatedDigest } from "./digest.ts";
import type { Extra, PackageName, Requirement } from "./requirement.ts";

/**
 * Kinds of place a distribution can come from. A plugin that brings a new kind merges a member into this interface and
 * taps the `fetch.*` stages, answering only where `source.kind` is its own.
 */
export interface SourceKinds {
  /** From an index by its logical name; URLs live on the files, so a mirror changes nothing that is recorded. */
  readonly index: { readonly index: string };
  /** `name @ https://…`: an archive at a URL. */
  readonly url: { readonly url: string; readonly subdirectory?: string };
  /** A wheel or sdist on this machine, or a source tree; absolute path. */
  readonly path: { readonly path: string; readonly isEditable?: boolean; readonly subdirectory?: string };
  /** A project of the same workspace; absolute folder. A virtual one is never installed itself, only what it requires. */
  readonly member: { readonly path: string; readonly isVirtual: boolean };
  /**
   * A commit of a git repository (PEP 610, `vcs_info`). `url`: without `git+`, revision and credentials; `commit`: its whole
   * name; `reference`: the branch, tag or revision that was asked for; `isLfs`: with the files kept by Git LFS.
   */
  readonly git: {
    readonly url: string;
    readonly commit: string;
    readonly reference?: string;
    readonly subdirectory?: string;
    readonly isLfs?: true;
  };
}
export type SourceKind = keyof SourceKinds;
export type Source = { [K in SourceKind]: { readonly kind: K } & SourceKinds[K] }[SourceKind];

/** One file of a release as its index or its folder lists it. */
export interface DistributionFile {
  /** A plain file name: no separator, no NUL. */
  readonly filename: string;
  readonly kind: "wheel" | "sdist";
  /** Absolute; `https:`, `http:` or `file:`; of a git source `git+…` with the commit. Without credentials. */
  readonly url: string;
  readonly sha256?: Sha256;
  /** What is stated where no SHA-256 is, or none that is one: the file is refused unless it has it. */
  readonly otherDigest?: StatedDigest;
  readonly sizeBytes?: number;
  /** `Requires-Python` as published; absent when unknown. */
  readonly requiresPython?: string;
  readonly isYanked: boolean;
  readonly yankedReason?: string;
  /** Milliseconds since the epoch. */
  readonly uploadedAtMs?: number;
  /** The index says that `<url>.metadata` exists (PEP 658, 714), perhaps with its hash. */
  readonly hasMetadataFile: boolean;
  readonly metadataSha256?: Sha256;
}

/**
 * All releases of one package on one index, sorted once. A release is its rank: 0 is the lowest version, `count - 1` the
 * highest (PEP 440). Opened over bytes; nothing is decoded before it is asked for.
 */
export interface VersionPage {
  readonly name: PackageName;
  /** Logical name of the index or folder the page is from. */
  readonly index: string;
  /** Where its files come from, when that is no index: the source of a direct reference. */
  readonly source?: Source;
  /**
   * Releases of a page with a lower number are all tried before those of one with a higher, whatever their versions; the
   * releases of pages with equal numbers compete. Absent: 0.
   */
  readonly precedence?: number;
  /** Files uploaded later do not exist on this page, whatever holds elsewhere; Infinity for none. Milliseconds since the epoch. */
  readonly excludeNewerMs?: number;
  readonly count: number;
  /** Project status (PEP 792): `active`, `archived`, `deprecated`, `quarantined`. */
  readonly status: string;
  /** Key of the release's version: code-unit order is PEP 440 order (see `python/version.ts`). */
  key(rank: number): string;
  /** The version as published. */
  version(rank: number): string;
  /** Number of files of all releases together. */
  readonly fileCount: number;
  /**
   * The release's files are rows `[first, end)`: wheels, those with the higher build number first, then sdists. Among files
   * that fit equally well the first is to be taken.
   */
  rows(rank: number): readonly [first: number, end: number];
  file(row: number): DistributionFile;
  /** Cheap parts of a row, without decoding the rest. */
  isYanked(row: number): boolean;
  /** Index into `tags`, or -1 for an sdist. */
  tagIndex(row: number): number;
  /** Index into `pythons`. */
  pythonIndex(row: number): number;
  /** Distinct compressed tag sets of the page, such as `cp312-cp312-manylinux_2_17_x86_64`. */
  readonly tags: readonly string[];
  /** Distinct `Requires-Python` texts; empty text where none is given. */
  readonly pythons: readonly string[];
  /** One of `tags` or `pythons`, without decoding the others. */
  tag(index: number): string;
  python(index: number): string;
  /** Seconds since the epoch; 0 when unknown. */
  uploadedAt(row: number): number;
}

/** The dependency part of a distribution's metadata (core metadata 2.x), in sections so that unused extras cost nothing. */
export interface DependencyTable {
  /** Why the requirements cannot be read: one of them is malformed. The release is then unusable and the table empty. */
  readonly problem?: string;
  /** Extras the distribution declares or its markers name, sorted. */
  readonly extras: readonly Extra[];
  /**
   * Requirements of the base (`""`), or those an extra adds to them. Comparisons with `extra` are decided; what remains of a
   * marker must be evaluated against the target, without an extra.
   */
  requirements(extra: Extra | ""): readonly Requirement[];
}

/** What the resolver reads of one distribution. */
export interface DistributionMetadata {
  readonly name: PackageName;
  readonly version: string;
  readonly requiresPython: string;
  readonly dependencies: DependencyTable;
}
