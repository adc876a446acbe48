import { type Diagram, NOWHERE } from "./marker-diagram.ts";
import { comparisonSet } from "./marker-leaf.ts";
import type { MarkerComparison } from "./marker-syntax.ts";
import type { DecisionVariable } from "./marker-variable.ts";
import { boundsOf, type Interval, intervalsAt, oneComparison } from "./marker-version-words.ts";
import { BEYOND_KEYS } from "./version-key.ts";

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
  const choices = variable.kind === "version" ? widenings(region, count) : [allowed, [place]];
  let best: (Ways & { readonly cost: number }) | undefined;
  for (const places of choices) {
    const cubes = cubesOf(variable, points, places);
    const gain = places.reduce((sum, each) => sum + (gains[each] ? 1 : 0), 0);
    const cost = (sizeOf(cubes) + cubes.length * restLength) / gain;
    if (best === undefined || cost < best.cost) best = { cubes, places, cost };
  }
  return best!;
}

/** The place with its neighbours as far as they are allowed: on both sides, on one, on none. */
function widenings({ place, allowed }: Region, count: number): readonly (readonly number[])[] {
  const isAllowed = new Set(allowed);
  let [low, high] = [place, place];
  while (isAllowed.has(low - 1)) low--;
  while (high + 1 < count && isAllowed.has(high + 1)) high++;
  const choices = [
    [low, high],
    [place, high],
    [low, place],
    [place, place],
  ] as const;
  const ranges = choices.map(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
  return [allowed, ...ranges];
}

function cubesOf(variable: DecisionVariable, points: readonly string[], places: readonly number[]): readonly Cube[] {
  const isForOthers = places.includes(points.length);
  switch (variable.kind) {
    case "version":
      return versionCubes(variable, intervalsAt(points, places));
    case "test":
      return [[literal(variable, operatorOf(variable, !isForOthers), variable.literal)]];
    default:
      return isForOthers
        ? [points.filter((_, i) => !places.includes(i)).map((text) => literal(variable, "!=", text))]
        : places.map((place) => [literal(variable, "==", points[place]!)]);
  }
}

function operatorOf({ form }: DecisionVariable, holds: boolean): string {
  if (form === "is") return holds ? "==" : "!=";
  return holds ? "in" : "not in";
}

function literal(variable: DecisionVariable, operator: string, text: string): Literal {
  const name = { isVariable: true, text: variable.subject };
  const value = { isVariable: false, text };
  const [left, right] = variable.form === "contains" ? [value, name] : [name, value];
  return literalOf(variable, { kind: "compare", left, operator, right });
}

const literalOf = (variable: DecisionVariable, comparison: MarkerComparison): Literal => ({
  comparison,
  variable,
  set: comparisonSet(comparison) ?? NOWHERE,
});

/** Intervals with gaps that one `!=` says are one cube, others several. */
function versionCubes(variable: DecisionVariable, intervals: readonly Interval[]): readonly Cube[] {
  const cubes: Cube[] = [];
  // What is no version cannot be asked for; where versions can, that is left out.
  const versions = intervals.filter(([low]) => low !== BEYOND_KEYS);
  const { subject } = variable;
  for (let i = 0; i < versions.length; i++) {
    const low = versions[i]![0];
    const gaps = [];
    for (; i + 1 < versions.length; i++) {
      const gap = oneComparison(subject, "!=", [versions[i]![1], versions[i + 1]![0]]);
      if (gap === undefined) break;
      gaps.push(gap);
    }
    const words = [...boundsOf(subject, [low, versions[i]![1]]), ...gaps];
    cubes.push(
      words.map(({ subject: name, operator, version }) => {
        const left = { isVariable: true, text: name };
        return literalOf(variable, { kind: "compare", left, operator, right: { isVariable: false, text: version } });
      }),
    );
  }
  return cubes.length === 0 ? [[]] : cubes;
}
