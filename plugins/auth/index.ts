import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin, provide } from "../../plugin-api/plugin.ts";
import { Vault } from "../../plugin-api/services.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "auth",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Keeps logins for indexes in the system's keychain",
  maturity: "preview",
  settings,
  services: [provide(Vault, () => import("./vault.ts"))],
  commands: {
    "auth login": command(commands.login, () => import("./login.ts")),
    "auth logout": command(commands.logout, () => import("./logout.ts")),
    "auth list": command(commands.list, () => import("./list.ts")),
  },
  codes,
  permissions: ["write", "spawn"],
  docs: "indexes",
});
