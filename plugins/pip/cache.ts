import { type CacheItem, Caches } from "../../plugin-api/caches.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { counted, formatSize } from "../../plugin-api/text/units.ts";

/** The packages in the store whose name a shell's pattern fits; all of them without one. */
function isMeant(pattern: string | undefined): (item: CacheItem) => boolean {
  if (pattern === undefined) return ({ cache }) => cache === "packages";
  const text = pattern.toLowerCase().replace(/[.+^${}()|\\]/g, "\\$&");
  const whole = new RegExp(`^${text.replaceAll("*", ".*").replaceAll("?", ".")}$`);
  return ({ cache, name }) => {
    const lower = name.toLowerCase();
    return cache === "packages" && (whole.test(lower) || whole.test(lower.split(" ", 1)[0] ?? ""));
  };
}

/** Also what was used at this very moment, or by a clock that runs ahead. */
const ANY_AGE = Number.NEGATIVE_INFINITY;

/** Empties the caches, or takes those packages out of the store; what an environment uses stays. */
export async function removeFromCache(session: Session, pattern?: string): Promise<Report> {
  const caches = await session.use(Caches);
  const only = pattern === undefined ? {} : { only: isMeant(pattern) };
  const { removed, freedBytes } = await caches.collect({ maxAgeMs: ANY_AGE, isDryRun: false, ...only });
  return {
    exitCode: 0,
    data: { removed: removed.length },
    text: () => `Files removed: ${removed.length}${removed.length === 0 ? "" : ` (${formatSize(freedBytes)})`}`,
  };
}

export async function listCache(session: Session, pattern: string | undefined): Promise<Report> {
  const caches = await session.use(Caches);
  const { removed, keptFor } = await caches.collect({ maxAgeMs: ANY_AGE, isDryRun: true, only: isMeant(pattern) });
  const items = [...removed, ...keptFor.map(({ item }) => item)].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    exitCode: 0,
    data: { items: items.map(({ name, path, bytes }) => ({ name, path, bytes })) },
    text: () => {
      if (items.length === 0) return "No locally built wheels cached.";
      return ["Cache contents:", "", ...items.map(({ name, bytes }) => ` - ${name} (${formatSize(bytes)})`)].join("\n");
    },
  };
}

export async function describeCache(session: Session): Promise<Report> {
  const [{ dataDir }, sizes] = await Promise.all([
    session.use(Host),
    session.use(Caches).then((caches) => caches.sizes()),
  ]);
  const bytes = sizes.reduce((sum, each) => sum + each.bytes, 0);
  const items = sizes.map((each) => `  ${each.name}: ${counted(each.items, "item")}, ${formatSize(each.bytes)}`);
  return {
    exitCode: 0,
    data: { path: dataDir, bytes },
    text: () => [`Location: ${dataDir}`, `Size: ${formatSize(bytes)}`, ...items].join("\n"),
  };
}
