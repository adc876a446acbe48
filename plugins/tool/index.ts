import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

export default definePlugin({
  name: "tool",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Run tools without installing them, or install them for every shell",
  maturity: "preview",
  commands: {
    x: command(commands.x, () => import("./x.ts")),
    "tool install": command(commands.install, () => import("./install.ts")),
    "tool run": command(commands.run, () => import("./x.ts")),
    "tool list": command(commands.list, () => import("./list.ts")),
    "tool upgrade": command(commands.upgrade, () => import("./upgrade.ts")),
    "tool uninstall": command(commands.uninstall, () => import("./uninstall.ts")),
    "tool inject": command(commands.inject, () => import("./inject.ts")),
    "tool dir": command(commands.dir, () => import("./dir.ts")),
    "tool update-shell": command(commands.updateShell, () => import("./update-shell.ts")),
  },
  codes,
  permissions: ["network", "run", "write"],
  docs: "tools",
});
