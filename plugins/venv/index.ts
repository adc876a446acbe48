import { command } from "../../plugin-api/command.ts";
import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { Environments } from "../../plugin-api/services.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "venv",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Makes, finds and describes virtual environments",
  maturity: "preview",
  settings,
  commands: {
    "env info": command(commands.info, () => import("./env-info.ts")),
    "env list": command(commands.list, () => import("./env-list.ts")),
    "env create": command(commands.create, () => import("./env-create.ts")),
    "env remove": command(commands.remove, () => import("./env-remove.ts")),
    "env materialize": command(commands.materialize, () => import("./env-materialize.ts")),
    "env path": command(commands.path, () => import("./env-path.ts")),
    "env activate": command(commands.activate, () => import("./env-activate.ts")),
    venv: command(commands.venv, () => import("./venv.ts")),
  },
  stages: { link: { settle: { load: () => import("./settle-link.ts") } } },
  services: [provide(Environments, () => import("./service.ts"))],
  codes,
  permissions: ["write"],
  docs: "environments",
});
