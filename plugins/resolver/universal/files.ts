import type { DistributionFile, VersionPage } from "../../../plugin-api/model/distribution.ts";
import { and, isDisjoint, type MarkerSet, NEVER } from "../../../plugin-api/python/marker-algebra.ts";
import type { Candidates, PackagePolicy } from "../candidates.ts";
import type { Releases } from "../releases.ts";
import { isTooNew } from "../survey.ts";
import { possibleOn, pythonsFor } from "./coverage.ts";
import { lowerBoundOf, pythonsOf } from "./places.ts";

/**
 * The files of a release that could be installed somewhere in a place, by name. Where there is none, all: whoever installs
 * the lock is then told what there is.
 */
export function filesFor(candidates: Candidates, rank: number, place: MarkerSet): readonly DistributionFile[] {
  const { releases, policy } = candidates;
  const { isBuildAllowed, isBinaryAllowed, ownCutOffMs, excludeNewerMs } = policy;
  const precedence = candidates.file(rank)?.page.precedence ?? 0;
  const terms = [place, precedence, isBuildAllowed, isBinaryAllowed, ownCutOffMs, excludeNewerMs];
  let byRank = found.get(releases);
  if (!byRank) found.set(releases, (byRank = new Map()));
  const known = byRank.get(rank);
  if (known && terms.every((term, i) => term === known.terms[i])) return known.files;
  const files = findFiles(candidates, rank, { place, precedence });
  byRank.set(rank, { terms, files });
  return files;
}

/** The files of a release that were found last, and all that decided about them. */
interface Found {
  readonly terms: readonly unknown[];
  readonly files: readonly DistributionFile[];
}

/** By releases and rank. */
const found = new WeakMap<Releases, Map<number, Found>>();

function findFiles(
  { releases, policy }: Candidates,
  rank: number,
  { place, precedence }: { readonly place: MarkerSet; readonly precedence: number },
): readonly DistributionFile[] {
  const all: Row[] = [];
  const possible: Row[] = [];
  for (const { page, first, end } of releases.parts(rank)) {
    // What an earlier index has of a release is all that counts, where indexes are tried one after the other.
    if ((page.precedence ?? 0) > precedence) continue;
    const couldInstall = judge(page, place);
    for (let row = first; row < end; row++) {
      if (!isAllowed(page, row, policy)) continue;
      const file = { page, row };
      all.push(file);
      if (couldInstall(row)) possible.push(file);
    }
  }
  return byName(possible.length > 0 ? possible : all);
}

interface Row {
  readonly page: VersionPage;
  readonly row: number;
}

/** Whether the policy lets a file pass. */
const isAllowed = (page: VersionPage, row: number, policy: PackagePolicy): boolean =>
  (page.tagIndex(row) < 0 ? policy.isBuildAllowed : policy.isBinaryAllowed) && !isTooNew(page, row, policy);

/** Of files with one name the first; withdrawn ones only where there are no others. */
function byName(rows: readonly Row[]): readonly DistributionFile[] {
  const usable = rows.filter(({ page, row }) => !page.isYanked(row));
  const byFilename = new Map<string, DistributionFile>();
  for (const { page, row } of rows) {
    const file = page.file(row);
    if (!byFilename.has(file.filename)) byFilename.set(file.filename, file);
  }
  const files = [...byFilename.keys()].sort().map((name) => byFilename.get(name)!);
  const isKept = usable.length < rows.length && files.some(({ isYanked }) => !isYanked);
  return isKept ? files.filter(({ isYanked }) => !isYanked) : files;
}

type Verdicts = Map<string, boolean>;
/** By place, then by Requires-Python: many files of many releases have the same, and the same tags. */
const byPlace = new WeakMap<MarkerSet, Map<string, MarkerSet>>();
const verdicts = new WeakMap<MarkerSet, Verdicts>();

/** Says of a page's files which could be installed somewhere in a place. */
function judge(page: VersionPage, place: MarkerSet): (row: number) => boolean {
  let python = -1;
  let within = place;
  let known = verdictsIn(place);
  return (row) => {
    const index = page.pythonIndex(row);
    if (index !== python) {
      python = index;
      within = pythonsWithin(place, page.python(index));
      known = verdictsIn(within);
    }
    const tag = page.tagIndex(row);
    const tags = tag < 0 ? "" : page.tag(tag);
    let answer = known.get(tags);
    if (answer === undefined) known.set(tags, (answer = tag < 0 ? within !== NEVER : couldInstall(tags, within)));
    return answer;
  };
}

function verdictsIn(within: MarkerSet): Verdicts {
  let known = verdicts.get(within);
  if (!known) verdicts.set(within, (known = new Map()));
  return known;
}

function pythonsWithin(place: MarkerSet, requiresPython: string): MarkerSet {
  let known = byPlace.get(place);
  if (!known) byPlace.set(place, (known = new Map()));
  let within = known.get(requiresPython);
  if (within === undefined)
    known.set(requiresPython, (within = and(place, pythonsOf(lowerBoundOf(requiresPython) ?? ""))));
  return within;
}

/** First the Pythons, then the platform: that way most questions need no combined set. */
function couldInstall(tags: string, within: MarkerSet): boolean {
  const pythons = and(pythonsFor(tags), within);
  return pythons !== NEVER && !isDisjoint(pythons, possibleOn(tags));
}
