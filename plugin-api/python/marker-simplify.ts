import { coverOf, coverSet, sizeOf } from "./marker-cover.ts";
import { ALWAYS, cachedByPair, decide, type MarkerSet, NEVER, split, underText } from "./marker-diagram.ts";
import { fold, join, meet, not } from "./marker-operations.ts";
import type { DecisionVariable } from "./marker-variable.ts";

/**
 * A short set that is equal to the given one wherever the assumption holds; what it says elsewhere is left to chance. What the
 * assumption implies is dropped, what it excludes is NEVER.
 */
export const simplifyUnder: (set: MarkerSet, assumption: MarkerSet) => MarkerSet = cachedByPair((set, assumption) => {
  const both = meet(set, assumption);
  if (both === NEVER) return NEVER;
  if (both === assumption) return ALWAYS;
  if (assumption === ALWAYS) return set;
  const covers = [set, restrict(set, assumption)].map((form) => coverOf(form, set, assumption));
  // Of two of a length, what was written stays.
  const [shortest] = covers.toSorted((a, b) => sizeOf(a) - sizeOf(b));
  return coverSet(shortest!);
});

// The restrict operator of Coudert and Madre, with more than two children: where the assumption is NEVER, a child may be
// anything, so it becomes what its neighbour is, and a decision between equal children disappears.
const restrict = cachedByPair((set: MarkerSet, care: MarkerSet): MarkerSet => {
  if (care === ALWAYS || set.children.length === 0) return set;
  if (meet(set, care) === NEVER) return NEVER;
  if (meet(not(set), care) === NEVER) return ALWAYS;
  const { variable, points, pairs } = split(set, care);
  if (pairs.every(([inSet]) => inSet === set)) {
    return restrict(
      set,
      fold(
        pairs.map(([, inCare]) => inCare),
        NEVER,
        join,
      ),
    );
  }
  const children = pairs.map(([inSet, inCare]) => (inCare === NEVER ? undefined : restrict(inSet, inCare)));
  return decide(
    variable,
    points,
    variable.kind === "version" ? fillLine(children) : fillNames(children, variable, points),
  );
});

/** Gaps take what is on their left, the first one what is on its right. */
function fillLine(children: readonly (MarkerSet | undefined)[]): readonly MarkerSet[] {
  let last = children.find((child) => child !== undefined)!;
  return children.map((child) => (last = child ?? last));
}

/** What all other texts lead to is what most texts lead to, if it may be anything; a text that may be anything goes with it. */
function fillNames(
  children: readonly (MarkerSet | undefined)[],
  variable: DecisionVariable,
  points: readonly string[],
): readonly MarkerSet[] {
  const others = children.at(-1) ?? mostFrequent(children);
  return children.map((child, i) => child ?? (i < points.length ? underText(others, variable, points[i]!) : others));
}

function mostFrequent(children: readonly (MarkerSet | undefined)[]): MarkerSet {
  const counts = new Map<MarkerSet, number>();
  for (const child of children) if (child !== undefined) counts.set(child, (counts.get(child) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}
