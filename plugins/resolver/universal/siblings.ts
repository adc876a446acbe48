import type { PackageName, Requirement } from "../../../plugin-api/model/requirement.ts";
import { and, isDisjoint, type MarkerSet, NEVER } from "../../../plugin-api/python/marker-algebra.ts";
import { parseSpecifier } from "../../../plugin-api/python/specifier.ts";
import { BEYOND_KEYS } from "../../../plugin-api/python/version-key.ts";
import { floorOf, placeOf, split } from "./places.ts";

/** A requirement next to others: those of one release, of one of its extras, or of one part of the project. */
export interface Sibling {
  readonly name: PackageName;
  readonly where: MarkerSet;
  /** How many upper bounds it sets: one for the package, or for each extra. */
  readonly upperBounds: number;
}

export function siblingOf(requirement: Requirement, within: MarkerSet): Sibling {
  const { name, specifier, marker, extras, url } = requirement;
  const isBounded = url === undefined && parseSpecifier(specifier).bounds.at(-1) !== BEYOND_KEYS;
  return {
    name,
    where: marker === "" ? within : and(placeOf(marker), within),
    upperBounds: isBounded ? Math.max(1, extras.length) : 0,
  };
}

/** In which order the parts of a place are solved. */
export type PartOrder = "newest Python first" | "oldest Python first";

/**
 * Divides a place where siblings ask for one package in different ways, or for something on newer Pythons only: what is
 * chosen there may need those. The parts are disjoint and cover the place; the one to be solved first comes first.
 */
export function divide(siblings: readonly Sibling[], place: MarkerSet, order: PartOrder): readonly MarkerSet[] {
  let parts: readonly MarkerSet[] = [place];
  for (const [, group] of [...groupByName(siblings)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [first] = group;
    if (group.every(({ where }) => where === first!.where) && floorOf(first!.where) <= floorOf(place)) continue;
    for (const { where } of group) {
      if (where === place) continue;
      parts = parts.flatMap((part) => (isDisjoint(part, where) ? [part] : split(part, where)));
    }
  }
  return parts.length === 1 ? parts : inOrder(parts, siblings, order);
}

function groupByName(siblings: readonly Sibling[]): ReadonlyMap<PackageName, readonly Sibling[]> {
  const groups = new Map<PackageName, Sibling[]>();
  for (const sibling of siblings) {
    if (sibling.where === NEVER) continue;
    const group = groups.get(sibling.name);
    if (group) group.push(sibling);
    else groups.set(sibling.name, [sibling]);
  }
  return groups;
}

/**
 * What is chosen in one part is preferred in those that follow. So the part with the most upper bounds goes first: what
 * it takes may do for the others, but hardly the other way round. Of equal parts the last goes first.
 */
function inOrder(parts: readonly MarkerSet[], siblings: readonly Sibling[], order: PartOrder): readonly MarkerSet[] {
  const told = parts.map((part, i) => {
    const inside = siblings.filter(({ where }) => !isDisjoint(part, where));
    return { part, i, floor: floorOf(part), upperBounds: inside.reduce((sum, one) => sum + one.upperBounds, 0) };
  });
  const newer = order === "newest Python first" ? -1 : 1;
  told.sort((a, b) => {
    if (a.floor !== b.floor) return a.floor < b.floor ? -newer : newer;
    return b.upperBounds - a.upperBounds || b.i - a.i;
  });
  return told.map(({ part }) => part);
}

/** Places in the order in which they are solved, as given where nothing speaks against it. */
export function byPython(places: readonly MarkerSet[], order: PartOrder): readonly MarkerSet[] {
  const newer = order === "newest Python first" ? -1 : 1;
  return places.toSorted((a, b) => {
    const [x, y] = [floorOf(a), floorOf(b)];
    return x === y ? 0 : x < y ? -newer : newer;
  });
}
