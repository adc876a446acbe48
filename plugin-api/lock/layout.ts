/**
 * Where things stand in a `pybun.lockb` (SPEC 6.2). Numbers are little-endian, offsets count from the start of the file,
 * sections begin at multiples of eight, and gaps are zero. docs/guide/lock-file.md tells it in full.
 */

export const MAGIC = 0x01_4c_50_44; // "DPL\x01"
export const FORMAT_VERSION = 1;
/** "None" where an index or an offset is wanted. */
export const NONE = 0xffff_ffff;
export const NO_PLATFORM = 0xffff;

export const HEADER_BYTES = 64;
export const HEADER = {
  magic: 0,
  version: 4,
  flags: 6,
  packageCount: 8,
  hashTable: 12,
  slots: 16,
  directory: 20,
  pythonMajor: 24,
  pythonMinor: 25,
  pythonMicro: 26,
  platform: 28,
  contentHash: 32,
} as const;
export const LOCK_FLAG = { universal: 1, workspace: 2, attestations: 4, script: 8 } as const;

export const DIRECTORY_HEAD_BYTES = 8;
export const DIRECTORY_RECORD_BYTES = 16;
export const LEAST_SLOTS = 8;

/**
 * Bytes of one record; 0 for a section that is no table. The lower-case ones are our own: readers of the standard layout
 * pass them over. `fork`: markers of the forks. `spec`: the specifier of each edge.
 */
export const RECORD_BYTES = {
  ENTR: 128,
  ARTF: 96,
  EDGE: 16,
  ROOT: 32,
  EXTR: 8,
  MARK: 8,
  PLAT: 8,
  META: 16,
  ATTS: 0,
  fork: 8,
  spec: 8,
  STRS: 0,
} as const;
export type SectionId = keyof typeof RECORD_BYTES;
/** What every lock has. */
export const REQUIRED: readonly SectionId[] = ["ENTR", "ARTF", "EDGE", "ROOT", "EXTR", "MARK", "PLAT", "META", "STRS"];

export const ENTRY = {
  nameHash: 0,
  name: 8,
  nameLength: 12,
  sourceType: 14,
  flags: 15,
  major: 16,
  minor: 20,
  patch: 24,
  versionFlags: 28,
  version: 32,
  versionLength: 36,
  extraCount: 38,
  firstExtra: 40,
  next: 44,
  marker: 48,
  firstArtifact: 52,
  artifactCount: 56,
  firstEdge: 60,
  edgeCount: 64,
  source: 68,
  sourceLength: 72,
  pythonLength: 74,
  python: 76,
  detail: 80,
  detailLength: 84,
  integrityKind: 86,
  newestUpload: 88,
  integrity: 96,
} as const;
export const ENTRY_FLAG = { yanked: 1, direct: 2, sourceOnly: 4 } as const;
export const SOURCE_TYPE = {
  index: 0,
  url: 1,
  git: 2,
  directory: 3,
  archive: 4,
  editable: 5,
  member: 6,
  virtual: 7,
} as const;
export const VERSION_FLAG = { exact: 1, pre: 2, post: 4, dev: 8, local: 16, epoch: 32, more: 64 } as const;
/** `none`: a tree that may change at any time, such as a member or an editable folder. */
export const INTEGRITY = { none: 0, artifacts: 1, gitSha1: 2, gitSha256: 3, tree: 4 } as const;

export const ARTIFACT = {
  filename: 0,
  filenameLength: 4,
  kind: 6,
  flags: 7,
  size: 8,
  sha256: 16,
  location: 48,
  locationLength: 52,
  platform: 54,
  uploaded: 56,
  metadataSha256: 64,
} as const;
export const ARTIFACT_FLAG = { yanked: 1, metadataFile: 2, chosen: 4 } as const;

export const EDGE = { target: 0, marker: 4, firstExtra: 8, extraCount: 12, kind: 14 } as const;
export const ROOT = {
  requirement: 0,
  requirementLength: 4,
  kind: 6,
  owner: 8,
  ownerLength: 12,
  entry: 16,
  marker: 20,
} as const;
export const ROOT_KINDS = ["project", "optional", "group", "script", "member"] as const;

/** Key of META under which the lock's range of Pythons stands. */
export const REQUIRES_PYTHON = "requires-python";
/** Key of META with the indexes: a JSON object, logical name to URL without credentials. */
export const INDEXES = "indexes";

/** What a lock may be at most (SPEC LIM-01). */
export const LOCK_LIMITS = { fileBytes: 512 * 1024 * 1024, stringBytes: 0xffff, count: 0xffff } as const;
/** Smaller files are checked against their content hash whenever they are opened. */
export const ALWAYS_VERIFIED_BYTES = 1024 * 1024;

/** The next multiple of eight. */
export const aligned = (offset: number): number => 8 * Math.ceil(offset / 8);
