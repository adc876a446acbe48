import { PybunError } from "../error.ts";
import type { MarkerEnvironment } from "../model/interpreter.ts";
import { isWithin } from "./marker-cover.ts";
import { beginWork, type Diagram, EVERYWHERE, NOWHERE } from "./marker-diagram.ts";
import { type Activated, isMetBy } from "./marker-evaluate.ts";
import { chooseExtras, leaveExtrasOpen } from "./marker-extras.ts";
import { comparisonSet } from "./marker-leaf.ts";
import { areApart, fold, join, meet, negate } from "./marker-operations.ts";
import { boundsOfPython, pythonsIn, withPrereleasesRounded } from "./marker-python.ts";
import { separation } from "./marker-separate.ts";
import { shorten } from "./marker-simplify.ts";
import { type MarkerExpression, readMarker } from "./marker-syntax.ts";
import { textOf } from "./marker-text.ts";
import { cachedByText } from "./text-cache.ts";

// Markers as sets of environments. Behind it:
//
//   marker-variable.ts    what diagrams decide by, in which order
//   marker-fact.ts        which variables follow from which
//   marker-diagram.ts     the diagrams, always in their one reduced form
//   marker-operations.ts  and, or, not
//   marker-leaf.ts        from one comparison to a diagram
//   marker-cover.ts       from a diagram to alternatives of comparisons (marker-literals.ts)
//   marker-text.ts        from those to a marker
//   marker-simplify.ts    shorter, where something is known
//   marker-separate.ts    what tells two sets apart

/**
 * A set of environments (PEP 508). Interned: equal sets are the same object, however their markers were written, so `===`
 * compares them. What it is made of is of no concern outside.
 */
export type MarkerSet = Diagram;

/** Every environment. */
export const ALWAYS: MarkerSet = EVERYWHERE;
/** No environment. */
export const NEVER: MarkerSet = NOWHERE;

/**
 * The environments in which a marker holds (PEP 508; for lock files PEP 751); the empty text is ALWAYS. Knows that versions
 * have an order, that `python_version` is a part of the full version, and what `sys_platform` and the implementation tell of other
 * variables; what `in` says of a text is known for texts that are named. A marker with a comparison that has no meaning is
 * NEVER. Throws InvalidSyntax with the position, and E_LIMIT for more than 1,000 comparisons, or for some that no diagram can
 * hold together. Remembered per text.
 */
export const markerSet: (marker: string) => MarkerSet = cachedByText((marker) => {
  if (marker === "") return ALWAYS;
  beginWork();
  const expression = readMarker(marker);
  if (comparisonCount(expression) > MOST_COMPARISONS) {
    throw new PybunError("E_LIMIT", `a marker has more than ${MOST_COMPARISONS} comparisons`);
  }
  return expressionSet(expression) ?? NEVER;
});

/** Markers of tools that list every extra have a few hundred. */
const MOST_COMPARISONS = 1000;

const comparisonCount = (expression: MarkerExpression): number =>
  expression.kind === "compare" ? 1 : expression.parts.reduce((sum, part) => sum + comparisonCount(part), 0);

function expressionSet(expression: MarkerExpression): MarkerSet | undefined {
  if (expression.kind === "compare") return comparisonSet(expression);
  const sets: MarkerSet[] = [];
  for (const part of expression.parts) {
    const set = expressionSet(part);
    if (set === undefined) return undefined;
    sets.push(set);
  }
  return expression.kind === "and" ? fold(sets, ALWAYS, meet) : fold(sets, NEVER, join);
}

/** Environments in all of the sets; of none, ALWAYS. */
export const and = (...sets: readonly MarkerSet[]): MarkerSet => combined(sets, ALWAYS);

/** Environments in at least one of the sets; of none, NEVER. */
export const or = (...sets: readonly MarkerSet[]): MarkerSet => combined(sets, NEVER);

