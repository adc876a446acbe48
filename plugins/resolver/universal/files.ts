import type { DistributionFile, VersionPage } from "../../../plugin-api/model/distribution.ts";
import { and, isDisjoint, type MarkerSet } from "../../../plugin-api/python/marker-algebra.ts";
import type { Candidates } from "../candidates.ts";
import { isTooNew } from "../survey.ts";
import { possibleFor } from "./coverage.ts";
import { lowerBoundOf, pythonsOf } from "./places.ts";

/**
 * The files of a release that could be installed somewhere in a place, by name. Where there is none, all: whoever installs
 * the lock is then told what there is.
 */
export function filesFor(candidates: Candidates, rank: number, place: MarkerSet): readonly DistributionFile[] {
  const rows = rowsOf(candidates, rank);
  const possible = rows.filter(({ page, row }) => couldInstall(page, row, place));
  const files = new Map<string, DistributionFile>();
  for (const { page, row } of possible.length > 0 ? possible : rows) {
    const file = page.file(row);
    if (!files.has(file.filename)) files.set(file.filename, file);
  }
  const all = [...files.values()].sort((a, b) => (a.filename < b.filename ? -1 : 1));
  const usable = all.filter(({ isYanked }) => !isYanked);
  return usable.length > 0 ? usable : all;
}

interface Row {
  readonly page: VersionPage;
  readonly row: number;
}

/** Files that the policy lets pass. */
function rowsOf(candidates: Candidates, rank: number): readonly Row[] {
  const { releases, policy } = candidates;
  const precedence = candidates.file(rank)?.page.precedence ?? 0;
  return releases.parts(rank).flatMap(({ page, first, end }) => {
    // What an earlier index has of a release is all that counts, where indexes are tried one after the other.
    if ((page.precedence ?? 0) > precedence) return [];
    const rows = Array.from({ length: end - first }, (_, i) => ({ page, row: first + i }));
    return rows.filter(({ row }) => {
      const isAllowed = page.tagIndex(row) < 0 ? policy.isBuildAllowed : policy.isBinaryAllowed;
      return isAllowed && !isTooNew(page, row, policy);
    });
  });
}

function couldInstall(page: VersionPage, row: number, place: MarkerSet): boolean {
  const tag = page.tagIndex(row);
  const pythons = pythonsOf(lowerBoundOf(page.python(page.pythonIndex(row))) ?? "");
  return !isDisjoint(tag < 0 ? pythons : and(possibleFor(page.tag(tag)), pythons), place);
}
