import { versionParts } from "../../plugin-api/python/version-key.ts";

/** A version that is nothing but up to three numbers below 2³² (SPEC RES-10): compared as numbers, most significant first. */
export interface PackedVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

const LIMIT = 2 ** 32;

/** Undefined for what does not fit: an epoch, a pre-, post-, development or local part, more or larger numbers. */
export function packVersion(text: string): PackedVersion | undefined {
  const parts = versionParts(text);
  if (!parts || parts.epoch !== "0" || parts.pre || parts.post !== undefined) return undefined;
  if (parts.dev !== undefined || parts.local !== undefined) return undefined;
  const numbers = parts.release.map(Number);
  while (numbers.length > 3 && numbers.at(-1) === 0) numbers.pop();
  if (numbers.length > 3 || numbers.some((number) => number >= LIMIT)) return undefined;
  const [major = 0, minor = 0, patch = 0] = numbers;
  return { major, minor, patch };
}

/** -1, 0 or 1. */
export const comparePacked = (a: PackedVersion, b: PackedVersion): number =>
  Math.sign(a.major - b.major || a.minor - b.minor || a.patch - b.patch);

/** Candidates are compared so many at once; lists are as long as a multiple of it. */
export const STEP = 8;

/**
 * Versions side by side: all majors, all minors, all patches, each list filled up with zeros to a multiple of eight. `words`
 * may lie in the memory of the comparing program.
 */
export interface PackedList {
  readonly count: number;
  /** Length of each of the three lists. */
  readonly stride: number;
  readonly words: Uint32Array;
}

export const strideOf = (count: number): number => Math.ceil(count / STEP) * STEP;

export function packList(versions: readonly PackedVersion[], words = new Uint32Array(3 * strideOf(versions.length))) {
  const stride = strideOf(versions.length);
  for (let i = 0; i < versions.length; i++) {
    const { major, minor, patch } = versions[i]!;
    words[i] = major;
    words[stride + i] = minor;
    words[2 * stride + i] = patch;
  }
  return { count: versions.length, stride, words } satisfies PackedList;
}

/** Compares each candidate with a bound: below it -1, equal 0, above 1. The first `count` of what it gives count. */
export type CompareVersions = (list: PackedList, bound: PackedVersion) => Int8Array;

/** One after the other: what `compareVersionsSimd` does eight at a time. */
export const compareVersionsScalar: CompareVersions = ({ count, stride, words }, { major, minor, patch }) => {
  const signs = new Int8Array(stride);
  for (let i = 0; i < count; i++) {
    const m = words[i]!;
    const n = words[stride + i]!;
    const p = words[2 * stride + i]!;
    if (m !== major) signs[i] = m < major ? -1 : 1;
    else if (n !== minor) signs[i] = n < minor ? -1 : 1;
    else signs[i] = p < patch ? -1 : p > patch ? 1 : 0;
  }
  return signs;
};
