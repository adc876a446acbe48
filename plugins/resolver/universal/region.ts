import { InvalidSyntax } from "../../../plugin-api/error.ts";
import type { Demand, Extra, PackageName, Requirement } from "../../../plugin-api/model/requirement.ts";
import {
  and,
  isDisjoint,
  type MarkerSet,
  NEVER,
  not,
  or,
  pythonBoundsOf,
} from "../../../plugin-api/python/marker-algebra.ts";
import { parseSpecifier } from "../../../plugin-api/python/specifier.ts";
import { LOWEST_KEY, versionKey } from "../../../plugin-api/python/version-key.ts";
import type { Candidates } from "../candidates.ts";
import type { Fit } from "../fit.ts";
import { ask, bothMarkers, type Divider, groupByName, type Question } from "../question.ts";
import { has, type Ranks } from "../ranks.ts";
import { DIVIDED } from "../universe.ts";
import { coverageOf, PLATFORMS, pythonsFor } from "./coverage.ts";
import { floorOf, lowerBoundOf, lowestOf, placeOf, pythonsOf, split } from "./places.ts";
import { demandsIn, type Plan } from "./plan.ts";
import type { Preferences } from "./preferences.ts";
import { divide, type Sibling, siblingOf } from "./siblings.ts";

/** A place that is solved for by itself. */
export interface Region {
  readonly place: MarkerSet;
  /** What was chosen for a larger place before it had to be divided. */
  readonly carried: ReadonlyMap<PackageName, string>;
  /** Versions that lack a wheel for a required environment, each with its marker. */
  readonly lacking: ReadonlyMap<PackageName, ReadonlyMap<string, string>>;
}

export interface RegionQuestion {
  readonly question: Question;
  /** The parts that the region has to be divided into, the one to be solved first first; once the solver says so. */
  parts(): readonly MarkerSet[];
}

/** What the plan asks in a region. */
export function questionIn(plan: Plan, region: Region, preferences: Preferences): RegionQuestion {
  const { request } = plan;
  const { place, carried, lacking } = region;
  const divider = new RegionDivider(plan, place);
  const known = new Map<string, boolean>();
  const applies = (marker: string): boolean => {
    let answer = known.get(marker);
    if (answer === undefined) known.set(marker, (answer = marker === "" || !isDisjoint(placeOf(marker), place)));
    return answer;
  };
  const question = ask({
    demands: demandsIn(plan, place),
    constraints: request.constraints,
    overrides: request.overrides,
    exclusions: new Set(request.exclusions),
    policy: request.policy,
    fit: fitIn(plan, place),
    build: request.interpreter ? { interpreter: request.interpreter } : {},
    applies,
    preferred(name) {
      const version = carried.get(name);
      const others = preferences.of(name, place);
      return version === undefined ? others : [version, ...others];
    },
    preferring: [...carried.keys(), ...preferences.names, ...lacking.keys()],
    lacking: (name) => lacking.get(name),
    isUniversal: true,
    divider,
  });
  return { question, parts: () => divider.parts };
}

/** What a file must fit to be of use somewhere in the project's range, and a release to be of use all over the region. */
function fitIn(plan: Plan, place: MarkerSet): Fit {
  const floor = floorOf(place);
  const major = /^>=?(\d+)/.exec(lowerBoundOf(pythonBoundsOf(place)) ?? "")?.[1];
  const nextMajor = major === undefined ? LOWEST_KEY : versionKey(`${major}.dev0`)!;
  const answers = new Map<string, boolean>([["", true]]);
  const allows = (requiresPython: string): boolean => {
    const bounds = boundsOf(requiresPython);
    // An upper bound is a guess, but for the next major version, as for one environment.
    return bounds === undefined || (bounds.length > 0 && bounds[0]! <= floor && bounds.at(-1)! > nextMajor);
  };
  const scores = new Map<string, number>();
  return {
    words: wordsFor(place),
    // The same in all regions: one release has one set of requirements, whichever of its files they are read from.
    scoreTags(tags) {
      let score = scores.get(tags);
      if (score === undefined) {
        score = isDisjoint(pythonsFor(tags), plan.pythons) ? 0 : tags.endsWith("-any") ? 2 : 1;
        scores.set(tags, score);
      }
      return score;
    },
    allowsPython(requiresPython) {
      let answer = answers.get(requiresPython);
      if (answer === undefined) answers.set(requiresPython, (answer = allows(requiresPython)));
      return answer;
    },
  };
}

function boundsOf(requiresPython: string): readonly string[] | undefined {
  try {
    return parseSpecifier(requiresPython).bounds;
  } catch (error) {
    if (error instanceof InvalidSyntax) return undefined;
    throw error;
  }
}

const wordsFor = (place: MarkerSet): Fit["words"] => ({
  platform: "the Pythons of the project",
  python: `the project allows Python ${pythonBoundsOf(place)}`,
  usePython: (requiresPython) => `raise \`requires-python\` to \`${lowerBoundOf(requiresPython) ?? requiresPython}\``,
});

