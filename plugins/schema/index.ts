import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";

export default definePlugin({
  name: "schema",
  version: "0.1.0",
  apiVersion: 1,
  summary: "JSON Schemas of everything PyBun prints as JSON",
  maturity: "stable",
  commands: {
    "schema print": command(commands.print, () => import("./print.ts")),
    "schema check": command(commands.check, () => import("./check.ts")),
  },
});
