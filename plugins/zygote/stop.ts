import type { RunOf } from "../../plugin-api/command.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import { endBackground } from "../../plugin-api/system/background-process.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type { stop as spec } from "./commands.ts";
import { describe, runningServers } from "./servers.ts";

/** A server that serves nobody ends within milliseconds; one that does, later. */
const LONGEST_MS = 2_000;
const STEP_MS = 10;

const stop: RunOf<typeof spec> = async (_options, _operands, session) => {
  const [{ dataDir }, clock] = await Promise.all([session.use(Host), session.use(Clock)]);
  const servers = runningServers(dataDir);
  for (const server of servers) endBackground(server);
  const idle = new Set(servers.filter(({ running }) => running === 0).map(({ pid }) => pid));
  for (let waitedMs = 0; waitedMs < LONGEST_MS; waitedMs += STEP_MS) {
    if (!runningServers(dataDir).some(({ pid }) => idle.has(pid))) break;
    await clock.wait(STEP_MS, session.signal);
  }
  const later = servers.length - idle.size;
  const tail = later === 0 ? "" : `; ${later} of them when the programs they run have ended`;
  return {
    exitCode: 0,
    data: { servers: servers.map(describe) },
    text: () =>
      servers.length === 0 ? "No fork server runs." : `Ended ${counted(servers.length, "fork server")}${tail}`,
  };
};
export default stop;
