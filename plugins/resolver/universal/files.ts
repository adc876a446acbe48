import type { DistributionFile } from "../../../plugin-api/model/distribution.ts";
import { and, isDisjoint, type MarkerSet } from "../../../plugin-api/python/marker-algebra.ts";
import type { Candidates } from "../candidates.ts";
import { isTooNew } from "../survey.ts";
import { possibleFor } from "./coverage.ts";
import { lowerBoundOf, pythonsOf } from "./places.ts";

/** The files of a release that could be installed somewhere in a place, by name. */
export function filesFor(
  { releases, policy }: Candidates,
  rank: number,
  place: MarkerSet,
): readonly DistributionFile[] {
  const files = new Map<string, DistributionFile>();
  for (const { page, first, end } of releases.parts(rank)) {
    // What an earlier index has of a release is all that counts, where indexes are tried one after the other.
    const [known] = files.size > 0 ? [page.precedence ?? 0] : [];
    if (known !== undefined && known > 0) break;
    for (let row = first; row < end; row++) {
      const tag = page.tagIndex(row);
      if (tag < 0 ? !policy.isBuildAllowed : !policy.isBinaryAllowed) continue;
      if (isTooNew(page, row, policy)) continue;
      const bound = lowerBoundOf(page.python(page.pythonIndex(row)));
      const possible = and(tag < 0 ? place : and(place, possibleFor(page.tag(tag))), pythonsOf(bound ?? ""));
      if (isDisjoint(possible, place)) continue;
      const file = page.file(row);
      if (!files.has(file.filename)) files.set(file.filename, file);
    }
  }
  const all = [...files.values()].sort((a, b) => (a.filename < b.filename ? -1 : 1));
  const usable = all.filter(({ isYanked }) => !isYanked);
  return usable.length > 0 ? usable : all;
}
