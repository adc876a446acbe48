import { PybunError } from "../error.ts";
import { coverOf, cubeSet } from "./marker-cover.ts";
import { type Diagram, NOWHERE } from "./marker-diagram.ts";
import { type Cube, type Literal, sizeOf } from "./marker-literals.ts";
import { fold, join, negate } from "./marker-operations.ts";
import { formatExpression, type MarkerExpression } from "./marker-syntax.ts";

/** What is asked of one marker variable. */
interface Condition {
  /** The marker variable's rank, and that of the kind of question. */
  readonly rank: number;
  readonly set: Diagram;
}
type Conditions = readonly Condition[];

/** Beyond that many alternatives, saying what must not be may be shorter. */
const MANY = 12;
/** Beyond that many, looking for what alternatives share takes too long. */
const MOST_FACTORED = 200;

/** The canonical text of a set that is neither empty nor everything. Throws E_LIMIT when it would be thousands of comparisons. */
export function textOf(set: Diagram): string {
  const cubes = coverOrUndefined(set);
  if (cubes !== undefined && cubes.length <= MANY) return formatExpression(alternatives(cubes));
  const outside = coverOrUndefined(negate(set));
  if (outside !== undefined && (cubes === undefined || sizeOf(outside) < sizeOf(cubes))) {
    return formatExpression(junction("and", outside.map(opposite)));
  }
  if (cubes !== undefined) return formatExpression(alternatives(cubes));
  throw new PybunError("E_LIMIT", "a marker has too many alternatives to be written out");
}

function coverOrUndefined(set: Diagram): readonly Cube[] | undefined {
  try {
    return coverOf(set, set);
  } catch (error) {
    if (error instanceof PybunError) return undefined;
    throw error;
  }
}

const together = (cube: Cube): MarkerExpression =>
  junction(
    "and",
    cube.map(({ comparison }) => comparison),
  );

/** A set that few comparisons tell. */
const choice = (set: Diagram): MarkerExpression => junction("or", coverOf(set, set).map(together));

const opposite = (cube: Cube): MarkerExpression =>
  junction(
    "or",
    cube.map(({ set }) => choice(negate(set))),
  );

function alternatives(cubes: readonly Cube[]): MarkerExpression {
  const all = cubes.map(conditionsOf);
  return junction("or", (cubes.length > MOST_FACTORED ? all : factor(all)).map(conditionsTogether));
}

function conditionsOf(cube: Cube): Conditions {
  const byRank = new Map<number, Literal[]>();
  for (const literal of cube) {
    const literals = byRank.get(literal.variable.rank);
    if (literals === undefined) byRank.set(literal.variable.rank, [literal]);
    else literals.push(literal);
  }
  return [...byRank].map(([rank, literals]) => ({ rank, set: cubeSet(literals) }));
}

/** Joins alternatives that differ in one variable only: `a and x or a and y` → `a and (x or y)`. The largest groups go first. */
function factor(all: readonly Conditions[]): readonly Conditions[] {
  let left = all;
  for (;;) {
    const groups = new Map<string, { readonly at: number; readonly members: Conditions[] }>();
    for (const conditions of left) {
      if (conditions.length === 1) continue;
      for (let at = 0; at < conditions.length; at++) {
        const others = conditions.toSpliced(at, 1).map(({ set }) => set.id);
        const key = `${conditions[at]!.rank}: ${others.join()}`;
        const group = groups.get(key);
        if (group === undefined) groups.set(key, { at, members: [conditions] });
        else group.members.push(conditions);
      }
    }
    const largest = [...groups.values()].reduce<{ at: number; members: Conditions[] }>(
      (best, group) => (group.members.length > best.members.length ? group : best),
      { at: 0, members: [left[0]!] },
    );
    if (largest.members.length === 1) return left;
    left = joinGroup(left, largest);
  }
}

function joinGroup(
  all: readonly Conditions[],
  { at, members }: { readonly at: number; readonly members: readonly Conditions[] },
): readonly Conditions[] {
  const [first] = members;
  const sets = members.map((conditions) => conditions[at]!.set);
  const joined = first!.with(at, { rank: first![at]!.rank, set: fold(sets, NOWHERE, join) });
  return all.flatMap((conditions) =>
    conditions === first ? [joined] : members.includes(conditions) ? [] : [conditions],
  );
}

const conditionsTogether = (conditions: Conditions): MarkerExpression =>
  junction(
    "and",
    conditions.map(({ set }) => choice(set)),
  );

/** Parts of the same kind are taken in; alternatives within conditions get parentheses. */
function junction(kind: "and" | "or", parts: readonly MarkerExpression[]): MarkerExpression {
  if (parts.length === 1) return parts[0]!;
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  return {
    kind,
    parts: flat.map((part) => (part.kind === "or" ? { ...part, isGrouped: true } : part)),
    isGrouped: false,
  };
}
