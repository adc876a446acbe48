import { type CacheSize, Caches } from "../../plugin-api/caches.ts";
import type { RunOf } from "../../plugin-api/command.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import { alignedTable } from "../../plugin-api/text/aligned-table.ts";
import { formatAge, formatSize } from "../../plugin-api/text/units.ts";
import type { info as spec } from "./commands.ts";

const info: RunOf<typeof spec> = async (_options, _operands, session) => {
  const [host, caches, clock] = await Promise.all([session.use(Host), session.use(Caches), session.use(Clock)]);
  const sizes = await caches.sizes();
  const bytes = sizes.reduce((sum, each) => sum + each.bytes, 0);
  return {
    exitCode: 0,
    data: {
      path: host.dataDir,
      bytes,
      caches: sizes.map(({ name, path, items, bytes: size, oldestUseMs }) => ({
        name,
        path,
        items,
        bytes: size,
        oldest_use: oldestUseMs === undefined ? null : new Date(oldestUseMs).toISOString(),
      })),
    },
    text: (ui) => table(sizes, { total: `${formatSize(bytes)} in ${host.dataDir}`, nowMs: clock.nowMs() }, ui),
  };
};
export default info;

function table(
  sizes: readonly CacheSize[],
  { total, nowMs }: { readonly total: string; readonly nowMs: number },
  ui: TextStyle,
): string {
  const filled = sizes.filter(({ items }) => items > 0);
  const rows = filled.map(({ name, items, bytes, oldestUseMs }) => [
    name,
    String(items),
    formatSize(bytes),
    oldestUseMs === undefined || oldestUseMs === 0 ? "" : formatAge(nowMs - oldestUseMs),
  ]);
  const head = ["cache", "items", "size", "oldest use"];
  return [...(rows.length === 0 ? [] : [alignedTable(head, rows, { ui, words: [0] })]), total].join("\n");
}
