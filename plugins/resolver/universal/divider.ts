import type { Demand, Extra, PackageName, Requirement } from "../../../plugin-api/model/requirement.ts";
import { and, isDisjoint, type MarkerSet, not, or } from "../../../plugin-api/python/marker-algebra.ts";
import type { Candidates } from "../candidates.ts";
import { bothMarkers, type Divider, groupByName } from "../question.ts";
import { has, type Ranks } from "../ranks.ts";
import { DIVIDED } from "../universe.ts";
import { coverageOf, PLATFORMS } from "./coverage.ts";
import { floorOf, lowerBoundOf, lowestOf, placeOf, pythonsOf, split } from "./places.ts";
import type { Plan } from "./plan.ts";
import { divide, type Sibling, siblingOf } from "./siblings.ts";

/** Finds out where a region can't have one answer. */
export class RegionDivider implements Divider {
  /** What the region has to be divided into, the part to be solved first first. */
  parts: readonly MarkerSet[] = [];
  readonly #plan: Plan;
  readonly #place: MarkerSet;
  readonly #constraints: ReadonlyMap<PackageName, readonly Demand[]>;
  readonly #constrainsByMarker: boolean;
  readonly #newer = new Map<string, boolean>();
  readonly #byPython = new Map<string, readonly MarkerSet[]>();

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
    const list = requirements(extra);
    const { isPlain, markers } = shapeOf(name, list);
    if (isPlain && !this.#constrainsByMarker && !this.#differ(list, markers)) return false;
    const siblings = flatten(name, requirements, extra);
    if (!this.#constrainsByMarker && !this.#couldDivide(siblings)) return false;
    this.parts = divide(this.siblings(siblings), this.#place, this.#plan.order);
    return this.parts.length > 1;
  }

  /** One package is asked for twice, or not in the same way all over the place. Says so fast of most releases. */
  #couldDivide(requirements: readonly Requirement[]): boolean {
    return hasRepeats(requirements) || this.#differ(requirements, markersOf(requirements));
  }

  /** Something holds for newer Pythons only, or comes from different indexes. */
  #differ(requirements: readonly Requirement[], markers: readonly string[]): boolean {
    const { pins } = this.#plan;
    if (markers.some((marker) => this.#isNewer(marker))) return true;
    return pins.size > 0 && requirements.some(({ name }) => pins.has(name));
  }

  #isNewer(marker: string): boolean {
    let answer = this.#newer.get(marker);
    if (answer === undefined) {
      answer = floorOf(and(placeOf(marker), this.#place)) > floorOf(this.#place);
      this.#newer.set(marker, answer);
    }
    return answer;
  }

  /** What requirements ask for, and constraints and pins to indexes add to it. */
  siblings(requirements: readonly Requirement[]): readonly Sibling[] {
    return requirements.flatMap((requirement) => [
      siblingOf(requirement, this.#place),
      ...this.#pinned(requirement),
      ...(this.#constraints.get(requirement.name) ?? []).map(({ requirement: limit }) =>
        siblingOf({ ...limit, marker: bothMarkers(requirement.marker, limit.marker) }, this.#place),
      ),
    ]);
  }

  /** A package is taken from one index all over a region, whichever parts of it need the package. */
  #pinned({ name }: Requirement): readonly Sibling[] {
    const pins = this.#plan.pins.get(name) ?? [];
    const apart = `${name} by index` as PackageName;
    return pins.flatMap(({ where }) =>
      split(this.#place, where).map((part) => ({ name: apart, where: part, upperBounds: 0 })),
    );
  }

  /** Older Pythons than a release is for, and the others. */
  #splitPython(requiresPython: string): readonly MarkerSet[] {
    let parts = this.#byPython.get(requiresPython);
    if (!parts) {
      const bound = lowerBoundOf(requiresPython);
      const isHigher = bound !== undefined && lowestOf(bound) > floorOf(this.#place);
      parts = isHigher ? split(this.#place, pythonsOf(bound)) : [];
      this.#byPython.set(requiresPython, parts);
    }
    return parts;
  }

  /**
   * A local version is mostly a build for some platforms, such as `2.5.0+cpu`. Where its public version has wheels for
   * others, each is taken where it is of use.
   */
  #chooseLocal(candidates: Candidates, among: Ranks, rank: number): number {
    const version = candidates.releases.version(rank);
    const plus = version.indexOf("+");
    if (plus < 0) return rank;
    const base = candidates.rankOf(version.slice(0, plus));
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

/** What can be said of requirements wherever one looks from. */
interface Shape {
  /** No package is asked for twice, and none of the package's own extras. */
  readonly isPlain: boolean;
  /** Those there are, each once. */
  readonly markers: readonly string[];
}

/** Of lists that several regions share. */
const shapes = new WeakMap<readonly Requirement[], Shape>();

function shapeOf(name: PackageName, requirements: readonly Requirement[]): Shape {
  let shape = shapes.get(requirements);
  if (!shape) {
    const isPlain = !hasRepeats(requirements) && !requirements.some((one) => one.name === name);
    shapes.set(requirements, (shape = { isPlain, markers: markersOf(requirements) }));
  }
  return shape;
}

const hasRepeats = (requirements: readonly Requirement[]): boolean =>
  new Set(requirements.map(({ name }) => name)).size < requirements.length;

function markersOf(requirements: readonly Requirement[]): readonly string[] {
  const markers = new Set(requirements.map(({ marker }) => marker));
  markers.delete("");
  return [...markers];
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
  // An extra may ask for itself: by what a marker says, not by how it is written, it is the same place again.
  const seen = new Map<Extra, Set<MarkerSet>>();
  const open = list.map((requirement) => ({ requirement, marker: requirement.marker }));
  for (let next = open.shift(); next; next = open.shift()) {
    const { requirement, marker } = next;
    if (requirement.name !== name) {
      flat.push({ ...requirement, marker });
      continue;
    }
    const where = placeOf(marker);
    for (const own of requirement.extras) {
      const places = seen.get(own) ?? new Set();
      if (places.has(where)) continue;
      seen.set(own, places.add(where));
      open.push(...requirements(own).map((one) => ({ requirement: one, marker: bothMarkers(marker, one.marker) })));
    }
  }
  return flat;
}
