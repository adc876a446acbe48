import { PybunError } from "../error.ts";
import { type Fact, factOf } from "./marker-fact.ts";
import { answer, compareVariables, type DecisionVariable, NO_VARIABLE } from "./marker-variable.ts";

/**
 * A set of environments, as a decision diagram. Interned: equal sets are the same object, so `===` compares them. Made and
 * read behind marker-algebra.ts only.
 */
export interface Diagram {
  readonly id: number;
  readonly variable: DecisionVariable;
  /**
   * Of a version: ascending keys between the children. Of a text: the texts that have a child of their own, sorted; the last
   * child is for all others. Of a test: `[""]`, so that the first child is for yes, the last for no.
   */
  readonly points: readonly string[];
  readonly children: readonly Diagram[];
  /** Bits of the marker variables that it or its children decide by. */
  readonly subjects: number;
  /** Bits of these, and of all that may tell of them. */
  readonly kin: number;
}

const terminal = (id: number): Diagram =>
  Object.freeze({ id, variable: NO_VARIABLE, points: [], children: [], subjects: 0, kin: 0 });

/** No environment. */
export const NOWHERE: Diagram = terminal(0);
/** Every environment. */
export const EVERYWHERE: Diagram = terminal(1);

/** Sets are never forgotten, since what is equal must stay the same object; what was computed of them may be. */
const MEMORY = 1_000_000;
/** A pair of ids as one number. */
const SPAN = 2 ** 26;

/** Diagrams of hostile markers double with every comparison; those of real ones take a few hundred steps. */
const MOST_STEPS = 200_000;
let stepsLeft = MOST_STEPS;

/** To be called before sets are combined: from here on, so many steps may be taken before E_LIMIT is thrown. */
export function beginWork(): void {
  stepsLeft = MOST_STEPS;
}

const tooEntangled = (): PybunError =>
  new PybunError("E_LIMIT", "a marker combines too many comparisons in too many ways");

/** Remembers what a function made of each pair of numbers. */
export function cachedByPair<A extends { readonly id: number }, B extends { readonly id: number }, Result>(
  make: (a: A, b: B) => Result,
): (a: A, b: B) => Result {
  const made = new Map<number, Result>();
  return (a, b) => {
    const pair = a.id * SPAN + b.id;
    const hit = made.get(pair);
    if (hit !== undefined) return hit;
    if (made.size > MEMORY) made.clear();
    if (--stepsLeft < 0) throw tooEntangled();
    const result = make(a, b);
    made.set(pair, result);
    return result;
  };
}

const nodes = new Map<string, Diagram>();
const numbers = new Map<string, number>();
let count = 2;

function numberOf(text: string): number {
  let number = numbers.get(text);
  if (number === undefined) numbers.set(text, (number = numbers.size));
  return number;
}

function intern(variable: DecisionVariable, points: readonly string[], children: readonly Diagram[]): Diagram {
  let key = variable.key;
  for (const child of children) key += `,${child.id}`;
  for (const point of points) key += `;${numberOf(point)}`;
  const hit = nodes.get(key);
  if (hit !== undefined) return hit;
  if (--stepsLeft < 0) throw tooEntangled();
  let subjects = variable.subjectBit;
  let kin = variable.kinBits;
  for (const child of children) {
    subjects |= child.subjects;
    kin |= child.kin;
  }
  const made = { id: count++, variable, points, children, subjects, kin };
  nodes.set(key, made);
  return made;
}

/** A diagram that decides by a variable first. `children` are of variables after it. */
export function decide(variable: DecisionVariable, points: readonly string[], children: readonly Diagram[]): Diagram {
  return variable.kind === "version"
    ? decideVersion(variable, points, children)
    : decideName(variable, points, children);
}

function decideVersion(variable: DecisionVariable, points: readonly string[], children: readonly Diagram[]): Diagram {
  const keptPoints: string[] = [];
  const kept = [children[0]!];
  for (let i = 0; i < points.length; i++) {
    if (children[i + 1] === kept.at(-1)) continue;
    keptPoints.push(points[i]!);
    kept.push(children[i + 1]!);
  }
  return kept.length === 1 ? kept[0]! : intern(variable, keptPoints, kept);
}

