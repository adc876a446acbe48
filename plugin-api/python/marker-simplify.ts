import { coverOf, coverSet } from "./marker-cover.ts";
import { beginWork, cachedByPair, type Diagram, EVERYWHERE, NOWHERE } from "./marker-diagram.ts";
import { sizeOf } from "./marker-literals.ts";
import { join, meet, negate } from "./marker-operations.ts";

/** A short set that is equal to the given one wherever the assumption holds. */
export const shorten: (set: Diagram, assumption: Diagram) => Diagram = cachedByPair((set, assumption) => {
  beginWork();
  const lower = meet(set, assumption);
  if (lower === NOWHERE) return NOWHERE;
  if (lower === assumption) return EVERYWHERE;
  if (assumption === EVERYWHERE) return set;
  const short = coverOf(lower, join(set, negate(assumption)));
  // Of two of a length, what was written stays.
  return sizeOf(short) < sizeOf(coverOf(set, set)) ? coverSet(short) : set;
});
