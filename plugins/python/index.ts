import { command } from "../../plugin-api/command.ts";
import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { Interpreters } from "../../plugin-api/services.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

export default definePlugin({
  name: "python",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Finds the Pythons of this machine and chooses among them",
  maturity: "preview",
  commands: {
    "python list": command(commands.list, () => import("./list.ts")),
    "python find": command(commands.find, () => import("./find.ts")),
    "python which": command(commands.which, () => import("./which.ts")),
    "python pin": command(commands.pin, () => import("./pin.ts")),
  },
  services: [provide(Interpreters, () => import("./interpreters.ts"))],
  codes,
  permissions: ["run", "write"],
  docs: "environments",
});
