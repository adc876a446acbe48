import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

export default definePlugin({
  name: "migrate",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Converts projects of other tools",
  maturity: "preview",
  commands: { "config import": command(commands.importConfig, () => import("./import-config.ts")) },
  codes,
  permissions: ["write"],
  docs: "migrating",
});
