import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

export default definePlugin({
  name: "export",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Writes the lock in the forms of other tools",
  maturity: "preview",
  commands: { export: command(commands.exportLock, () => import("./export.ts")) },
  codes,
  docs: "exporting",
  permissions: ["write"],
});
