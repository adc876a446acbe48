import type { PybunError } from "../../plugin-api/error.ts";
import type { Requirement } from "../../plugin-api/model/requirement.ts";
import type { ResolutionPolicy } from "../../plugin-api/model/resolution.ts";
import { parseSpecifier } from "../../plugin-api/python/specifier.ts";
import { isPrereleaseKey } from "../../plugin-api/python/version-key.ts";
import type { Fit } from "./fit.ts";
import type { Shelf } from "./library.ts";
import { complement, END, has, intersect, NONE, type Ranks, ranksOf, SELECTED, single } from "./ranks.ts";
import type { ChosenFile, Releases } from "./releases.ts";
import { foreignWheel, survey, type UniformSurvey, uniformSurvey, type Verdict, wheelTags } from "./survey.ts";
import type { CandidateList } from "./universe.ts";

/** Why a release can't be taken. `refused` is learned late: its metadata could not be had or read. */
export type Obstacle =
  | { readonly kind: "yanked"; readonly reason: string }
  /** `isByWheels`: not by its own word, but because it has wheels for these only and can't be built. */
  | { readonly kind: "python"; readonly requiresPython: string; readonly isByWheels?: boolean }
  /** Wheels for other interpreters or platforms, and no source distribution. */
  | { readonly kind: "tags"; readonly tags: readonly string[] }
  | { readonly kind: "no-build"; readonly tags: readonly string[] }
  | { readonly kind: "no-binary" }
  /** The files came later than this; milliseconds since the epoch. */
  | { readonly kind: "newer"; readonly cutOffMs: number }
  | { readonly kind: "prerelease" }
  /** No wheel for an environment that must have one, given by its marker, and no source distribution. */
  | { readonly kind: "environment"; readonly marker: string }
  | { readonly kind: "refused"; readonly why: string }
  /** `isTried`: its own build failed; else that of another release did, and this one would have to be built too. */
  | { readonly kind: "build"; readonly failure: PybunError; readonly isTried: boolean };

/** What the request says about one package. */
export interface PackagePolicy {
  readonly isLowest: boolean;
  readonly prerelease: "never" | "last" | "equal";
  readonly prefersBinary: boolean;
  readonly isBuildAllowed: boolean;
  readonly isBinaryAllowed: boolean;
  readonly excludeNewerMs: number | undefined;
  /** The package's own cut-off, before its index's and the general one; Infinity for none. */
  readonly ownCutOffMs: number | undefined;
  /** Specifiers of the user's own that pin a version with `==` or `===`: they may take a yanked release. */
  readonly pins: readonly string[];
  /** Versions to keep if they fit, best first. */
  readonly preferred: readonly string[];
  /** For more than one environment: then a local version of a preferred one goes before it. */
  readonly isUniversal: boolean;
  readonly lacking: ReadonlyMap<string, string> | undefined;
  /** Nothing else does: releases whose wheels are for newer Pythons alone are taken as well, after all others. */
  readonly takesNewerWheels: boolean;
  /** Of a release that has files with one of these SHA-256, only those count. */
  readonly hashes?: readonly string[] | undefined;
  /** The package comes from this URL and nowhere else. */
  readonly url: string | undefined;
}

interface Surveyed extends Verdict {
  /** The Pythons that a release has wheels for, where these are newer than the lowest and it is taken all the same. */
  readonly wheelsFor?: string;
}

interface Judgement extends Surveyed {
  /** Releases of group 0 are taken before those of 1 and so on, whatever their versions. */
  readonly group: number;
}

/** The releases of one package as the target and the policy see them. */
export class Candidates implements CandidateList {
  readonly releases: Releases;
  readonly policy: PackagePolicy;
  readonly #fit: Fit;
  readonly #verdicts = new Map<number, Judgement>();
  readonly #shelf: Shelf;
  #uniformSurveys: Map<number, UniformSurvey | null> | undefined;
  #surveys: Map<number, Verdict> | undefined;
  readonly #preferred: readonly number[];
  /** The preferred versions themselves, without the local builds of them that are tried first. */
  readonly #kept: readonly number[];
  readonly #pinned: readonly number[];

