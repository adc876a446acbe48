import type { RunOf } from "../../plugin-api/command.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import { alignedTable } from "../../plugin-api/text/aligned-table.ts";
import { formatAge, formatSize } from "../../plugin-api/text/units.ts";
import type { status as spec } from "./commands.ts";
import { type Daemon, describe, runningDaemons } from "./daemons.ts";

const status: RunOf<typeof spec> = async (_options, _operands, session) => {
  const [host, clock] = await Promise.all([session.use(Host), session.use(Clock)]);
  const daemons = runningDaemons(host.dataDir);
  return {
    exitCode: 0,
    data: { daemons: daemons.map(describe) },
    text: (ui) => (daemons.length === 0 ? "No daemon runs." : table(daemons, clock.nowMs(), ui)),
  };
};
export default status;

function table(daemons: readonly Daemon[], nowMs: number, ui: TextStyle): string {
  const head = ["pid", "served", "memory", "used"];
  const rows = daemons.map(({ pid, served, bytes, lastUsedMs }) => [
    String(pid),
    String(served),
    formatSize(bytes),
    `${formatAge(nowMs - lastUsedMs)} ago`,
  ]);
  return alignedTable(head, rows, { ui, words: [] });
}
