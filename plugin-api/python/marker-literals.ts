import { type Diagram, NOWHERE } from "./marker-diagram.ts";
import { comparisonSet } from "./marker-leaf.ts";
import { formatExpression, type MarkerComparison } from "./marker-syntax.ts";
import type { DecisionVariable } from "./marker-variable.ts";
import { boundsOf, type Interval, intervalsAt, oneComparison, type Wording } from "./marker-version-words.ts";

/** One comparison of a text to be written, and where it holds. */
export interface Literal {
  readonly comparison: MarkerComparison;
  readonly set: Diagram;
  readonly variable: DecisionVariable;
}
/** Literals that hold together. */
export type Cube = readonly Literal[];

/** How many literals there are. */
export const sizeOf = (cubes: readonly Cube[]): number => cubes.reduce((sum, cube) => sum + cube.length, 0);

/** Children of a diagram, by their places, that one alternative may be for. */
export interface Region {
  /** The one it must be for. */
  readonly place: number;
  readonly allowed: readonly number[];
  /** Those for which it says something that is still to be said. */
  readonly gains: readonly boolean[];
  /** How many literals the alternative has further down. */
  readonly restLength: number;
}
/** Alternatives that lead to some of a diagram's children. */
export interface Ways {
  readonly cubes: readonly Cube[];
  readonly places: readonly number[];
}

/** The alternatives that lead to a child, and to as many of those allowed as makes the whole text short. */
export function waysTo({ variable, points }: Pick<Diagram, "variable" | "points">, region: Region): Ways {
  const { allowed, place, gains, restLength } = region;
  const count = points.length + 1;
  if (allowed.length === count) return { cubes: [[]], places: allowed };
  const choices = variable.kind === "version" ? widenings(region) : [allowed, [place]];
  let best: (Ways & { readonly cost: number }) | undefined;
  for (const places of choices) {
    const cubes = cubesOf(variable, points, places);
    const gain = places.reduce((sum, each) => sum + (gains[each] ? 1 : 0), 0);
    const cost = (sizeOf(cubes) + cubes.length * restLength) / gain;
    if (best === undefined || cost < best.cost) best = { cubes, places, cost };
  }
  return best!;
}

/** With more neighbours than this, only some ways to take them in are tried. */
const MANY = 12;

/** The place with neighbours that are allowed, as many as possible first. */
function widenings({ place, allowed }: Region): readonly (readonly number[])[] {
  const at = allowed.indexOf(place);
  let [low, high] = [at, at];
  while (allowed[low - 1] === allowed[low]! - 1) low--;
  while (allowed[high + 1] === allowed[high]! + 1) high++;
  const choices = [];
  const isMany = high - low > MANY;
  for (let from = low; from <= at; from++) {
    if (isMany && from !== low && from !== at) continue;
    for (let to = high; to >= at; to--) {
      if (!isMany || to === high || to === at) choices.push(allowed.slice(from, to + 1));
    }
  }
  // Last, so that `>= "3.10"` is said rather than `!= "3.9"` where either would do.
  if (high - low + 1 < allowed.length) choices.push(allowed);
  return choices;
}

function cubesOf(variable: DecisionVariable, points: readonly string[], places: readonly number[]): readonly Cube[] {
  const { subject } = variable;
  const isForOthers = places.includes(points.length);
  switch (variable.kind) {
    case "version":
      return versionCubes(variable, intervalsAt(points, places));
    case "test":
      return [[testLiteral(variable, !isForOthers)]];
    default:
      return isForOthers
        ? [
            points
              .filter((_, i) => !places.includes(i))
              .map((text) => wordsLiteral(variable, { subject, operator: "!=", text })),
          ]
        : places.map((place) => [wordsLiteral(variable, { subject, operator: "==", text: points[place]! })]);
  }
}

/** What is true where a comparison is not. Of `===` and `~=` there is no opposite, only what comes near. */
const OPPOSITES: Readonly<Record<string, string>> = {
  in: "not in",
  "==": "!=",
  "!=": "==",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "===": "!=",
  "~=": "<",
};

function testLiteral(variable: DecisionVariable, holds: boolean): Literal {
  const comparison = variable.comparison!;
  return literal(variable, holds ? comparison : { ...comparison, operator: OPPOSITES[comparison.operator]! });
}

function wordsLiteral(variable: DecisionVariable, { subject, operator, text }: Wording): Literal {
  const [left, right] = [
    { isVariable: true, text: subject },
    { isVariable: false, text },
  ];
  return literal(variable, { kind: "compare", left, operator, right });
}

const literals = new Map<string, Literal>();

function literal(variable: DecisionVariable, comparison: MarkerComparison): Literal {
  const key = formatExpression(comparison);
  const known = literals.get(key);
  if (known !== undefined) return known;
  const made = Object.freeze({ comparison, variable, set: comparisonSet(comparison) ?? NOWHERE });
  literals.set(key, made);
  return made;
}

/** Intervals with gaps that one `!=` says are one cube, others several. */
function versionCubes(variable: DecisionVariable, intervals: readonly Interval[]): readonly Cube[] {
  const cubes: Cube[] = [];
  const { subject } = variable;
  for (let i = 0; i < intervals.length; i++) {
    const low = intervals[i]![0];
    const gaps = [];
    for (; i + 1 < intervals.length; i++) {
      const gap = oneComparison(subject, "!=", [intervals[i]![1], intervals[i + 1]![0]]);
      if (gap === undefined) break;
      gaps.push(gap);
    }
    const words = [...boundsOf(subject, [low, intervals[i]![1]]), ...gaps];
    cubes.push(words.map((each) => wordsLiteral(variable, each)));
  }
  return cubes;
}
