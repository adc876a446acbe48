/**
 * Where things stand in a version page's record. Words are 32 bits in the machine's order: a record is a cache entry and
 * never leaves the machine.
 *
 *   header        HEADER_WORDS words, named by HEADER
 *   releases      keyAt[count + 1], versionAt[2 * count], firstRow[count + 1]
 *   rows          ROW_WORDS words a file, named by ROW; rows of one release stand together, the preferred ones first
 *   tables        tagAt[tags + 1], pythonAt[pythons + 1]
 *   digests       32 bytes each: a row's SHA-256, then that of its metadata file, where it has them
 *   keys, text    code units; offsets count units, a unit is one byte (Latin-1) or two (UTF-16)
 */
export const MAGIC = 0x31_50_56_50; // "PVP1"
export const HEADER_WORDS = 16;
export const HEADER = {
  magic: 0,
  /** Of the whole record: a file that was cut off is noticed when it is opened. */
  sizeBytes: 1,
  releases: 2,
  rows: 3,
  tags: 4,
  pythons: 5,
  digests: 6,
  keyUnits: 7,
  keyUnitBytes: 8,
  textUnits: 9,
  textUnitBytes: 10,
  /** Ends of the texts that stand first: name, index, status, then what all URLs begin with. */
  nameEnd: 11,
  indexEnd: 12,
  statusEnd: 13,
  urlRootEnd: 14,
} as const;

export const ROW_WORDS = 10;
export const ROW = {
  /** Text: the file name from here, the URL's own part, the reason for yanking (or `DIGEST_MARK`, see there), up to `end`. */
  filename: 0,
  url: 1,
  reason: 2,
  end: 3,
  /** Index into the tags, NO_TAG for an sdist. */
  tag: 4,
  python: 5,
  uploadedAt: 6,
  sizeLow: 7,
  /** FLAG bits, then ten bits of upload milliseconds, then the size's high 14 bits. */
  flags: 8,
  digest: 9,
} as const;
export const NO_TAG = 0xffff_ffff;

export const FLAG = {
  yanked: 1,
  metadataFile: 2,
  sha256: 4,
  metadataSha256: 8,
  /** The URL ends with the file name, which is not stored twice. */
  urlEndsWithName: 16,
  reason: 32,
  size: 64,
  uploadMs: 128,
} as const;
export const UPLOAD_MS_SHIFT = 8;
export const SIZE_HIGH_SHIFT = 18;

export const DIGEST_BYTES = 32;
/** Stands around a digest of another kind, `md5=…`, before the reason for yanking. Such a row is rare, and has no column of its own. */
export const DIGEST_MARK = "\0";

/** Words before the first row, the tables and the digests; the same sums on both sides. */
export const rowsAt = (releases: number): number => HEADER_WORDS + 4 * releases + 2;