/** Finds out where a region can't have one answer. */
class RegionDivider implements Divider {
  parts: readonly MarkerSet[] = [];
  readonly #plan: Plan;
  readonly #place: MarkerSet;
  readonly #constraints: ReadonlyMap<PackageName, readonly Demand[]>;
  readonly #constrainsByMarker: boolean;

  constructor(plan: Plan, place: MarkerSet) {
    this.#plan = plan;
    this.#place = place;
    const { constraints } = plan.request;
    this.#constraints = groupByName(constraints);
    this.#constrainsByMarker = constraints.some(({ requirement }) => requirement.marker !== "");
  }

  choose(candidates: Candidates, among: Ranks): number {
    const canSplit = this.#plan.request.forkStrategy === "requires-python";
    const rank = candidates.first(
      among,
      ({ obstacle }) =>
        obstacle === undefined ||
        (canSplit && obstacle.kind === "python" && this.#splitPython(obstacle.requiresPython).length > 1),
    );
    if (rank < 0) return rank;
    const obstacle = candidates.obstacle(rank);
    if (obstacle?.kind !== "python") return this.#chooseLocal(candidates, among, rank);
    this.parts = this.#splitPython(obstacle.requiresPython).toReversed();
    return DIVIDED;
  }

  isDivided(
    name: PackageName,
    requirements: (extra: Extra | "") => readonly Requirement[],
    extra: Extra | "",
  ): boolean {
    const siblings = flatten(name, requirements, extra);
    if (!this.#constrainsByMarker && siblings.every(({ marker }) => marker === "")) return false;
    this.parts = divide(this.siblings(siblings), this.#place, this.#plan.order);
    return this.parts.length > 1;
  }

  /** What requirements ask for, and constraints add to it. */
  siblings(requirements: readonly Requirement[]): readonly Sibling[] {
    return requirements.flatMap((requirement) => [
      siblingOf(requirement, this.#place),
      ...(this.#constraints.get(requirement.name) ?? []).map(({ requirement: limit }) =>
        siblingOf({ ...limit, marker: bothMarkers(requirement.marker, limit.marker) }, this.#place),
      ),
    ]);
  }

  /** Older Pythons than a release is for, and the others. */
  #splitPython(requiresPython: string): readonly MarkerSet[] {
    const bound = lowerBoundOf(requiresPython);
    return bound === undefined || lowestOf(bound) <= floorOf(this.#place) ? [] : split(this.#place, pythonsOf(bound));
  }

  /**
   * A local version is mostly a build for some platforms, such as `2.5.0+cpu`. Where its public version has wheels for
   * others, each is taken where it is of use.
   */
  #chooseLocal(candidates: Candidates, among: Ranks, rank: number): number {
    const [publicVersion, local] = candidates.releases.version(rank).split("+", 2);
    if (local === undefined) return rank;
    const base = candidates.rankOf(publicVersion!);
    if (base < 0 || !has(among, base) || candidates.obstacle(base)) return rank;
    const covered = coverageOf(candidates, rank);
    const missing = and(coverageOf(candidates, base), not(covered));
    if (isDisjoint(missing, this.#place)) return rank;
    if (isDisjoint(covered, this.#place)) return base;
    // A platform that the local version is not for at all goes to the public one as a whole, which is shorter to say.
    const whole = PLATFORMS.filter((platform) => isDisjoint(covered, platform) && !isDisjoint(missing, platform));
    const parts = split(this.#place, or(missing, ...whole));
    if (parts.length < 2) return rank;
    this.parts = parts;
    return DIVIDED;
  }
}

/** Requirements with those of the package's own extras that they ask for: `all` may be made of `x` and `y`. */
function flatten(
  name: PackageName,
  requirements: (extra: Extra | "") => readonly Requirement[],
  extra: Extra | "",
): readonly Requirement[] {
  const list = requirements(extra);
  if (!list.some((requirement) => requirement.name === name)) return list;
  const flat: Requirement[] = [];
  const seen = new Set<string>();
  const open = list.map((requirement) => ({ requirement, marker: requirement.marker }));
  for (let next = open.shift(); next; next = open.shift()) {
    const { requirement, marker } = next;
    if (requirement.name !== name) {
      flat.push({ ...requirement, marker });
      continue;
    }
    for (const own of requirement.extras) {
      if (seen.has(`${own} ${marker}`)) continue;
      seen.add(`${own} ${marker}`);
      open.push(...requirements(own).map((one) => ({ requirement: one, marker: bothMarkers(marker, one.marker) })));
    }
  }
  return flat;
}

/** Parts of a region where what parts of the project ask for differs. */
export function divideByRoots(plan: Plan, { question }: RegionQuestion, place: MarkerSet): readonly MarkerSet[] {
  const divider = new RegionDivider(plan, place);
  for (const part of plan.parts) {
    const within = and(part.where, place);
    if (within === NEVER) continue;
    const requirements = question.roots
      .filter(({ demand }) => part.demands.includes(demand))
      .map(({ requirement }) => requirement);
    const siblings = divider.siblings(requirements);
    const parts = divide(siblings, place, plan.order);
    if (parts.length > 1) return parts;
  }
  return [place];
}
