import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

export default definePlugin({
  name: "extensions",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Add, check and write plugins",
  maturity: "preview",
  commands: {
    "plugin list": command(commands.list, () => import("./list.ts")),
    "plugin add": command(commands.add, () => import("./add.ts")),
    "plugin remove": command(commands.remove, () => import("./remove.ts")),
    "plugin new": command(commands.create, () => import("./create.ts")),
    "plugin check": command(commands.check, () => import("./check.ts")),
  },
  codes,
  docs: "plugins",
});
