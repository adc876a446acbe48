import { Caches } from "../../plugin-api/caches.ts";
import type { RunOf } from "../../plugin-api/command.ts";
import { Clock } from "../../plugin-api/services.ts";
import { collectionReport } from "../../plugin-api/text/collection-report.ts";
import type { prune as spec } from "./commands.ts";

/** Also what was used at this very moment, or by a clock that runs ahead. */
const ANY_AGE = Number.NEGATIVE_INFINITY;

const prune: RunOf<typeof spec> = async ({ dryRun }, _operands, session) => {
  const [caches, clock] = await Promise.all([session.use(Caches), session.use(Clock)]);
  const only = ({ cache }: { readonly cache: string }): boolean => cache === "packages";
  const collection = await caches.collect({ maxAgeMs: ANY_AGE, only, isDryRun: dryRun });
  return collectionReport(collection, { isDryRun: dryRun, nowMs: clock.nowMs() });
};
export default prune;
