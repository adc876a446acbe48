import { ALWAYS, cachedByPair, decide, type MarkerSet, NEVER, split } from "./marker-diagram.ts";

const negations: (MarkerSet | undefined)[] = [ALWAYS, NEVER];

/** Every environment that is not in the set. */
export function not(set: MarkerSet): MarkerSet {
  const known = negations[set.id];
  if (known !== undefined) return known;
  const negation = decide(set.variable, set.points, set.children.map(not));
  negations[set.id] = negation;
  negations[negation.id] = set;
  return negation;
}

const both = cachedByPair((a: MarkerSet, b: MarkerSet): MarkerSet => {
  const { variable, points, pairs } = split(a, b);
  return decide(
    variable,
    points,
    pairs.map(([inA, inB]) => meet(inA, inB)),
  );
});

const either = cachedByPair((a: MarkerSet, b: MarkerSet): MarkerSet => {
  const { variable, points, pairs } = split(a, b);
  return decide(
    variable,
    points,
    pairs.map(([inA, inB]) => join(inA, inB)),
  );
});

/** Environments in both sets. */
export function meet(a: MarkerSet, b: MarkerSet): MarkerSet {
  if (a === b || b === ALWAYS) return a;
  if (a === ALWAYS) return b;
  if (a === NEVER || b === NEVER || negations[a.id] === b) return NEVER;
  return a.id < b.id ? both(a, b) : both(b, a);
}

/** Environments in at least one of two sets. */
export function join(a: MarkerSet, b: MarkerSet): MarkerSet {
  if (a === b || b === NEVER) return a;
  if (a === NEVER) return b;
  if (a === ALWAYS || b === ALWAYS || negations[a.id] === b) return ALWAYS;
  return a.id < b.id ? either(a, b) : either(b, a);
}

/** Combines many sets by halves, since one after the other would build a long diagram anew for each. */
export function fold(sets: readonly MarkerSet[], empty: MarkerSet, combine: typeof meet): MarkerSet {
  if (sets.length <= 2) return sets.length === 0 ? empty : sets.length === 1 ? sets[0]! : combine(sets[0]!, sets[1]!);
  const half = sets.length >> 1;
  return combine(fold(sets.slice(0, half), empty, combine), fold(sets.slice(half), empty, combine));
}
