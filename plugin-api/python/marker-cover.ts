import { PybunError } from "../error.ts";
import { beginWork, cachedByPair, type Diagram, EVERYWHERE, NOWHERE, split, underText } from "./marker-diagram.ts";
import { type Cube, type Literal, sizeOf, waysTo } from "./marker-literals.ts";
import { fold, join, meet, negate } from "./marker-operations.ts";

/** Whether every environment of a set is in another. */
export const isWithin = (a: Diagram, b: Diagram): boolean => meet(a, negate(b)) === NOWHERE;

/** The environments in which all literals hold. */
export const cubeSet = (cube: Cube): Diagram => fold(setsOf(cube), EVERYWHERE, meet);
const setsOf = (cube: Cube): readonly Diagram[] => cube.map(({ set }) => set);

/** The environments of any of the cubes. */
export const coverSet = (cubes: readonly Cube[]): Diagram => fold(cubes.map(cubeSet), NOWHERE, join);

/**
 * Alternatives that together hold at least in `lower` and at most in `upper`, none of them with a literal that could be left
 * out. Follows from the two sets alone. Throws E_LIMIT when there would be thousands.
 */
export const coverOf = cachedByPair((lower: Diagram, upper: Diagram): readonly Cube[] => {
  beginWork();
  const cubes = polish(reachingFar(lower, upper), lower, upper);
  if (cubes.length <= 2 || cubes.length > FEW) return cubes;
  const others = polish(reachingLittle(lower, upper), lower, upper);
  return sizeOf(others) < sizeOf(cubes) ? others : cubes;
});

function polish(cubes: readonly Cube[], lower: Diagram, upper: Diagram): readonly Cube[] {
  if (cubes.length > FEW || cubes.some((cube) => cube.length > FEW)) return cubes;
  const wide = cubes.map((cube) => widen(cube, upper));
  return withoutRedundant(wide, lower).toSorted(compareCubes);
}

/** Beyond that many alternatives or literals, comparing each with all others takes too long for what it saves. */
const FEW = 64;
const MOST = 500;

// Minato and Morreale's irredundant cover, with more than two children. First what must be said under some children only,
// each alternative under as many of them as may have it; then what remains, and may be said without asking for the variable.
const coverBetween = (lower: Diagram, upper: Diagram, isFar: boolean): readonly Cube[] => {
  const cover = isFar ? reachingFar : reachingLittle;
  if (lower === NOWHERE) return [];
  if (upper === EVERYWHERE) return [[]];
  const { variable, points, pairs } = split(lower, upper);
  if (points.length > MOST) throw tooMany();
  const uppers = pairs.map(([, inUpper]) => inUpper);
  const common = fold(uppers, EVERYWHERE, meet);
  const missing = pairs.map(([inLower]) => inLower);
  const cubes: Cube[] = [];
  for (let place = 0; place < pairs.length; place++) {
    const needed = meet(missing[place]!, negate(common));
    for (const rest of cover(needed, uppers[place]!)) {
      const set = cubeSet(rest);
      const sets = pairs.map((_, i) => (i < points.length ? underText(set, variable, points[i]!) : set));
      // An alternative of another place may have been widened to this one by now.
      if (meet(meet(missing[place]!, sets[place]!), negate(common)) === NOWHERE) continue;
      const allowed = indexes(uppers, (inUpper, i) => isWithin(sets[i]!, inUpper));
      const gains = missing.map(
        (each, i) => i === place || (isFar && meet(meet(each, sets[i]!), negate(common)) !== NOWHERE),
      );
      const ways = waysTo({ variable, points }, { place, allowed, gains, restLength: rest.length });
      for (const i of ways.places) missing[i] = meet(missing[i]!, negate(sets[i]!));
      for (const way of ways.cubes) cubes.push([...way, ...rest]);
    }
    if (cubes.length > MOST) throw tooMany();
  }
  return [...cubes, ...cover(fold(missing, NOWHERE, join), common)];
};

// Neither is the shorter one always: what reaches far may say what another alternative will say anyway.
const reachingFar = cachedByPair((lower: Diagram, upper: Diagram) => coverBetween(lower, upper, true));
const reachingLittle = cachedByPair((lower: Diagram, upper: Diagram) => coverBetween(lower, upper, false));

const tooMany = (): PybunError => new PybunError("E_LIMIT", "a marker has too many alternatives to be written out");

function indexes<T>(items: readonly T[], isMeant: (item: T, index: number) => boolean): readonly number[] {
  return items.flatMap((item, index) => (isMeant(item, index) ? [index] : []));
}

/** How little is lost when a literal goes: what excludes one value says least. */
function weight({ comparison: { operator } }: Literal): number {
  if (operator === "!=" || operator === "not in") return 0;
  return operator === "==" || operator === "in" ? 2 : 1;
}

function widen(cube: Cube, upper: Diagram): Cube {
  let kept = cube;
  for (const literal of cube.toSorted((a, b) => weight(a) - weight(b))) {
    const fewer = kept.filter((other) => other !== literal);
    if (isWithin(cubeSet(fewer), upper)) kept = fewer;
  }
  return kept;
}

function withoutRedundant(cubes: readonly Cube[], lower: Diagram): readonly Cube[] {
  let kept = cubes;
  for (const cube of cubes.toSorted((a, b) => b.length - a.length)) {
    const others = kept.filter((other) => other !== cube);
    if (isWithin(meet(cubeSet(cube), lower), coverSet(others))) kept = others;
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