function decideName(variable: DecisionVariable, points: readonly string[], children: readonly Diagram[]): Diagram {
  const others = children.at(-1)!;
  const keptPoints: string[] = [];
  const kept: Diagram[] = [];
  for (let i = 0; i < points.length; i++) {
    // What the rest says of this text anyway needs no child of its own.
    if (children[i] === underText(others, variable, points[i]!)) continue;
    keptPoints.push(points[i]!);
    kept.push(children[i]!);
  }
  if (kept.length === 0) return others;
  kept.push(others);
  return intern(variable, keptPoints, kept);
}

/** The set as it is where a variable has a text; of a set that does not decide by it first, what follows from the text. */
export function underText(set: Diagram, variable: DecisionVariable, text: string): Diagram {
  if (set.variable === variable) {
    const at = set.points.indexOf(text);
    return at < 0 ? underText(set.children.at(-1)!, variable, text) : set.children[at]!;
  }
  return variable.kind === "text" ? assume(set, factOf(variable.subject, text)) : set;
}

/** The set as it is for the texts that have no child of their own. */
const underOthers = (set: Diagram, variable: DecisionVariable): Diagram =>
  set.variable === variable ? set.children.at(-1)! : set;

/** The set as it is where a fact holds, free of the variables the fact is about. */
const assume = (set: Diagram, fact: Fact): Diagram =>
  (set.subjects & fact.subjects) === 0 ? set : assumeIn(set, fact);

const assumeIn = cachedByPair((set: Diagram, fact: Fact): Diagram => {
  const { variable, points, children } = set;
  const value = variable.kind === "version" ? undefined : fact.values.get(variable.subject);
  if (value === undefined)
    return decide(
      variable,
      points,
      children.map((child) => assume(child, fact)),
    );
  if (variable.kind === "test") return assume(answer(variable, value) ? children[0]! : children[1]!, fact);
  const at = points.indexOf(value);
  return assume(at < 0 ? children.at(-1)! : children[at]!, fact);
});

/** The points of both, sorted, each once. */
function mergePoints(a: readonly string[], b: readonly string[]): readonly string[] {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  const merged: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [inA, inB] = [a[i], b[j]];
    const isFirst = inB === undefined || (inA !== undefined && inA <= inB);
    merged.push(isFirst ? inA! : inB);
    if (isFirst) i++;
    if (!isFirst || inA === inB) j++;
  }
  return merged;
}

/** A pair of sets for each child of a diagram that decides by the first variable of the two. */
interface Split {
  readonly variable: DecisionVariable;
  readonly points: readonly string[];
  readonly pairs: readonly (readonly [a: Diagram, b: Diagram])[];
}

/** Takes two sets apart by the variable that either decides by first. */
export function split(a: Diagram, b: Diagram): Split {
  const variable = compareVariables(a.variable, b.variable) <= 0 ? a.variable : b.variable;
  const points = mergePoints(pointsOf(a, variable), pointsOf(b, variable));
  const pairs: (readonly [Diagram, Diagram])[] = [];
  if (variable.kind === "version") {
    for (let i = 0; i <= points.length; i++)
      pairs.push([above(a, variable, points[i - 1]), above(b, variable, points[i - 1])]);
  } else {
    for (const text of points) pairs.push([underText(a, variable, text), underText(b, variable, text)]);
    pairs.push([underOthers(a, variable), underOthers(b, variable)]);
  }
  return { variable, points, pairs };
}

const NO_POINTS: readonly string[] = [];
const pointsOf = (set: Diagram, variable: DecisionVariable): readonly string[] =>
  set.variable === variable ? set.points : NO_POINTS;

/** The set as it is for the versions from a key on, up to the next point. */
function above(set: Diagram, variable: DecisionVariable, key: string | undefined): Diagram {
  if (set.variable !== variable) return set;
  let at = 0;
  if (key !== undefined) while (at < set.points.length && set.points[at]! <= key) at++;
  return set.children[at]!;
}
