import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { settings } from "./settings.ts";

/** Commands are run by a PyBun that has started already. */
export default definePlugin({
  name: "daemon",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Runs commands in a PyBun that has started already and knows its work",
  maturity: "preview",
  settings,
  commands: {
    "daemon status": command(commands.status, () => import("./status.ts")),
    "daemon stop": command(commands.stop, () => import("./stop.ts")),
  },
  permissions: ["run", "write"],
  docs: "daemon",
});