function combined(sets: readonly MarkerSet[], empty: MarkerSet): MarkerSet {
  beginWork();
  return fold(sets, empty, empty === ALWAYS ? meet : join);
}

/** Every environment that is not in the set. */
export const not = (set: MarkerSet): MarkerSet => negate(set);

/** Whether no environment is in both sets. */
export const isDisjoint = (a: MarkerSet, b: MarkerSet): boolean => areApart(a, b);

/** Whether every environment of the first set is in the second. */
export const implies = (a: MarkerSet, b: MarkerSet): boolean => isWithin(a, b);

/**
 * Whether a set holds an environment, given the extras chosen, or the extras and groups of a lock file (PEP 751). Without any,
 * `extra == "x"` is false for every `x`. As `evaluateMarker`, with three differences: several extras may be chosen at once; a
 * variable that follows from another is not looked at (`python_version`, and `platform_system` where `sys_platform` tells); and
 * to a reversed comparison a local version is its public version.
 */
export const evaluates = (set: MarkerSet, environment: MarkerEnvironment, extras: Activated = []): boolean =>
  isMetBy(set, environment, extras);

/** The environments in which the set holds when exactly these extras, or extras and groups, are chosen. */
export const restrictExtras = (set: MarkerSet, extras: Activated): MarkerSet => chooseExtras(set, extras);

/** The environments in which the set holds for some choice of extras and groups. */
export const withoutExtras = (set: MarkerSet): MarkerSet => leaveExtrasOpen(set);

/**
 * A short set that is equal to the given one wherever the assumption holds; elsewhere it says whatever is shortest. Sets that are
 * equal under the assumption become the same set. NEVER when the two are disjoint, ALWAYS when the assumption implies the
 * set. Remembered per pair.
 */
export const simplifyUnder = (set: MarkerSet, assumption: MarkerSet): MarkerSet => shorten(set, assumption);

/**
 * A set that is simple to say, with all of `inside` and nothing of `outside`, which have nothing in common: it asks for the system
 * before the machine, and for the Python last. Of what is in neither it may have anything.
 */
export const separate = (inside: MarkerSet, outside: MarkerSet): MarkerSet => separation(inside, outside);

/**
 * The environments whose full Python version a specifier admits, as for `Requires-Python` (PEP 440; core metadata). Throws
 * InvalidSyntax. Remembered per text.
 */
export const pythonRange = (specifier: string): MarkerSet => pythonsIn(specifier);

/**
 * The tightest specifier that admits the Python of every environment in the set, such as `>=3.9,<3.13` (PEP 440); "" when any
 * Python may be in it, "<0" for NEVER. Where a set begins with the pre-releases of a version, the specifier begins with the version.
 */
export const pythonBoundsOf = (set: MarkerSet): string => boundsOfPython(set);

/**
 * The set as if every pre-release of a Python were the release it leads to: 3.14.0rc1 is in it when 3.14.0 is. Its marker asks
 * for `python_version` where the other would have to keep pre-releases apart, and complements have no gap between them.
 */
export const roundToReleases = (set: MarkerSet): MarkerSet => withPrereleasesRounded(set);

const texts = new WeakMap<MarkerSet, string>();

/**
 * The marker of a set in canonical spelling (PEP 508): alternatives without what could be left out, those that share a
 * part as `a and (b or c)`; "" for ALWAYS. Reading it gives the set again, unless a comparison of `platform_release` was negated, since no marker asks for a
 * release that is no version. Throws RangeError for NEVER, and E_LIMIT when it would take
 * thousands of comparisons. Remembered per set.
 */
export function formatMarkerSet(set: MarkerSet): string {
  if (set === NEVER) throw new RangeError("no marker says that an environment is never met");
  if (set === ALWAYS) return "";
  const known = texts.get(set);
  if (known !== undefined) return known;
  const text = textOf(set);
  texts.set(set, text);
  return text;
}
