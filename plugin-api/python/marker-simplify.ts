import { coverOf, coverSet } from "./marker-cover.ts";
import { beginWork, cachedByPair, type Diagram, EVERYWHERE, NOWHERE } from "./marker-diagram.ts";
import { join, meet, negate } from "./marker-operations.ts";

/** A short set that is equal to the given one wherever the assumption holds. */
export const shorten: (set: Diagram, assumption: Diagram) => Diagram = cachedByPair((set, assumption) => {
  beginWork();
  const lower = meet(set, assumption);
  if (lower === NOWHERE) return NOWHERE;
  if (lower === assumption) return EVERYWHERE;
  if (assumption === EVERYWHERE) return set;
  // From these two alone, so that whatever is equal under the assumption becomes the same.
  return coverSet(coverOf(lower, join(lower, negate(assumption))));
});
