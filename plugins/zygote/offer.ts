import type { Prepare } from "../../plugin-api/plugin.ts";
import { startServer } from "./start-server.ts";

/** Lets the runner have programs run by forks. */
const offer: Prepare<"run"> = async (invocation) => ({ ...invocation, startForkServer: startServer });
export default offer;
