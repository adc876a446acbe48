import type { PackageName, PageName } from "../../../plugin-api/model/requirement.ts";
import { formatMarkerSet } from "../../../plugin-api/python/marker-algebra.ts";
import type { Session } from "../../../plugin-api/session.ts";
import type { Ahead } from "../ahead.ts";
import type { ClauseId } from "../clauses.ts";
import { Crawler } from "../crawler.ts";
import type { Library } from "../library.ts";
import { solveInTime } from "../minimize.ts";
import type { SelectedRelease } from "../outcome.ts";
import { Packages } from "../packages.ts";
import { ranksOf } from "../ranks.ts";
import { pagesBehind, solveFetching } from "../resolve.ts";
import { Solver } from "../solver.ts";
import { audit } from "./audit.ts";
import type { Plan } from "./plan.ts";
import { Preferences } from "./preferences.ts";
import { reachOf, type Solved } from "./reach.ts";
import { divideByRoots, questionIn, type Region } from "./region.ts";

/** The regions of a plan, one after the other. */
export interface Course {
  readonly plan: Plan;
  readonly session: Session;
  readonly library: Library;
  readonly preferences: Preferences;
  readonly ahead: Ahead | undefined;
  /** Gives up then, by `performance.now()`. */
  readonly deadlineMs: number | undefined;
  /** Pages that mattered somewhere at some time, by name and index. */
  readonly consulted: Map<string, PageName>;
  /** Decisions given up, in all regions together. */
  attempts: number;
}

type Means = Pick<Course, "session" | "library"> & { readonly deadlineMs?: number; readonly ahead?: Ahead | undefined };

export const courseOf = (plan: Plan, { session, library, deadlineMs, ahead }: Means): Course => ({
  plan,
  session,
  library,
  preferences: new Preferences(plan),
  deadlineMs,
  ahead,
  consulted: new Map(),
  attempts: 0,
});

/** A region without an answer. */
export interface Refusal {
  readonly kind: "conflict";
  readonly region: Region;
  readonly packages: Packages;
  readonly crawler: Crawler;
  readonly solver: Solver;
  readonly facts: readonly ClauseId[];
}

/** Regions to solve in place of one, the first one first. */
interface Divided {
  readonly kind: "divided";
  readonly regions: readonly Region[];
}

/** Nothing but that the time was up. */
const LATE = { kind: "late" } as const;

export interface Asked {
  /** Whether to go on after a region that has no answer; without it, the first one ends the course. */
  readonly goOn?: (refusal: Refusal) => void;
  /** What to throw instead of what a region throws. */
  readonly rethrow?: (error: unknown, region: Region) => unknown;
}

/**
 * Solves for one region after the other. One is divided when the solver meets something that can't be decided for all of it;
 * its parts each prefer what those before them took.
 */
export async function solveRegions(
  course: Course,
  { goOn, rethrow = (error): unknown => error }: Asked = {},
): Promise<{ readonly kind: "solved"; readonly solved: readonly Solved[] } | Refusal | typeof LATE> {
  const { plan, preferences } = course;
  const solved: Solved[] = [];
  const open: Region[] = plan.places
    .toReversed()
    .map((place) => ({ place, carried: new Map(), lacking: new Map(), newerWheels: new Set() }));
  for (let region = open.pop(); region; region = open.pop()) {
    const here = region;
    const answer = await solveRegion(here, course).catch((error: unknown) => {
      throw rethrow(error, here);
    });
    if (answer.kind === "late") return answer;
    if (answer.kind === "divided") open.push(...answer.regions.toReversed());
    else if (answer.kind === "solved") {
      solved.push(answer.solved);
      preferences.addSolved(region.place, versionsOf(answer.solved.packages, answer.solved.pins));
    } else if (goOn) goOn(answer);
    else return answer;
  }
  return { kind: "solved", solved };
}

type Answer = { readonly kind: "solved"; readonly solved: Solved } | Divided | Refusal | typeof LATE;

async function solveRegion(region: Region, course: Course): Promise<Answer> {
  const { plan, session, library, preferences, consulted, deadlineMs } = course;
  const asked = questionIn(plan, region, preferences);
  const { question } = asked;
  const parts = divideByRoots(plan, asked, region.place);
  if (parts.length > 1) return { kind: "divided", regions: parts.map((place) => ({ ...region, place })) };
  const packages = new Packages(question, library);
  const crawler = new Crawler(session, packages);
  const requirements = question.roots.map(({ requirement }) => requirement);
  const solver = new Solver(packages, requirements);
  // Later regions mostly need what is here already: they fetch ahead only from what is new.
  if (library.count === 0) crawler.follow(requirements);
  const outcome = await (deadlineMs === undefined
    ? solveFetching(solver, { crawler, packages, ahead: isHere(region, course) ? course.ahead : undefined }, session)
    : solveInTime(solver, { crawler, deadlineMs }));
  if (outcome === undefined) return LATE;
  for (const page of pagesBehind(solver, question)) consulted.set(`${page.name} ${page.index ?? ""}`, page);
  course.attempts += solver.statistics.givenUp;
  if (outcome.kind === "divided") {
    const carried = new Map([...region.carried, ...versionsOf(packages, outcome.decided)]);
    return { kind: "divided", regions: asked.parts().map((place) => ({ ...region, place, carried })) };
  }
  if (outcome.kind === "conflict") {
    const refusal: Refusal = { kind: "conflict", region, packages, crawler, solver, facts: outcome.facts };
    const wider = withNewerWheels(refusal);
    return wider ? { kind: "divided", regions: [wider] } : refusal;
  }
  const answer = { place: region.place, packages, pins: outcome.pins };
  const solved = { ...answer, reach: reachOf(plan, answer) };
  const regions = audit(plan, region, solved);
  return regions.length > 0 ? { kind: "divided", regions } : { kind: "solved", solved };
}

/** Whether the region is that of the environment that the lock is installed in. */
const isHere = ({ place }: Region, { plan, ahead }: Course): boolean =>
  place === plan.everywhere || ahead?.holds(formatMarkerSet(place)) === true;

/**
 * The region once more, with the releases whose wheels are for newer Pythons alone of packages that have no others that do:
 * better a lock that serves most Pythons than none. Undefined where these are not the cause.
 */
function withNewerWheels({ region, packages, solver, facts }: Refusal): Region | undefined {
  const newerWheels = new Set(region.newerWheels);
  for (const fact of facts) {
    const reason = solver.clauses.reasons[fact]!;
    if (reason.kind !== "unusable") continue;
    const { name } = solver.nodeOf(reason.package);
    const candidates = packages.candidates(name);
    const isByWheels = (rank: number): boolean => {
      const obstacle = candidates?.obstacle(rank);
      return obstacle?.kind === "python" && obstacle.isByWheels === true;
    };
    if ([...ranksOf(solver.clauses.sets[fact]![0]!, candidates?.count ?? 0)].some(isByWheels)) newerWheels.add(name);
  }
  return newerWheels.size > region.newerWheels.size ? { ...region, newerWheels } : undefined;
}

function* versionsOf(packages: Packages, pins: ReadonlyMap<PackageName, SelectedRelease>) {
  for (const [name, { rank }] of pins) {
    const version = packages.candidates(name)!.releases.version(rank);
    yield [name, { version, index: packages.question.indexFor(name) }] as const;
  }
}
