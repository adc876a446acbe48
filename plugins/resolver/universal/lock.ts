import { PybunError } from "../../../plugin-api/error.ts";
import type { Lock, LockRequest } from "../../../plugin-api/model/lock.ts";
import type { PackageName, Requirement } from "../../../plugin-api/model/requirement.ts";
import type { Perform } from "../../../plugin-api/plugin.ts";
import type { Session } from "../../../plugin-api/session.ts";
import { Crawler } from "../crawler.ts";
import { Library } from "../library.ts";
import { Packages } from "../packages.ts";
import { solveFetching } from "../resolve.ts";
import { type SelectedRelease, Solver } from "../solver.ts";
import { audit } from "./audit.ts";
import { describePlace } from "./describe-place.ts";
import { merge } from "./merge.ts";
import { type Plan, planOf } from "./plan.ts";
import { Preferences } from "./preferences.ts";
import { reachOf, type Solved } from "./reach.ts";
import { divideByRoots, questionIn, type Region } from "./region.ts";
import { lockWarnings } from "./warnings.ts";

/**
 * Answers `lock`: one version of each package for all environments of the project, or, where that can't be, one for each
 * of the regions that they are divided into. A region is divided when the solver meets something that can't be decided
 * for all of it; its parts are solved one after the other, each preferring what those before it took.
 */
const lock: Perform<"lock"> = async (request: LockRequest, session: Session): Promise<Lock> => {
  session.emit({ type: "ResolveStart", requirements: request.roots.length });
  const plan = planOf(request);
  const state: State = {
    plan,
    session,
    library: new Library(),
    preferences: new Preferences(plan),
    consulted: new Set(),
    attempts: 0,
  };
  const solved: Solved[] = [];
  const open: Region[] = plan.places.toReversed().map((place) => ({ place, carried: new Map(), lacking: new Map() }));
  for (let region = open.pop(); region; region = open.pop()) {
    const answer = await solveRegion(region, state);
    if ("regions" in answer) open.push(...answer.regions.toReversed());
    else {
      solved.push(answer);
      state.preferences.addSolved(answer.place, versionsOf(answer.packages, answer.pins));
    }
  }
  const made = { ...merge(plan, solved), attempts: state.attempts };
  const warnings = lockWarnings(solved);
  for (const diagnostic of warnings) session.emit({ type: "Diagnostic", diagnostic });
  session.emit({ type: "ResolveComplete", packages: made.packages.length, from_cache: false });
  return Object.freeze({ ...made, warnings, ...(state.library.isCertain && { consulted: [...state.consulted] }) });
};
export default lock;

interface State {
  readonly plan: Plan;
  readonly session: Session;
  readonly library: Library;
  readonly preferences: Preferences;
  /** Packages that mattered somewhere at some time. */
  readonly consulted: Set<PackageName>;
  /** Decisions given up, in all regions together. */
  attempts: number;
}

/** Regions to solve in place of this one, the first one first. */
interface Divided {
  readonly regions: readonly Region[];
}

async function solveRegion(region: Region, state: State): Promise<Solved | Divided> {
  const { plan, session, library, preferences, consulted } = state;
  const asked = questionIn(plan, region, preferences);
  const { question } = asked;
  const parts = divideByRoots(plan, asked, region.place);
  if (parts.length > 1) return { regions: parts.map((place) => ({ ...region, place })) };
  const packages = new Packages(question, library);
  const crawler = new Crawler(session, packages);
  const requirements = question.roots.map(({ requirement }) => requirement);
  const solver = new Solver(packages, requirements);
  const outcome = await solveFetching(solver, ahead(crawler, requirements, library), session);
  for (const name of solver.names()) consulted.add(name);
  state.attempts += solver.statistics.givenUp;
  if (outcome.kind === "divided") {
    const carried = new Map([...region.carried, ...versionsOf(packages, outcome.decided)]);
    return { regions: asked.parts().map((place) => ({ ...region, place, carried })) };
  }
  if (outcome.kind === "conflict") {
    const { explain } = await import("../explain.ts");
    const error = await explain({ packages, session, crawler, solver, facts: outcome.facts });
    throw inRegion(error, plan, region);
  }
  const answer = { place: region.place, packages, pins: outcome.pins };
  const solved = { ...answer, reach: reachOf(plan, answer) };
  const regions = audit(plan, region, solved);
  return regions.length > 0 ? { regions } : solved;
}

/** Fetches ahead from the start in the first region; later ones mostly need what is here already. */
function ahead(crawler: Crawler, requirements: readonly Requirement[], library: Library): Pick<Crawler, "fetch"> {
  let isAhead = library.count === 0;
  if (isAhead) crawler.follow(requirements);
  const fetch: Crawler["fetch"] = (need) => {
    if (!isAhead) crawler.follow(requirements);
    isAhead = true;
    return crawler.fetch(need);
  };
  return { fetch };
}

function* versionsOf(packages: Packages, pins: ReadonlyMap<PackageName, SelectedRelease>) {
  for (const [name, { rank }] of pins) yield [name, packages.candidates(name)!.releases.version(rank)] as const;
}

/** Says for which environments there is no answer, where there is one for others. */
function inRegion(error: PybunError, plan: Plan, { place }: Region): PybunError {
  if (place === plan.everywhere) return error;
  const { detail } = error;
  const where = describePlace(place, plan.everywhere);
  return new PybunError(error.code, error.message, {
    ...detail,
    evidence: [...(detail.evidence ?? []), `only for ${where}`],
    context: { ...detail.context, region: where },
  });
}
