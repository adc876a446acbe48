import { type Diagram, EVERYWHERE, NOWHERE } from "./marker-diagram.ts";
import { type Cube, type Literal, waysDown } from "./marker-literals.ts";
import { fold, join, meet, negate } from "./marker-operations.ts";

/** Whether every environment of a set is in another. */
export const isWithin = (a: Diagram, b: Diagram): boolean => meet(a, negate(b)) === NOWHERE;

/** The environments in which all literals hold. */
export const cubeSet = (cube: Cube): Diagram =>
  fold(
    cube.map(({ set }) => set),
    EVERYWHERE,
    meet,
  );

/** The environments of any of the cubes. */
export const coverSet = (cubes: readonly Cube[]): Diagram => fold(cubes.map(cubeSet), NOWHERE, join);

/** How many literals there are. */
export const sizeOf = (cubes: readonly Cube[]): number => cubes.reduce((sum, cube) => sum + cube.length, 0);

/**
 * Alternatives that together are the set, each without a literal that could be left out. With `care`, only what they say
 * there matters. Deterministic: follows from the set alone.
 */
export function coverOf(set: Diagram, target: Diagram, care: Diagram): readonly Cube[] {
  const cubes = allWays(set).map((cube) => widen(cube, target, care));
  return withoutRedundant(cubes, care).toSorted(compareCubes);
}

function allWays(set: Diagram): readonly Cube[] {
  if (set === NOWHERE) return [];
  if (set === EVERYWHERE) return [[]];
  const cubes: Cube[] = [];
  for (const [ways, child] of waysDown(set)) {
    const rests = allWays(child);
    for (const way of ways) for (const rest of rests) cubes.push([...way, ...rest]);
  }
  return cubes;
}

/** How little is lost when a literal goes: what excludes one value says least. */
function weight({ comparison: { operator } }: Literal): number {
  if (operator === "!=" || operator === "not in") return 0;
  return operator === "==" || operator === "in" ? 2 : 1;
}

function widen(cube: Cube, target: Diagram, care: Diagram): Cube {
  let kept = cube;
  for (const literal of cube.toSorted((a, b) => weight(a) - weight(b))) {
    const fewer = kept.filter((other) => other !== literal);
    if (isWithin(meet(cubeSet(fewer), care), target)) kept = fewer;
  }
  return kept;
}

function withoutRedundant(cubes: readonly Cube[], care: Diagram): readonly Cube[] {
  let kept = cubes;
  for (const cube of cubes.toSorted((a, b) => b.length - a.length)) {
    const others = kept.filter((other) => other !== cube);
    if (isWithin(meet(cubeSet(cube), care), coverSet(others))) kept = others;
  }
  return kept;
}

/** By what the alternatives ask first; those that ask for the same stay in the order of the diagram. */
function compareCubes(a: Cube, b: Cube): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const difference = a[i]!.variable.rank - b[i]!.variable.rank;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
