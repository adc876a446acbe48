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

/** Many files of many releases have the same tags and the same Pythons. */
const answers = new WeakMap<MarkerSet, Map<string, boolean>>();

function couldInstall(page: VersionPage, row: number, place: MarkerSet): boolean {
  const tag = page.tagIndex(row);
  const tags = tag < 0 ? "" : page.tag(tag);
  const requiresPython = page.python(page.pythonIndex(row));
  let known = answers.get(place);
  if (!known) answers.set(place, (known = new Map()));
  const key = `${tags} ${requiresPython}`;
  let answer = known.get(key);
  if (answer === undefined) {
    const pythons = pythonsOf(lowerBoundOf(requiresPython) ?? "");
    answer = !isDisjoint(tag < 0 ? pythons : and(possibleFor(tags), pythons), place);
    known.set(key, answer);
  }
  return answer;
}