  constructor(shelf: Shelf, policy: PackagePolicy, fit: Fit) {
    this.releases = shelf.releases;
    this.policy = policy;
    this.#shelf = shelf;
    this.#fit = fit;
    this.#kept = policy.preferred.map((version) => this.rankOf(version));
    this.#preferred = policy.preferred.flatMap((version) => this.#preferredRanks(version));
    this.#pinned = policy.pins.flatMap(pinnedVersions).map((version) => this.rankOf(version));
  }

  #preferredRanks(version: string): readonly number[] {
    const rank = this.rankOf(version);
    if (rank < 0) return [];
    const { isUniversal, isLowest } = this.policy;
    // Local versions are higher than their public one: whoever wants the lowest has that without any preference.
    if (!isUniversal || isLowest || rank + 1 === this.count || !this.releases.version(rank + 1).includes("+"))
      return [rank];
    const withLocals = version.includes("+") ? single(rank) : this.admitted({ specifier: `==${version}` });
    return [...ranksOf(withLocals, this.count)].toReversed();
  }

  get count(): number {
    return this.releases.count;
  }

  admitted({ specifier, url }: Pick<Requirement, "specifier" | "url">): Ranks {
    if (url !== undefined) return url === this.policy.url ? SELECTED : NONE;
    return this.#shelf.admitted.by(specifier);
  }

  pick(among: Ranks): number {
    return this.first(among, isUsable);
  }

  /** The release that comes first of those that are accepted, usable or not: preferred ones, then in order of the policy. */
  first(among: Ranks, accepts: (verdict: Verdict) => boolean): number {
    for (const rank of this.#preferred) if (has(among, rank) && accepts(this.#verdict(rank))) return rank;
    const { count, policy } = this;
    let best = -1;
    let bestGroup = Number.POSITIVE_INFINITY;
    for (let n = 0; n < among.length; n += 2) {
      const i = policy.isLowest ? n : among.length - 2 - n;
      const low = Math.max(0, among[i]!);
      const high = Math.min(count, among[i + 1]!);
      for (let k = 0; k < high - low; k++) {
        const rank = policy.isLowest ? low + k : high - 1 - k;
        const verdict = this.#verdict(rank);
        const { group } = verdict;
        if (!accepts(verdict)) continue;
        if (group === 0) return rank;
        if (group >= bestGroup) continue;
        best = rank;
        bestGroup = group;
      }
    }
    return best;
  }

  /** Releases that would be chosen next, best first. What was unusable once stays so. */
  next(among: Ranks, atMost: number): readonly number[] {
    const { isLowest } = this.policy;
    const ranks: number[] = [];
    // As long as they come in order of their versions, none of those that were passed over comes next.
    let isInOrder = this.#preferred.length === 0;
    let left = among;
    while (ranks.length < atMost) {
      const rank = this.pick(left);
      if (isInOrder && (rank < 0 || this.#verdict(rank).group > 0)) {
        isInOrder = false;
        left = ranks.reduce<Ranks>(without, among);
        continue;
      }
      if (rank < 0) break;
      ranks.push(rank);
      if (!isInOrder) left = without(left, rank);
      else left = intersect(left, isLowest ? [rank + 1, END] : [0, rank]);
    }
    return ranks;
  }

  /** The file of the release that fits best; also for a yanked or refused release. */
  file(rank: number): ChosenFile | undefined {
    return this.#verdict(rank).file;
  }

  /**
   * The file to read the release's metadata from. A wheel for this Python says what a build of the source would say, whatever
   * platform it is for, unless the user wants none of the wheels. One for an older Python says nothing: whether the source
   * builds on this one, nobody has tried.
   */
  metadataFile(rank: number): ChosenFile | undefined {
    const file = this.file(rank);
    if (file === undefined || !isSource(file) || !this.policy.isBinaryAllowed) return file;
    const part = this.releases.parts(rank).find(({ page }) => page === file.page);
    return (part && foreignWheel(part, this.policy, this.#fit)) ?? file;
  }

  /** Metadata of a source distribution may take a build. */
  mayTakeBuild(rank: number): boolean {
    const file = this.metadataFile(rank);
    return file !== undefined && isSource(file);
  }

  obstacle(rank: number): Obstacle | undefined {
    return this.#verdict(rank).obstacle;
  }

  /** The Pythons that the release has wheels for, where these are not all that are asked about and it can't be built. */
  wheelsFor(rank: number): string | undefined {
    return this.#verdict(rank).wheelsFor;
  }

  /** Releases that turned out to be of no use. */
  refusals(): { readonly rank: number; readonly obstacle: Obstacle }[] {
    return [...this.#shelf.faults].map(([rank, obstacle]) => ({ rank, obstacle }));
  }

  /** Tags of all wheels of a release, whether they fit or not. */
  wheelTags(rank: number): readonly string[] {
    return this.releases
      .parts(rank)
      .flatMap(({ page, first, end }) =>
        Array.from({ length: end - first }, (_, i) => page.tagIndex(first + i)).flatMap((tag) =>
          tag < 0 ? [] : [page.tag(tag)],
        ),
      );
  }

  isPrerelease(rank: number): boolean {
    return isPrereleaseKey(this.releases.key(rank));
  }

  /** -1 when there is no such release. */
  rankOf(version: string): number {
    return this.#shelf.admitted.rankOf(version);
  }

  #verdict(rank: number): Judgement {
    let verdict = this.#verdicts.get(rank);
    if (!verdict) this.#verdicts.set(rank, (verdict = this.#judge(rank)));
    const late = verdict.obstacle ? undefined : this.#lateObstacle(rank);
    if (late) this.#verdicts.set(rank, (verdict = { ...verdict, obstacle: late }));
    return verdict;
  }

  /** Of most releases the survey is the same for all Pythons, but for whether they suit. */
  #uniform(rank: number): Surveyed | undefined {
    if (!this.policy.isUniversal) return undefined;
    const known = (this.#uniformSurveys ??= this.#shelf.uniform.under(this.policy, this.#fit.scoreTags));
    let uniform = known.get(rank);
    if (uniform === undefined) {
      uniform = uniformSurvey(this.releases.parts(rank), this.policy, this.#fit) ?? null;
      known.set(rank, uniform);
    }
    if (uniform === null) return undefined;
    const { file, requiresPython, wheelTags: tags } = uniform;
    if (!this.#fit.allowsPython(requiresPython)) return { file, obstacle: { kind: "python", requiresPython } };
    return this.#boundByWheels({ file, obstacle: undefined }, tags);
  }

  #surveyed(rank: number): Surveyed {
    if (this.policy.isUniversal || this.policy.hashes !== undefined) return this.#survey(rank);
    const known = (this.#surveys ??= this.#shelf.surveys.under(this.policy, this.#fit));
    let verdict = known.get(rank);
    if (!verdict) {
      verdict = this.#survey(rank);
      // Whether one that was withdrawn counts depends on who asks for it.
      const { file } = verdict;
      if (!file?.page.isYanked(file.row)) known.set(rank, verdict);
    }
    return verdict;
  }

  #survey(rank: number): Surveyed {
    const parts = this.releases.parts(rank);
    const { policy } = this;
    const fit = this.#fit;
    const isYankAllowed = (): boolean => this.#kept.includes(rank) || this.#pinned.includes(rank);
    const found = survey(parts, { policy, fit, isYankAllowed });
    if (found.obstacle || !fit.boundByWheels) return found;
    return this.#boundByWheels(found, wheelTags(parts, { policy, fit }));
  }

  #boundByWheels(verdict: Verdict, tags: readonly string[]): Surveyed {
    const wheelsFor = tags.length === 0 ? undefined : this.#fit.boundByWheels?.(tags);
    if (wheelsFor === undefined) return verdict;
    if (this.policy.takesNewerWheels) return { ...verdict, wheelsFor };
    return { ...verdict, obstacle: { kind: "python", requiresPython: wheelsFor, isByWheels: true } };
  }

  /** What only the metadata showed. */
  #lateObstacle(rank: number): Obstacle | undefined {
    const requiresPython = this.#shelf.metadata.get(rank)?.requiresPython;
    if (requiresPython !== undefined && !this.#fit.allowsPython(requiresPython))
      return { kind: "python", requiresPython };
    return this.#shelf.faults.get(rank);
  }

  #judge(rank: number): Judgement {
    const { prerelease, prefersBinary } = this.policy;
    const isPrerelease = prerelease !== "equal" && this.isPrerelease(rank);
    if (isPrerelease && prerelease === "never")
      return { file: undefined, obstacle: { kind: "prerelease" }, group: PRERELEASE_GROUP };
    const lacking = this.policy.lacking?.get(this.releases.version(rank));
    const surveyed = this.#uniform(rank) ?? this.#surveyed(rank);
    const { file, wheelsFor } = surveyed;
    const obstacle =
      surveyed.obstacle ?? (lacking === undefined ? undefined : { kind: "environment", marker: lacking });
    const precedence = file?.page.precedence ?? 0;
    const isBehind = prefersBinary && file !== undefined && isSource(file);
    const behind = (isPrerelease ? PRERELEASE_GROUP : 0) + (wheelsFor === undefined ? 0 : NEWER_WHEELS_GROUP);
    return { ...surveyed, obstacle, group: behind + 2 * precedence + (isBehind ? 1 : 0) };
  }
}

const isUsable = ({ obstacle }: Verdict): boolean => obstacle === undefined;

const without = (ranks: Ranks, rank: number): Ranks => intersect(ranks, complement(single(rank)));

const isSource = ({ page, row }: ChosenFile): boolean => page.tagIndex(row) < 0;

/** A pin on `1.0` admits `1.0+cpu`, but does not ask for it by name. */
const pinnedVersions = (specifier: string): readonly string[] =>
  parseSpecifier(specifier).clauses.flatMap(({ operator, version }) => (operator.startsWith("==") ? [version] : []));

/** Behind the releases of any number of indexes. */
const NEWER_WHEELS_GROUP = 1 << 20;
const PRERELEASE_GROUP = 1 << 21;
const ALL_NAMES = ":all:";
export const listNames = (list: readonly string[], name: string): boolean =>
  list.includes(ALL_NAMES) || list.includes(name);

/** Of two lists that exclude each other, one that names the package itself goes before one that names all. */
const excludes = (list: readonly string[], other: readonly string[], name: string): boolean =>
  list.includes(name) || (list.includes(ALL_NAMES) && !other.includes(name));

/** The part of the policy that is the same for all packages. */
export const generalPolicy = (policy: ResolutionPolicy, name: string) => ({
  prefersBinary: policy.prefersBinary,
  isBuildAllowed: !excludes(policy.noBuild, policy.noBinary, name),
  isBinaryAllowed: !excludes(policy.noBinary, policy.noBuild, name),
  excludeNewerMs: policy.excludeNewerMs,
  ownCutOffMs: ownCutOff(policy.excludeNewerPackages, name),
});

function ownCutOff(cutOffs: ResolutionPolicy["excludeNewerPackages"], name: string): number | undefined {
  const own = cutOffs !== undefined && Object.hasOwn(cutOffs, name) ? cutOffs[name] : undefined;
  return own === null ? Number.POSITIVE_INFINITY : own;
}
