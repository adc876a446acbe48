import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

/** What a project says of itself. */
export default definePlugin({
  name: "project",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Makes projects, and shows and sets their version",
  maturity: "preview",
  commands: {
    init: command(commands.init, () => import("./init.ts")),
    version: command(commands.version, () => import("./version.ts")),
  },
  codes,
  permissions: ["write"],
  docs: "start",
});
