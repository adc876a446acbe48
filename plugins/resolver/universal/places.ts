import { InvalidSyntax } from "../../../plugin-api/error.ts";
import {
  and,
  isDisjoint,
  type MarkerSet,
  markerSet,
  NEVER,
  not,
  pythonBoundsOf,
  pythonRange,
  roundToReleases,
} from "../../../plugin-api/python/marker-algebra.ts";
import { parseSpecifier, type Specifier } from "../../../plugin-api/python/specifier.ts";
import { cachedByText } from "../../../plugin-api/python/text-cache.ts";
import { LOWEST_KEY } from "../../../plugin-api/python/version-key.ts";

// A set of environments that locks speak of. Pre-releases of a Python go with its release, so that the complement of
// `python_version < "3.13"` is `python_version >= "3.13"` and no environment falls between two regions.

/** Where a marker holds. */
export const placeOf: (marker: string) => MarkerSet = cachedByText((marker) => roundToReleases(markerSet(marker)));

/** The Pythons that a specifier admits. */
export const pythonsOf: (specifier: string) => MarkerSet = cachedByText((specifier) =>
  roundToReleases(pythonRange(specifier)),
);

/** The place split by another: what lies outside of it and what lies inside, as far as there is any. */
export function split(place: MarkerSet, by: MarkerSet): readonly MarkerSet[] {
  return [and(place, not(by)), and(place, by)].filter((part) => part !== NEVER);
}

/** Places where one of them holds and none of those before it. */
export function makeDisjoint(places: readonly MarkerSet[]): readonly MarkerSet[] {
  const parts: MarkerSet[] = [];
  for (const place of places) {
    const rest = parts.reduce((left, part) => (isDisjoint(left, part) ? left : and(left, not(part))), place);
    if (rest !== NEVER) parts.push(rest);
  }
  return parts;
}

const floors = new WeakMap<MarkerSet, string>();

/** Specifier of all Pythons that ever were: a release that asks for `>=0` asks for nothing. */
const EVERY_PYTHON = ">=0.9";

/** Key of the lowest Python in the place; the lowest there is when none is excluded. */
export function floorOf(place: MarkerSet): string {
  let floor = floors.get(place);
  if (floor === undefined) {
    floor = lowestOf(lowerBoundOf(pythonBoundsOf(place)) ?? EVERY_PYTHON);
    floors.set(place, floor);
  }
  return floor;
}

/** Key of the lowest version that a specifier admits. */
export const lowestOf = (specifier: string): string => parseSpecifier(specifier).bounds[0] ?? LOWEST_KEY;

/** The bounds of a place's Pythons, each a clause: of a single minor version both that it stands between. */
export const pythonClausesOf = (place: MarkerSet): readonly string[] =>
  parseSpecifier(pythonBoundsOf(place)).clauses.flatMap(({ operator, version }) => {
    const [, major, minor] = operator === "==" ? (/^(\d+)\.(\d+)\.\*$/.exec(version) ?? []) : [];
    return major === undefined ? [operator + version] : [`>=${major}.${minor}`, `<${major}.${Number(minor) + 1}`];
  });

const LOWER = new Set([">=", ">", "~=", "==", "==="]);

/** The clauses of a `Requires-Python`. What can't be read is ignored, as pip does: many old releases have such a field. */
export function readPython(requiresPython: string): Specifier | undefined {
  try {
    return parseSpecifier(requiresPython);
  } catch (error) {
    if (error instanceof InvalidSyntax) return undefined;
    throw error;
  }
}

const lowerBounds = new Map<string, string | undefined>();

/** The lower bound of a `Requires-Python` as a specifier of its own, `>=3.10`; undefined when it has none. */
export function lowerBoundOf(requiresPython: string): string | undefined {
  if (!lowerBounds.has(requiresPython)) lowerBounds.set(requiresPython, readLowerBound(requiresPython));
  return lowerBounds.get(requiresPython);
}

function readLowerBound(requiresPython: string): string | undefined {
  let bound: string | undefined;
  for (const { operator, version } of readPython(requiresPython)?.clauses ?? []) {
    // A release candidate of a Python is expected to run what asks for the release.
    const release = /^v?(\d+(?:\.\d+)*)/i.exec(version)?.[1];
    if (!LOWER.has(operator) || release === undefined) continue;
    const text = `${operator === ">" ? ">" : ">="}${release}`;
    if (bound === undefined || lowestOf(text) > lowestOf(bound)) bound = text;
  }
  return bound;
}
