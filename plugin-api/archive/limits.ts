/** What an archive may be at most; anything more is `E_LIMIT` (SPEC LIM-01). Sizes in bytes. */
export interface ArchiveLimits {
  /** The archive file itself. */
  readonly packedBytes: number;
  /** All members together after inflating. */
  readonly unpackedBytes: number;
  readonly members: number;
  /** A METADATA file. */
  readonly metadataBytes: number;
  /** How many times larger than its packed form a member or archive of more than `ratioFreeBytes` may be. */
  readonly ratio: number;
  /** What unpacks to less than this may have any ratio: it does no harm. */
  readonly ratioFreeBytes: number;
}

const MIB = 1024 * 1024;

/**
 * The limits when nothing is configured. Deflate can reach a ratio of 1032; a shared library of a few
 * megabytes that is mostly zeros was met with 224, so 300 leaves room and still stops a bomb at its directory.
 */
export const DEFAULT_LIMITS: ArchiveLimits = Object.freeze({
  packedBytes: 2048 * MIB,
  unpackedBytes: 16_384 * MIB,
  members: 500_000,
  metadataBytes: 16 * MIB,
  ratio: 300,
  ratioFreeBytes: 32 * MIB,
});

/** Longest path of a member and longest part between two separators, in bytes: what Linux and macOS can hold. */
export const PATH_BYTES = { whole: 4000, part: 255 } as const;
