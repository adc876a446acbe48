import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Obstacle, PackagePolicy } from "./candidates.ts";
import type { Fit } from "./fit.ts";
import type { ChosenFile, Part } from "./releases.ts";

/** What can be said of a release before its metadata is known. */
export interface Verdict {
  /** The file that fits best, also of a release that is out for another reason. */
  readonly file: ChosenFile | undefined;
  readonly obstacle: Obstacle | undefined;
}

export interface Survey {
  readonly policy: PackagePolicy;
  readonly fit: Fit;
  readonly isYankAllowed: () => boolean;
}

/** Any wheel that fits is better than the source. */
const SOURCE_SCORE = 0.5;

/** Looks at the files of one release, given in order of precedence: which fits best, or what stands in the way. */
export function survey(parts: readonly Part[], options: Survey): Verdict {
  let best: ChosenFile | undefined;
  let bestScore = 0;
  let yanked: ChosenFile | undefined;
  let yankedScore = 0;
  const isListed = listedFiles(parts, options.policy);
  for (const { page, first, end } of parts) {
    // What an earlier index has of a release is all that counts, where indexes are tried one after the other.
    if (best && (page.precedence ?? 0) > (best.page.precedence ?? 0)) break;
    for (let row = first; row < end; row++) {
      const score = isListed(page, row) ? scoreOf(page, row, options) : 0;
      if (score <= bestScore) continue;
      if (!page.isYanked(row)) {
        best = { page, row };
        bestScore = score;
      } else if (score > yankedScore) {
        yanked = { page, row };
        yankedScore = score;
      }
    }
  }
  if (best) return { file: best, obstacle: undefined };
  if (!yanked) return { file: undefined, obstacle: obstacleOf(parts, options.policy, options.fit) };
  const reason = yanked.page.file(yanked.row).yankedReason ?? "";
  return { file: yanked, obstacle: options.isYankAllowed() ? undefined : { kind: "yanked", reason } };
}

/** Where none of a release's files is listed, all count: what is wrong with the one that is taken can then be told. */
function listedFiles(parts: readonly Part[], { hashes }: PackagePolicy): (page: VersionPage, row: number) => boolean {
  if (hashes === undefined) return () => true;
  const has = (page: VersionPage, row: number): boolean => hashes.includes(page.file(row).sha256 ?? "");
  const isAny = parts.some(({ page, first, end }) =>
    Array.from({ length: end - first }, (_, i) => first + i).some((row) => has(page, row)),
  );
  return isAny ? has : () => true;
}

/** 0 when the file can't be taken, else the higher the better. */
function scoreOf(page: VersionPage, row: number, { policy, fit }: Pick<Survey, "policy" | "fit">): number {
  const tag = page.tagIndex(row);
  if (tag < 0 ? !policy.isBuildAllowed : !policy.isBinaryAllowed) return 0;
  const score = tag < 0 ? SOURCE_SCORE : fit.scoreTags(page.tag(tag));
  if (score === 0 || !fit.allowsPython(page.python(page.pythonIndex(row))) || isTooNew(page, row, policy)) return 0;
  return score;
}

/** What is found whichever Pythons it is for: the best file, when all that count are for the same Pythons. */
export interface UniformSurvey {
  readonly file: ChosenFile;
  readonly requiresPython: string;
  /** As `wheelTags`. */
  readonly wheelTags: readonly string[];
}

/** Surveys of one package's releases: those of the terms on which files counted last. */
export class Surveys<T> {
  #terms: readonly unknown[] = [];
  #byRank = new Map<number, T>();

