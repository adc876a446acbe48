import type { Settle } from "../../plugin-api/plugin.ts";
import { DirectState } from "./direct-key.ts";

/** After a resolution: what was read of wheels need not be read again. */
const save: Settle<"resolve" | "lock"> = async (_input, _output, session) =>
  (await session.use(DirectState)).wheels.save(session.signal);
export default save;
