import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";

export default definePlugin({
  name: "tool",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Run tools without installing them",
  maturity: "preview",
  commands: { x: command(commands.x, () => import("./x.ts")) },
  permissions: ["network", "run"],
  docs: "tools",
});
