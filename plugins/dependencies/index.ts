import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

export default definePlugin({
  name: "dependencies",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Changes what a project requires",
  maturity: "preview",
  commands: {
    add: command(commands.add, () => import("./add.ts")),
    remove: command(commands.remove, () => import("./remove.ts")),
    upgrade: command(commands.upgrade, () => import("./upgrade.ts")),
    outdated: command(commands.outdated, () => import("./outdated.ts")),
  },
  codes,
  permissions: ["network", "write"],
  docs: "dependencies",
});
