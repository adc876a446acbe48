import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import * as lockCommands from "./lock-commands.ts";

export default definePlugin({
  name: "pip",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "pip's commands, for people and scripts that are used to them",
  maturity: "preview",
  commands: {
    "pip install": command(commands.install, () => import("./install.ts")),
    "pip uninstall": command(commands.uninstall, () => import("./uninstall.ts")),
    "pip list": command(commands.list, () => import("./list.ts")),
    "pip freeze": command(commands.freeze, () => import("./freeze.ts")),
    "pip show": command(commands.show, () => import("./show.ts")),
    "pip check": command(commands.check, () => import("./check.ts")),
    "pip compile": command(lockCommands.compile, () => import("./compile.ts")),
    "pip sync": command(lockCommands.sync, () => import("./sync.ts")),
  },
  stages: { "fetch.metadata": { perform: { load: () => import("./metadata.ts") } } },
  codes,
  permissions: ["network", "run", "write"],
  docs: "pip",
});
