import { command } from "../../plugin-api/command.ts";
import { Modules } from "../../plugin-api/modules.ts";
import { API_VERSION, definePlugin, provide } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

/** Where imports come from, told without starting Python. */
export default definePlugin({
  name: "modules",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Finds and lists modules as Python's import system does, without starting Python",
  maturity: "preview",
  commands: { "module-find": command(commands.moduleFind, () => import("./module-find.ts")) },
  services: [provide(Modules, () => import("./service.ts"))],
  codes,
  permissions: ["run"],
  docs: "modules",
});
