import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";

export default definePlugin({
  name: "explain",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Explains the codes of errors and warnings",
  maturity: "stable",
  commands: { explain: command(commands.explain, () => import("./explain.ts")) },
});
