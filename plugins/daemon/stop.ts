import type { RunOf } from "../../plugin-api/command.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import { endBackground } from "../../plugin-api/system/background-process.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type { stop as spec } from "./commands.ts";
import { describe, runningDaemons } from "./daemons.ts";

/** One that runs nothing ends within milliseconds. */
const LONGEST_MS = 2_000;
const STEP_MS = 10;

const stop: RunOf<typeof spec> = async (_options, _operands, session) => {
  const [{ dataDir }, clock] = await Promise.all([session.use(Host), session.use(Clock)]);
  const daemons = runningDaemons(dataDir);
  for (const daemon of daemons) endBackground(daemon);
  for (let waitedMs = 0; waitedMs < LONGEST_MS && runningDaemons(dataDir).length > 0; waitedMs += STEP_MS)
    await clock.wait(STEP_MS, session.signal);
  return {
    exitCode: 0,
    data: { daemons: daemons.map(describe) },
    text: () => (daemons.length === 0 ? "No daemon runs." : `Ended ${counted(daemons.length, "daemon")}`),
  };
};
export default stop;
