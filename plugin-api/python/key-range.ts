import { BEYOND_KEYS, LOWEST_KEY } from "./version-key.ts";

/**
 * A set of versions: ascending keys `[low, high, low, high, …]`, each pair an interval with `low` inside and `high`
 * outside. Equal sets of versions have equal lists, and the empty list is the empty set (PEP 440).
 */
export type KeyRange = readonly string[];

/** Every version. */
export const EVERY_KEY: KeyRange = Object.freeze([LOWEST_KEY, BEYOND_KEYS]);
/** No version. */
export const NO_KEY: KeyRange = Object.freeze([]);

/** Whether the range holds the version of this key. */
export function rangeHas(range: KeyRange, key: string): boolean {
  for (let i = 0; i < range.length; i += 2) {
    if (key < range[i]!) return false;
    if (key < range[i + 1]!) return true;
  }
  return false;
}

/** Versions in both ranges. */
export function intersectRanges(a: KeyRange, b: KeyRange): KeyRange {
  if (a === EVERY_KEY) return b;
  if (b === EVERY_KEY) return a;
  const both: string[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const low = a[i]! > b[j]! ? a[i]! : b[j]!;
    const endA = a[i + 1]!;
    const endB = b[j + 1]!;
    const high = endA < endB ? endA : endB;
    if (low < high) both.push(low, high);
    if (endA < endB) i += 2;
    else j += 2;
  }
  return both;
}

/** Versions not in the range. */
export function complementRange(range: KeyRange): KeyRange {
  const outside: string[] = [];
  let low = LOWEST_KEY;
  for (let i = 0; i < range.length; i += 2) {
    if (low < range[i]!) outside.push(low, range[i]!);
    low = range[i + 1]!;
  }
  if (low < BEYOND_KEYS) outside.push(low, BEYOND_KEYS);
  return outside;
}

/** Versions in at least one of the ranges. */
export const unionRanges = (a: KeyRange, b: KeyRange): KeyRange =>
  complementRange(intersectRanges(complementRange(a), complementRange(b)));

/** Whether every version of `a` is in `b`. */
export const isSubrange = (a: KeyRange, b: KeyRange): boolean => intersectRanges(a, complementRange(b)).length === 0;
