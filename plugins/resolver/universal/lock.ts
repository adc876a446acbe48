import { PybunError } from "../../../plugin-api/error.ts";
import type { Lock, LockRequest, RootOwner } from "../../../plugin-api/model/lock.ts";
import type { Perform } from "../../../plugin-api/plugin.ts";
import type { Session } from "../../../plugin-api/session.ts";
import { Ahead } from "../ahead.ts";
import { Library } from "../library.ts";
import { overrideWarnings } from "../override-extras.ts";
import { describePlace } from "./describe-place.ts";
import { merge } from "./merge.ts";
import { type Plan, planOf } from "./plan.ts";
import type { Region } from "./region.ts";
import { courseOf, solveRegions } from "./regions.ts";
import { lockWarnings } from "./warnings.ts";

/**
 * Answers `lock`: one version of each package for all environments of the project, or, where that can't be, one for each
 * of the regions that they are divided into. A region is divided when the solver meets something that can't be decided
 * for all of it; its parts are solved one after the other, each preferring what those before it took.
 */
const lock: Perform<"lock"> = async (request: LockRequest, session: Session): Promise<Lock> => {
  session.emit({ type: "ResolveStart", requirements: request.roots.length });
  const plan = planOf(request);
  const course = courseOf(plan, { session, library: new Library(), ahead: aheadOf(plan, session) });
  const outcome = await solveRegions(course, {
    rethrow: (error, region) => (isIndexConflict(error) ? inRegion(error, plan, region) : error),
  });
  if (outcome.kind === "late") throw new Error("a course without a deadline was late");
  if (outcome.kind === "conflict") {
    const { explain } = await import("../explain.ts");
    const { scopeOf } = await import("./scope.ts");
    const met = request.previous?.packages.map(({ name }) => name) ?? [];
    throw await explain({ ...outcome, session, scope: scopeOf(plan, outcome, course), met });
  }
  const { solved } = outcome;
  const made = { ...merge(plan, solved), attempts: course.attempts };
  const warnings = [...overrideWarnings(request.overrides), ...lockWarnings(solved)];
  for (const diagnostic of warnings) session.emit({ type: "Diagnostic", diagnostic });
  session.emit({ type: "ResolveComplete", packages: made.packages.length, from_cache: false });
  return Object.freeze({
    ...made,
    warnings,
    ...(course.library.isCertain && { consulted: [...course.consulted.values()] }),
  });
};
export default lock;

/** Of what a project is installed with, unless somebody asks for more. */
function aheadOf({ request, parts }: Plan, session: Session): Ahead | undefined {
  const { installs } = request;
  if (!installs) return undefined;
  const isIn = ({ kind, name }: RootOwner): boolean => kind !== "optional" && (kind !== "group" || name === "dev");
  const demands = parts.filter(({ owner }) => isIn(owner)).flatMap((part) => part.demands);
  return new Ahead(
    installs,
    demands.map(({ requirement }) => requirement),
    session,
  );
}

const isIndexConflict = (error: unknown): error is PybunError =>
  error instanceof PybunError && error.code === "E_INDEX_CONFLICT";

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