  /** `place`: what stands for where one looks from. */
  under(
    { isBuildAllowed, isBinaryAllowed, ownCutOffMs, excludeNewerMs }: PackagePolicy,
    place: unknown,
  ): Map<number, T> {
    const terms = [place, isBuildAllowed, isBinaryAllowed, ownCutOffMs, excludeNewerMs];
    if (terms.some((term, i) => term !== this.#terms[i])) {
      this.#terms = terms;
      this.#byRank = new Map();
    }
    return this.#byRank;
  }
}

/** Undefined where files differ in more than their tags, or one was withdrawn. */
export function uniformSurvey(parts: readonly Part[], policy: PackagePolicy, fit: Fit): UniformSurvey | undefined {
  const [part] = parts;
  if (!part || parts.length > 1) return undefined;
  const { page, first, end } = part;
  const options = { policy, fit: { ...fit, allowsPython: () => true }, isYankAllowed: () => false };
  let file: ChosenFile | undefined;
  let best = 0;
  let python = -1;
  const tags = new Set<number>();
  for (let row = first; row < end; row++) {
    const score = scoreOf(page, row, options);
    if (score === 0) continue;
    if (page.isYanked(row) || (python >= 0 && python !== page.pythonIndex(row))) return undefined;
    python = page.pythonIndex(row);
    tags.add(page.tagIndex(row));
    if (score > best) file = { page, row };
    best = Math.max(best, score);
  }
  if (!file) return undefined;
  return {
    file,
    requiresPython: page.python(python),
    wheelTags: tags.has(-1) ? [] : [...tags].map((tag) => page.tag(tag)),
  };
}

/** The tags of all wheels that can be taken of a release that can't be built; none of one that can. */
export function wheelTags(parts: readonly Part[], options: Pick<Survey, "policy" | "fit">): readonly string[] {
  const tags = new Set<string>();
  for (const { page, first, end } of parts) {
    for (let row = first; row < end; row++) {
      if (scoreOf(page, row, options) === 0) continue;
      const tag = page.tagIndex(row);
      if (tag < 0) return [];
      tags.add(page.tag(tag));
    }
  }
  return [...tags];
}

/** A wheel for this Python on another platform, better one whose metadata can be had by itself. */
export function foreignWheel({ page, first, end }: Part, policy: PackagePolicy, fit: Fit): ChosenFile | undefined {
  let any: ChosenFile | undefined;
  for (let row = first; row < end; row++) {
    const tag = page.tagIndex(row);
    if (tag < 0 || page.isYanked(row) || isTooNew(page, row, policy) || !fit.isForPython?.(page.tag(tag))) continue;
    if (page.file(row).hasMetadataFile) return { page, row };
    any ??= { page, row };
  }
  return any;
}

export function isTooNew(page: VersionPage, row: number, policy: PackagePolicy): boolean {
  const cutOffMs = cutOffOf(page, policy);
  if (cutOffMs === Number.POSITIVE_INFINITY || page.source) return false;
  const { uploadedAtMs, url } = page.file(row);
  // A file without a time could be of today; one on this machine was put there by whoever is at it.
  return uploadedAtMs === undefined ? !url.startsWith("file:") : uploadedAtMs > cutOffMs;
}

/** The package's own word, else that of the index, else what holds for all. */
const cutOffOf = (page: VersionPage, { ownCutOffMs, excludeNewerMs }: PackagePolicy): number =>
  ownCutOffMs ?? page.excludeNewerMs ?? excludeNewerMs ?? Number.POSITIVE_INFINITY;

/** Why none of the files can be taken: the reason that a user can do most about. */
function obstacleOf(parts: readonly Part[], policy: PackagePolicy, fit: Fit): Obstacle {
  const files = parts.flatMap(({ page, first, end }) =>
    Array.from({ length: end - first }, (_, i): ChosenFile => ({ page, row: first + i })),
  );
  const oldEnough = files.filter(({ page, row }) => !isTooNew(page, row, policy));
  const [newer] = files;
  if (oldEnough.length === 0) return { kind: "newer", cutOffMs: newer ? cutOffOf(newer.page, policy) : 0 };
  const pythons = oldEnough.map(({ page, row }) => page.python(page.pythonIndex(row)));
  const requiresPython = pythons.findLast((python) => !fit.allowsPython(python));
  if (requiresPython !== undefined) return { kind: "python", requiresPython };
  const tags = oldEnough.map(({ page, row }) => page.tagIndex(row));
  const hasSource = tags.includes(-1);
  if (!policy.isBinaryAllowed && !hasSource) return { kind: "no-binary" };
  const texts = oldEnough.flatMap(({ page }, i) => (tags[i]! < 0 ? [] : [page.tag(tags[i]!)]));
  return { kind: hasSource ? "no-build" : "tags", tags: [...new Set(texts)] };
}
