import {
  and,
  implies,
  isDisjoint,
  type MarkerSet,
  NEVER,
  separate,
} from "../../../plugin-api/python/marker-algebra.ts";
import { coverageOf, meantFor, possibleOn } from "./coverage.ts";
import { placeOf, split } from "./places.ts";
import type { Plan } from "./plan.ts";
import type { Solved } from "./reach.ts";
import type { Region } from "./region.ts";

/** An environment that a release must have a file for. */
interface Needed {
  readonly marker: string;
  readonly place: MarkerSet;
  /** What a wheel is for, by its tags. */
  readonly covers: (compressedTags: string) => MarkerSet;
}

/**
 * Those required, and those that the lock is for and for no others. Of these it is the platform alone that counts, if
 * a wheel is for any Python of the project: one for a newer Python may still come.
 */
function neededIn({ request, scoreTags }: Plan, region: Region): readonly Needed[] {
  const needs = (covers: Needed["covers"]) => (marker: string) => ({ marker, place: placeOf(marker), covers });
  const usable = needs((tags) => (scoreTags(tags) === 0 ? NEVER : possibleOn(tags)));
  const all = [...request.requiredEnvironments.map(needs(meantFor)), ...request.environments.map(usable)];
  return all.filter(({ place }) => !isDisjoint(place, region.place));
}

/**
 * Regions to solve in place of one whose answer has a package without a wheel for an environment that needs one (and
 * nothing to build): the environment gets a region of its own, which the release has no wheel for, and there it is out.
 * None when all is well.
 */
export function audit(plan: Plan, region: Region, { packages, pins, reach }: Solved): readonly Region[] {
  const needed = neededIn(plan, region);
  if (needed.length === 0) return [];
  for (const [name, { rank }] of [...pins].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const candidates = packages.candidates(name)!;
    const coveredBy = ({ covers }: Needed): MarkerSet => and(coverageOf(candidates, rank, covers), region.place);
    const missing = needed.find(
      (one) => !isDisjoint(reach.of(name), one.place) && isDisjoint(coveredBy(one), one.place),
    );
    if (!missing) continue;
    const uncovered = separate(and(missing.place, region.place), coveredBy(missing));
    if (!implies(region.place, uncovered)) return apart(region, uncovered);
    const lacking = new Map(region.lacking);
    lacking.set(name, new Map(lacking.get(name)).set(candidates.releases.version(rank), missing.marker));
    return [{ ...region, lacking }];
  }
  return [];
}

const apart = (region: Region, place: MarkerSet): readonly Region[] =>
  split(region.place, place).map((part) => ({ ...region, place: part }));
