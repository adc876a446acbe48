import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "runner",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Run Python programs in the environment that fits",
  maturity: "preview",
  settings,
  commands: {
    run: command(commands.run, () => import("./run.ts")),
  },
  stages: {
    run: {
      prepare: { order: "post", load: () => import("./choose-environment.ts") },
      perform: { load: () => import("./execute.ts") },
    },
  },
  codes,
  permissions: ["run"],
  docs: "scripts",
});
