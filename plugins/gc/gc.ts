import { Caches } from "../../plugin-api/caches.ts";
import type { RunOf } from "../../plugin-api/command.ts";
import { Clock } from "../../plugin-api/services.ts";
import { settingsOf } from "../../plugin-api/session.ts";
import { collectionReport } from "../../plugin-api/text/collection-report.ts";
import type { gc as spec } from "./commands.ts";
import { ageOption, ageSetting, sizeOption } from "./limits.ts";
import { settings } from "./settings.ts";

/** SPEC GC-01. */
const gc: RunOf<typeof spec> = async ({ maxSize, maxAge, dryRun }, _operands, session) => {
  const maxBytes = maxSize === undefined ? undefined : sizeOption(maxSize);
  const isPlain = maxSize === undefined && maxAge === undefined;
  const usual = isPlain ? ageSetting(settingsOf(session, settings).cacheMaxAge) : undefined;
  const maxAgeMs = maxAge === undefined ? usual : ageOption(maxAge);
  const [caches, clock] = await Promise.all([session.use(Caches), session.use(Clock)]);
  const collection = await caches.collect({ maxBytes, maxAgeMs, isDryRun: dryRun });
  return collectionReport(collection, { isDryRun: dryRun, nowMs: clock.nowMs() });
};
export default gc;
