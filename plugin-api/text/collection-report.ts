import type { CacheItem, Collection } from "../caches.ts";
import type { Report, TextStyle } from "../report.ts";
import { counted, formatAge, formatSize } from "./units.ts";

const SHOWN = 20;

/** What every command tells that removes from caches (SPEC GC-06): the largest items, and a line with the sum. */
export function collectionReport(
  collection: Collection,
  { isDryRun, nowMs }: { readonly isDryRun: boolean; readonly nowMs: number },
): Report {
  const { removed, kept, keptFor, freedBytes, beforeBytes, afterBytes } = collection;
  return {
    exitCode: 0,
    data: {
      freed_bytes: freedBytes,
      removed: removed.length,
      kept,
      size_before: beforeBytes,
      size_after: afterBytes,
      dry_run: isDryRun,
      items: removed.map(({ cache, name, path, bytes, lastUsedMs }) => ({
        cache,
        name,
        path,
        bytes,
        last_used: new Date(lastUsedMs).toISOString(),
      })),
      in_use: keptFor.map(({ item, reason }) => ({ cache: item.cache, name: item.name, path: item.path, reason })),
    },
    text: (ui) => {
      const left = `${formatSize(afterBytes)} in ${counted(kept, "item")} ${kept === 1 ? "stays" : "stay"}`;
      const inUse = keptFor.length === 0 ? "" : `, ${keptFor.length} of them in use`;
      if (removed.length === 0 && freedBytes === 0) return `Nothing to remove: ${left}${inUse}`;
      const what = `${counted(removed.length, "item")}, ${left}${inUse}`;
      const verb = isDryRun ? "Would free" : "Freed";
      return [...itemLines(removed, nowMs, ui), `${ui.ok(verb)} ${formatSize(freedBytes)}: ${what}`].join("\n");
    },
  };
}

function itemLines(items: readonly CacheItem[], nowMs: number, ui: TextStyle): readonly string[] {
  const largest = [...items].sort((a, b) => b.bytes - a.bytes).slice(0, SHOWN);
  const cells = largest.map(({ cache, name, bytes, lastUsedMs }) => [
    name,
    cache,
    formatSize(bytes),
    lastUsedMs === 0 ? "" : `used ${formatAge(nowMs - lastUsedMs)} ago`,
  ]) as [string, string, string, string][];
  const width = (column: 0 | 1 | 2): number => Math.max(...cells.map((row) => row[column].length));
  const lines = cells.map(([name, cache, size, age]) =>
    ` ${ui.del("-")} ${ui.name(name)}${" ".repeat(width(0) - name.length)}  ${cache.padEnd(width(1))}  ${size.padStart(width(2))}  ${ui.dim(age)}`.trimEnd(),
  );
  return items.length > SHOWN ? [...lines, `   and ${counted(items.length - SHOWN, "smaller one")}`] : lines;
}
