import type { PackageName } from "../../../plugin-api/model/requirement.ts";
import {
  and,
  isDisjoint,
  type MarkerSet,
  NEVER,
  or,
  pythonBoundsOf,
} from "../../../plugin-api/python/marker-algebra.ts";
import { LOWEST_KEY, versionKey } from "../../../plugin-api/python/version-key.ts";
import type { Fit } from "../fit.ts";
import { ask, type Question } from "../question.ts";
import { pythonsFor } from "./coverage.ts";
import { pythonsInWords } from "./describe-place.ts";
import { RegionDivider } from "./divider.ts";
import { floorOf, lowerBoundOf, lowestOf, placeOf, pythonsOf, readPython } from "./places.ts";
import { demandsIn, type Plan } from "./plan.ts";
import type { Preferences } from "./preferences.ts";
import { divide } from "./siblings.ts";

/** A version, and the index that it had to come from, if it had to. */
export interface Chosen {
  readonly version: string;
  readonly index: string | undefined;
}

/** A place that is solved for by itself. */
export interface Region {
  readonly place: MarkerSet;
  /** What was chosen for a larger place before it had to be divided. */
  readonly carried: ReadonlyMap<PackageName, Chosen>;
  /** Versions that lack a wheel for a required environment, each with its marker. */
  readonly lacking: ReadonlyMap<PackageName, ReadonlyMap<string, string>>;
  /** Packages without any answer but with a release whose wheels are for newer Pythons alone. */
  readonly newerWheels: ReadonlySet<PackageName>;
}

export interface RegionQuestion {
  readonly question: Question;
  /** The parts that the region has to be divided into, the one to be solved first first; once the solver says so. */
  parts(): readonly MarkerSet[];
}

/** What the plan asks in a region. */
export function questionIn(plan: Plan, region: Region, preferences: Preferences): RegionQuestion {
  const { request } = plan;
  const { place, carried, lacking, newerWheels } = region;
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
    pinnedIndex: (name) => plan.pins.get(name)?.find(({ where }) => !isDisjoint(where, place))?.index,
    policy: request.policy,
    fit: fitIn(plan, place),
    build: request.interpreter ? { interpreter: request.interpreter } : {},
    applies,
    preferred(name, index) {
      const chosen = carried.get(name);
      const others = preferences.of(name, place, index);
      return chosen === undefined || chosen.index !== index ? others : [chosen.version, ...others];
    },
    preferring: [...carried.keys(), ...preferences.names],
    lacking,
    newerWheels,
    isUniversal: true,
    divider,
  });
  return { question, parts: () => divider.parts };
}

/** What a file must fit to be of use somewhere in the project's range, and a release to be of use all over the region. */
function fitIn(plan: Plan, place: MarkerSet): Fit {
  const floor = floorOf(place);
  // The project's, not the region's: nobody plans for the Python 4 that `python_version < "4"` leaves to a region.
  const major = /^>=?(\d+)/.exec(lowerBoundOf(plan.request.requiresPython) ?? "")?.[1];
  const nextMajor = major === undefined ? LOWEST_KEY : versionKey(`${major}.dev0`)!;
  const answers = new Map<string, boolean>([["", true]]);
  const allows = (requiresPython: string): boolean => {
    const bounds = readPython(requiresPython)?.bounds;
    // An upper bound is a guess, but for the next major version, as for one environment.
    return bounds === undefined || (bounds.length > 0 && bounds[0]! <= floor && bounds.at(-1)! > nextMajor);
  };
  return {
    words: wordsFor(place),
    scoreTags: plan.scoreTags,
    boundByWheels: (tags) => boundByWheels(tags, place),
    allowsPython(requiresPython) {
      let answer = answers.get(requiresPython);
      if (answer === undefined) answers.set(requiresPython, (answer = allows(requiresPython)));
      return answer;
    },
  };
}

/** Only a lower bound: what has no wheels yet for the newest Pythons may get some, and what came before it has none either. */
function boundByWheels(tags: readonly string[], place: MarkerSet): string | undefined {
  const first = lowerBoundOf(pythonBoundsOf(place));
  if (first === undefined) return undefined;
  const pythons = cpythonsFor(tags);
  if (!isDisjoint(pythons, place) && floorOf(and(pythons, place)) === floorOf(place)) return undefined;
  const bound = lowerBoundOf(pythonBoundsOf(and(pythons, pythonsOf(first))));
  return bound !== undefined && lowestOf(bound) > floorOf(place) ? bound : undefined;
}

const CPYTHON = placeOf('platform_python_implementation == "CPython"');
const known = new WeakMap<readonly string[], MarkerSet>();

/** The Pythons of wheels; of CPython, if any are: a region is not divided for what others lack. */
function cpythonsFor(tags: readonly string[]): MarkerSet {
  let pythons = known.get(tags);
  if (pythons === undefined) {
    const all = or(...new Set(tags.map(pythonsFor)));
    pythons = isDisjoint(all, CPYTHON) ? all : and(all, CPYTHON);
    known.set(tags, pythons);
  }
  return pythons;
}

const wordsFor = (place: MarkerSet): Fit["words"] => ({
  platform: "the Pythons of the project",
  python: `the project allows Python ${pythonsInWords(pythonBoundsOf(place))}`,
  usePython: (requiresPython) => `raise \`requires-python\` to \`${lowerBoundOf(requiresPython) ?? requiresPython}\``,
});

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
