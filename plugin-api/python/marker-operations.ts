import { cachedByPair, type Diagram, decide, EVERYWHERE, NOWHERE, split } from "./marker-diagram.ts";

const negations: (Diagram | undefined)[] = [EVERYWHERE, NOWHERE];

/** Every environment that is not in the set. */
export function negate(set: Diagram): Diagram {
  const known = negations[set.id];
  if (known !== undefined) return known;
  const negation = decide(set.variable, set.points, set.children.map(negate));
  negations[set.id] = negation;
  negations[negation.id] = set;
  return negation;
}

const both = cachedByPair((a: Diagram, b: Diagram): Diagram => {
  const { variable, points, pairs } = split(a, b);
  return decide(
    variable,
    points,
    pairs.map(([inA, inB]) => meet(inA, inB)),
  );
});

const either = cachedByPair((a: Diagram, b: Diagram): Diagram => {
  const { variable, points, pairs } = split(a, b);
  return decide(
    variable,
    points,
    pairs.map(([inA, inB]) => join(inA, inB)),
  );
});

/** Environments in both sets. */
export function meet(a: Diagram, b: Diagram): Diagram {
  if (a === b || b === EVERYWHERE) return a;
  if (a === EVERYWHERE) return b;
  if (a === NOWHERE || b === NOWHERE || negations[a.id] === b) return NOWHERE;
  return a.id < b.id ? both(a, b) : both(b, a);
}

/** Whether two sets have no environment in common. Those that ask for different things need not be combined to know. */
export function areApart(a: Diagram, b: Diagram): boolean {
  if (a !== NOWHERE && b !== NOWHERE && (a.kin & b.kin) === 0) return false;
  return meet(a, b) === NOWHERE;
}

/** Environments in at least one of two sets. */
export function join(a: Diagram, b: Diagram): Diagram {
  if (a === b || b === NOWHERE) return a;
  if (a === NOWHERE) return b;
  if (a === EVERYWHERE || b === EVERYWHERE || negations[a.id] === b) return EVERYWHERE;
  return a.id < b.id ? either(a, b) : either(b, a);
}

/** Combines many sets by halves, since one after the other would build a long diagram anew for each. */
export function fold(sets: readonly Diagram[], empty: Diagram, combine: typeof meet): Diagram {
  if (sets.length <= 2) return sets.length === 0 ? empty : sets.length === 1 ? sets[0]! : combine(sets[0]!, sets[1]!);
  const half = sets.length >> 1;
  return combine(fold(sets.slice(0, half), empty, combine), fold(sets.slice(half), empty, combine));
}
