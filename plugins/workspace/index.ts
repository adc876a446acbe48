import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

export default definePlugin({
  name: "workspace",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Shows and changes which projects belong to a workspace",
  maturity: "preview",
  commands: {
    "workspace list": command(commands.list, () => import("./list.ts")),
    "workspace graph": command(commands.graph, () => import("./graph.ts")),
    "workspace add": command(commands.add, () => import("./add.ts")),
    "workspace remove": command(commands.remove, () => import("./remove.ts")),
  },
  codes,
  permissions: ["write"],
  docs: "workspaces",
});
