import { coverOf, coverSet, sizeOf } from "./marker-cover.ts";
import { cachedByPair, type Diagram, decide, EVERYWHERE, NOWHERE, split, underText } from "./marker-diagram.ts";
import { fold, join, meet, negate } from "./marker-operations.ts";
import type { DecisionVariable } from "./marker-variable.ts";

/** A short set that is equal to the given one wherever the assumption holds. */
export const shorten: (set: Diagram, assumption: Diagram) => Diagram = cachedByPair((set, assumption) => {
  const both = meet(set, assumption);
  if (both === NOWHERE) return NOWHERE;
  if (both === assumption) return EVERYWHERE;
  if (assumption === EVERYWHERE) return set;
  const covers = [set, restrict(set, assumption)].map((form) => coverOf(form, set, assumption));
  // Of two of a length, what was written stays.
  const [shortest] = covers.toSorted((a, b) => sizeOf(a) - sizeOf(b));
  return coverSet(shortest!);
});

// The restrict operator of Coudert and Madre, with more than two children: where the assumption is NOWHERE, a child may be
// anything, so it becomes what its neighbour is, and a decision between equal children disappears.
const restrict = cachedByPair((set: Diagram, care: Diagram): Diagram => {
  if (care === EVERYWHERE || set.children.length === 0) return set;
  if (meet(set, care) === NOWHERE) return NOWHERE;
  if (meet(negate(set), care) === NOWHERE) return EVERYWHERE;
  const { variable, points, pairs } = split(set, care);
  if (pairs.every(([inSet]) => inSet === set)) {
    return restrict(
      set,
      fold(
        pairs.map(([, inCare]) => inCare),
        NOWHERE,
        join,
      ),
    );
  }
  const children = pairs.map(([inSet, inCare]) => (inCare === NOWHERE ? undefined : restrict(inSet, inCare)));
  return decide(
    variable,
    points,
    variable.kind === "version" ? fillLine(children) : fillNames(children, variable, points),
  );
});

/** Gaps take what is on their left, the first one what is on its right. */
function fillLine(children: readonly (Diagram | undefined)[]): readonly Diagram[] {
  let last = children.find((child) => child !== undefined)!;
  return children.map((child) => (last = child ?? last));
}

/** What all other texts lead to is what most texts lead to, if it may be anything; a text that may be anything goes with it. */
function fillNames(
  children: readonly (Diagram | undefined)[],
  variable: DecisionVariable,
  points: readonly string[],
): readonly Diagram[] {
  const others = children.at(-1) ?? mostFrequent(children);
  return children.map((child, i) => child ?? (i < points.length ? underText(others, variable, points[i]!) : others));
}

function mostFrequent(children: readonly (Diagram | undefined)[]): Diagram {
  const counts = new Map<Diagram, number>();
  for (const child of children) if (child !== undefined) counts.set(child, (counts.get(child) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}
