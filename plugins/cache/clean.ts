import { type CacheItem, Caches } from "../../plugin-api/caches.ts";
import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { Clock } from "../../plugin-api/services.ts";
import { collectionReport } from "../../plugin-api/text/collection-report.ts";
import type { clean as spec } from "./commands.ts";

/** Also what was used at this very moment, or by a clock that runs ahead. */
const ANY_AGE = Number.NEGATIVE_INFINITY;

/** A name is a cache's, or else a package's. */
const clean: RunOf<typeof spec> = async ({ dryRun }, operands, session) => {
  const [caches, clock] = await Promise.all([session.use(Caches), session.use(Clock)]);
  const isMeant = (item: CacheItem, name: string): boolean =>
    caches.names.includes(name) ? item.cache === name : isOf(item, name);
  const only = (item: CacheItem): boolean => operands.length === 0 || operands.some((name) => isMeant(item, name));
  const packages = operands.filter((name) => !caches.names.includes(name));
  if (packages.length > 0) {
    const { removed, keptFor } = await caches.collect({ maxAgeMs: ANY_AGE, only, isDryRun: true });
    const all = [...removed, ...keptFor.map(({ item }) => item)];
    const unknown = packages.find((name) => !all.some((item) => isOf(item, name)));
    if (unknown !== undefined) throw notKept(unknown, caches.names);
  }
  const collection = await caches.collect({ maxAgeMs: ANY_AGE, only, isDryRun: dryRun });
  return collectionReport(collection, { isDryRun: dryRun, nowMs: clock.nowMs() });
};
export default clean;

/** Entries of the store are told by name and version. */
const isOf = ({ cache, name }: CacheItem, wanted: string): boolean =>
  cache === "packages" && normalizeName(name.split(" ", 1)[0] ?? "") === normalizeName(wanted);

function notKept(name: string, names: readonly string[]): PybunError {
  const near = nearest(name, names);
  return new PybunError(
    "E_CACHE_UNKNOWN",
    `there is no cache \`${name}\`, and nothing of a package of that name is kept`,
    {
      hints: [
        near === undefined ? "see what is there: `pybun cache info`" : `did you mean: \`pybun cache clean ${near}\``,
      ],
      context: { name, caches: names },
    },
  );
}
