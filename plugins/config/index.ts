import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

export default definePlugin({
  name: "config",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Reads and writes settings",
  maturity: "stable",
  commands: {
    "config get": command(commands.get, () => import("./get.ts")),
    "config set": command(commands.set, () => import("./set.ts")),
    "config unset": command(commands.unset, () => import("./unset.ts")),
    "config list": command(commands.list, () => import("./list.ts")),
    "config path": command(commands.path, () => import("./path.ts")),
  },
  codes,
  permissions: ["write"],
});
