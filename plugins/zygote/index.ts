import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { settings } from "./settings.ts";

/** Programs are forks of a Python that has started and has loaded what they use. */
export default definePlugin({
  name: "zygote",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Runs programs by forks of a Python that has started already",
  maturity: "preview",
  settings,
  commands: {
    "zygote status": command(commands.status, () => import("./status.ts")),
    "zygote stop": command(commands.stop, () => import("./stop.ts")),
  },
  stages: {
    run: {
      prepare: { order: "post", when: (_input, { zygote }) => zygote === true, load: () => import("./offer.ts") },
    },
  },
  permissions: ["run", "write"],
  docs: "running",
});
