import { and, implies, isDisjoint, type MarkerSet, separate } from "../../../plugin-api/python/marker-algebra.ts";
import { coverageOf } from "./coverage.ts";
import { placeOf, split } from "./places.ts";
import type { Plan } from "./plan.ts";
import type { Solved } from "./reach.ts";
import type { Region } from "./region.ts";

/**
 * Regions to solve in place of one whose answer has a package without a wheel for a required environment (and nothing to
 * build): the environment gets a region of its own, which the release has no wheel for, and there it is out. None when all
 * is well.
 */
export function audit(plan: Plan, region: Region, { packages, pins, reach }: Solved): readonly Region[] {
  const required = plan.request.requiredEnvironments.map((marker) => ({ marker, place: placeOf(marker) }));
  const inside = required.filter(({ place }) => !isDisjoint(place, region.place));
  if (inside.length === 0) return [];
  for (const [name, { rank }] of [...pins].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const candidates = packages.candidates(name)!;
    const covered = and(coverageOf(candidates, rank), region.place);
    const missing = inside.find(({ place }) => isDisjoint(covered, place) && !isDisjoint(reach.of(name), place));
    if (!missing) continue;
    const uncovered = separate(and(missing.place, region.place), covered);
    if (!implies(region.place, uncovered)) return apart(region, uncovered);
    const lacking = new Map(region.lacking);
    lacking.set(name, new Map(lacking.get(name)).set(candidates.releases.version(rank), missing.marker));
    return [{ ...region, lacking }];
  }
  return [];
}

const apart = (region: Region, place: MarkerSet): readonly Region[] =>
  split(region.place, place).map((part) => ({ ...region, place: part }));
