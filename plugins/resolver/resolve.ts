import { compileEagerly } from "../../plugin-api/jit/native.ts";
import type { PageName } from "../../plugin-api/model/requirement.ts";
import type { Request, Resolution } from "../../plugin-api/model/resolution.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import type { Session } from "../../plugin-api/session.ts";
import { Ahead } from "./ahead.ts";
import { Crawler } from "./crawler.ts";
import type { Decided } from "./outcome.ts";
import { overrideWarnings } from "./override-extras.ts";
import { Packages } from "./packages.ts";
import { pinsOf } from "./pins.ts";
import { type Question, questionOf } from "./question.ts";
import { Solver } from "./solver.ts";
import { warningsAbout } from "./warnings.ts";

/** Decisions after which a solve counts as long; a hundred packages take fewer. */
const LONG_SOLVE = 250;

/** Answers `resolve` for one environment: one version of each package, such that all requirements hold. */
const resolve: Perform<"resolve"> = async (request: Request, session: Session): Promise<Resolution> => {
  const question = questionOf(request);
  const requirements = question.roots.map((root) => root.requirement);
  session.emit({ type: "ResolveStart", requirements: request.demands.length });
  const packages = new Packages(question);
  const crawler = new Crawler(session, packages);
  const solver = new Solver(packages, requirements);
  crawler.follow(requirements);
  const { isInstalled, interpreter } = request;
  const ahead =
    isInstalled && interpreter ? new Ahead({ interpreter, installed: new Map() }, requirements, session) : undefined;
  const outcome = await solveFetching(solver, { crawler, packages, ahead }, session);
  if (outcome.kind !== "pins") {
    const { explain } = await import("./explain.ts");
    const { trialOf } = await import("./remedy/trial.ts");
    const { contradictionWithoutBuilds } = await import("./without-builds.ts");
    throw await explain({
      packages,
      session,
      crawler,
      solver,
      facts: outcome.kind === "conflict" ? outcome.facts : [],
      scope: {
        trial: trialOf(request, packages.library, session),
        file: undefined,
        owner: () => undefined,
        withoutBuilds: (deadlineMs) => contradictionWithoutBuilds(packages, session, deadlineMs),
      },
    });
  }
  const pins = pinsOf(packages, outcome.pins);
  const warnings = [...overrideWarnings(request.overrides ?? []), ...warningsAbout(packages, pins, request.target)];
  for (const diagnostic of warnings) session.emit({ type: "Diagnostic", diagnostic });
  session.emit({ type: "ResolveComplete", packages: pins.length, from_cache: false });
  return Object.freeze({
    pins,
    target: request.target,
    isFromCache: false,
    attempts: solver.statistics.givenUp,
    warnings,
    ...(packages.library.isCertain && { consulted: pagesBehind(solver, question) }),
  });
};
export default resolve;

/** The pages that the solver looked at. */
export const pagesBehind = (solver: Solver, { indexFor }: Question): readonly PageName[] =>
  solver.names().map((name) => {
    const index = indexFor(name);
    return index === undefined ? { name } : { name, index };
  });

export interface Fetching {
  readonly crawler: Pick<Crawler, "fetch" | "rest">;
  readonly packages: Packages;
  /** Of what is installed where the solver looks. */
  readonly ahead: Ahead | undefined;
}

export async function solveFetching(
  solver: Solver,
  { crawler, packages, ahead }: Fetching,
  session: Session,
): Promise<Decided> {
  for (;;) {
    session.signal.throwIfAborted();
    const outcome = solver.solve(LONG_SOLVE);
    ahead?.follow(solver.taken(), packages);
    if (outcome.kind !== "need") {
      crawler.rest();
      return outcome;
    }
    if (solver.statistics.decisions >= LONG_SOLVE) compileEagerly();
    await crawler.fetch(outcome.need);
  }
}
