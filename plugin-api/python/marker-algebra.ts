import { coverOf, isWithin } from "./marker-cover.ts";
import { ALWAYS, type MarkerSet, NEVER } from "./marker-diagram.ts";
import { comparisonSet } from "./marker-leaf.ts";
import { fold, join, meet } from "./marker-operations.ts";
import { formatExpression, type MarkerExpression, readMarker } from "./marker-syntax.ts";
import { cachedByText } from "./text-cache.ts";

// The API for sets of environments. Every set is a decision diagram, interned, so that equal sets are the same object:
//
//   marker-variable.ts    what diagrams decide by, in which order
//   marker-fact.ts        which variables follow from which
//   marker-diagram.ts     the diagrams, always in their one reduced form
//   marker-operations.ts  and, or, not
//   marker-leaf.ts        from one comparison to a diagram
//   marker-cover.ts       from a diagram to alternatives of comparisons (marker-literals.ts)
//   marker-simplify.ts    shorter, where something is known

export { ALWAYS, type MarkerSet, NEVER } from "./marker-diagram.ts";
export { type Activated, evaluates } from "./marker-evaluate.ts";
export { restrictExtras, withoutExtras } from "./marker-extras.ts";
export { not } from "./marker-operations.ts";
export { pythonBoundsOf, pythonRange, roundToReleases } from "./marker-python.ts";
export { simplifyUnder } from "./marker-simplify.ts";

/**
 * The environments in which a marker holds (PEP 508, for lock files PEP 751); the empty text is ALWAYS. Equal sets are `===`,
 * however their markers are written, as far as the set follows from the comparisons: `in` between texts is taken as a fact of its own. A marker with a
 * comparison that has no meaning is NEVER. Throws InvalidSyntax with the position. Remembered per text.
 */
export const markerSet: (marker: string) => MarkerSet = cachedByText((marker) =>
  marker === "" ? ALWAYS : (expressionSet(readMarker(marker)) ?? NEVER),
);

function expressionSet(expression: MarkerExpression): MarkerSet | undefined {
  if (expression.kind === "compare") return comparisonSet(expression);
  const sets: MarkerSet[] = [];
  for (const part of expression.parts) {
    const set = expressionSet(part);
    if (set === undefined) return undefined;
    sets.push(set);
  }
  return expression.kind === "and" ? and(...sets) : or(...sets);
}

/** Environments in all of the sets; of none, ALWAYS. */
export const and = (...sets: readonly MarkerSet[]): MarkerSet => fold(sets, ALWAYS, meet);

/** Environments in at least one of the sets; of none, NEVER. */
export const or = (...sets: readonly MarkerSet[]): MarkerSet => fold(sets, NEVER, join);

/** Whether no environment is in both sets. */
export const isDisjoint = (a: MarkerSet, b: MarkerSet): boolean => meet(a, b) === NEVER;

/** Whether every environment of the first set is in the second. */
export const implies = (a: MarkerSet, b: MarkerSet): boolean => isWithin(a, b);

const texts = new WeakMap<MarkerSet, string>();

/**
 * The marker of a set in canonical spelling: alternatives joined with `or`, each without what could be left out; "" for
 * ALWAYS. Reading it gives the set again, but for the negation of a comparison of `platform_release`, since no marker can ask for a release
 * that is no version. Throws RangeError for NEVER.
 */
export function formatMarkerSet(set: MarkerSet): string {
  if (set === NEVER) throw new RangeError("no marker says that an environment is never met");
  if (set === ALWAYS) return "";
  const known = texts.get(set);
  if (known !== undefined) return known;
  const cubes = coverOf(set, set, ALWAYS);
  const text = formatExpression(
    junction(
      "or",
      cubes.map((cube) =>
        junction(
          "and",
          cube.map(({ comparison }) => comparison),
        ),
      ),
    ),
  );
  texts.set(set, text);
  return text;
}

const junction = (kind: "and" | "or", parts: readonly MarkerExpression[]): MarkerExpression =>
  parts.length === 1 ? parts[0]! : { kind, parts, isGrouped: false };
