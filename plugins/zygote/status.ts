import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import { alignedTable } from "../../plugin-api/text/aligned-table.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { formatAge, formatSize } from "../../plugin-api/text/units.ts";
import type { status as spec } from "./commands.ts";
import { describe, runningServers, type Server } from "./servers.ts";

const status: RunOf<typeof spec> = async (_options, _operands, session) => {
  const [host, clock] = await Promise.all([session.use(Host), session.use(Clock)]);
  const servers = runningServers(host.dataDir);
  return {
    exitCode: 0,
    data: { servers: servers.map(describe) },
    text: (ui) => (servers.length === 0 ? "No fork server runs." : table(servers, { nowMs: clock.nowMs(), host }, ui)),
  };
};
export default status;

function table(
  servers: readonly Server[],
  { nowMs, host }: { readonly nowMs: number; readonly host: Host },
  ui: TextStyle,
): string {
  const head = ["pid", "modules", "served", "memory", "used", "environment"];
  const rows = servers.map((server) => [
    String(server.pid),
    String(server.modules),
    String(server.served),
    formatSize(server.bytes),
    `${formatAge(nowMs - server.lastUsedMs)} ago`,
    showPath(path.resolve(server.environment), host),
  ]);
  return alignedTable(head, rows, { ui, words: [head.length - 1] });
}
