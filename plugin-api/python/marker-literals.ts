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

/** For each child that a diagram's first decision can lead to, the ways to get there. */
export function waysDown(set: Diagram): readonly (readonly [ways: readonly Cube[], child: Diagram])[] {
  const edges = new Map<Diagram, number[]>();
  set.children.forEach((child, i) => {
    if (child === NOWHERE) return;
    const places = edges.get(child);
    if (places === undefined) edges.set(child, [i]);
    else places.push(i);
  });
  return [...edges].map(([child, places]) => [waysTo(set, places), child]);
}

function waysTo({ variable, points, children }: Diagram, places: readonly number[]): readonly Cube[] {
  const isForOthers = places.includes(children.length - 1);
  switch (variable.kind) {
    case "version":
      return versionWays(variable, intervalsAt(points, places));
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

/** Intervals with gaps that one `!=` says are one way, others several. */
function versionWays(variable: DecisionVariable, intervals: readonly Interval[]): readonly Cube[] {
  const ways: Cube[] = [];
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
    ways.push(
      words.map(({ subject: name, operator, version }) => {
        const left = { isVariable: true, text: name };
        return literalOf(variable, { kind: "compare", left, operator, right: { isVariable: false, text: version } });
      }),
    );
  }
  return ways.length === 0 ? [[]] : ways;
}
