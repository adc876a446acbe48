import { PybunError } from "../../plugin-api/error.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { MetadataQuery } from "../../plugin-api/stages.ts";
import { Crawler } from "./crawler.ts";
import { solveInTime } from "./minimize.ts";
import { Packages } from "./packages.ts";
import type { Contradiction } from "./remedy/scope.ts";
import { Solver } from "./solver.ts";

/** The session for a question that is no reason to build anything: what takes a build to know can't be known. */
export function sparingBuilds(session: Session): Session {
  const run: Session["run"] = (stage, input) =>
    stage === "fetch.metadata" && isSource(input as unknown as MetadataQuery)
      ? Promise.reject(new PybunError("E_RESOLVE_MISSING", "only a build would tell"))
      : session.run(stage, input);
  return { ...session, run, atHand: () => undefined };
}

const isSource = ({ file }: MetadataQuery): boolean => !file.filename.endsWith(".whl");

/** The same question, as if what failed to build required nothing: undefined when that has an answer. */
export async function contradictionWithoutBuilds(
  { question, library }: Packages,
  session: Session,
  deadlineMs: number,
): Promise<Contradiction | undefined> {
  const packages = new Packages(question, library.withoutBuildFailures());
  const crawler = new Crawler(sparingBuilds(session), packages);
  const requirements = question.roots.map(({ requirement }) => requirement);
  const solver = new Solver(packages, requirements);
  const outcome = await solveInTime(solver, { crawler, deadlineMs });
  return outcome?.kind === "conflict" ? { packages, crawler, solver, facts: outcome.facts } : undefined;
}
