/**
 * A set of version ranks: ascending `[low, high, low, high, …]`, each pair an interval with `low` inside and `high`
 * outside. Rank ABSENT means "the package is not selected": with it a PubGrub term, positive or negative, is just a set,
 * and all rules of the solver are plain set algebra. Adjacent intervals are always merged, so equal sets have equal lists.
 */
export type Ranks = readonly number[];

export const ABSENT = -1;
export const END = 0x3fff_ffff;
/** Nothing is known. */
export const ALL: Ranks = [ABSENT, END];
/** Selected, in any version. */
export const SELECTED: Ranks = [0, END];
export const NONE: Ranks = [];

export const single = (rank: number): Ranks => [rank, rank + 1];

export function intersect(a: Ranks, b: Ranks): Ranks {
  if (a === b || a === ALL) return b;
  if (b === ALL) return a;
  const both: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const low = Math.max(a[i]!, b[j]!);
    const endA = a[i + 1]!;
    const endB = b[j + 1]!;
    const high = Math.min(endA, endB);
    if (low < high) both.push(low, high);
    if (endA < endB) i += 2;
    else j += 2;
  }
  return both;
}

export function complement(a: Ranks): Ranks {
  const outside: number[] = [];
  let low = ABSENT;
  for (let i = 0; i < a.length; i += 2) {
    if (low < a[i]!) outside.push(low, a[i]!);
    low = a[i + 1]!;
  }
  if (low < END) outside.push(low, END);
  return outside;
}

export function union(a: Ranks, b: Ranks): Ranks {
  const all: number[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const isFromA = j >= b.length || (i < a.length && a[i]! <= b[j]!);
    const [low, high] = isFromA ? [a[i]!, a[i + 1]!] : [b[j]!, b[j + 1]!];
    if (isFromA) i += 2;
    else j += 2;
    const last = all.length - 1;
    if (last < 0 || low > all[last]!) all.push(low, high);
    else if (high > all[last]!) all[last] = high;
  }
  return all;
}

/** A set with one rank more; where that lies before all others, as of a package that is walked downwards, it takes no search. */
export function including(a: Ranks, rank: number): Ranks {
  if (a.length === 0 || rank >= a[0]!) return union(a, single(rank));
  const more = [...a];
  if (rank + 1 === a[0]) more[0] = rank;
  else more.unshift(rank, rank + 1);
  return more;
}

/** How many ranks a set has. */
export function countOf(a: Ranks): number {
  let count = 0;
  for (let i = 0; i < a.length; i += 2) count += a[i + 1]! - a[i]!;
  return count;
}

export function isSubset(a: Ranks, b: Ranks): boolean {
  if (a === b || b === ALL) return true;
  for (let i = 0, j = 0; i < a.length; i += 2) {
    while (j < b.length && b[j + 1]! <= a[i]!) j += 2;
    if (j >= b.length || b[j]! > a[i]! || b[j + 1]! < a[i + 1]!) return false;
  }
  return true;
}

export function isDisjoint(a: Ranks, b: Ranks): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i]! < b[j + 1]! && b[j]! < a[i + 1]!) return false;
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return true;
}

export function isSame(a: Ranks, b: Ranks): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function has(a: Ranks, rank: number): boolean {
  for (let i = 0; i < a.length; i += 2) {
    if (rank < a[i]!) return false;
    if (rank < a[i + 1]!) return true;
  }
  return false;
}

/** Selected in every case. */
export const isPositive = (a: Ranks): boolean => a.length > 0 && a[0] !== ABSENT;

/** The only rank of the set, or undefined; ranks from `count` on do not exist. */
export const onlyRank = (a: Ranks, count = END): number | undefined =>
  a.length === 2 && a[0]! + 1 === Math.min(a[1]!, count) ? a[0] : undefined;

/** Ranks of the set in ascending order, ABSENT left out, up to `count`. */
export function* ranksOf(a: Ranks, count: number): Generator<number> {
  for (let i = 0; i < a.length; i += 2) {
    for (let rank = Math.max(0, a[i]!); rank < Math.min(a[i + 1]!, count); rank++) yield rank;
  }
}
