import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "trust",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Lets no code into environments that runs at every start of Python unless somebody agreed to it",
  maturity: "preview",
  settings,
  commands: {
    "trust allow-hook": command(commands.allowHook, () => import("./allow-hook.ts")),
    "trust list": command(commands.list, () => import("./list.ts")),
    "trust revoke": command(commands.revoke, () => import("./revoke.ts")),
  },
  stages: {
    link: { prepare: { when: ({ artifacts }) => artifacts.length > 0, load: () => import("./gate.ts") } },
  },
  codes,
  permissions: ["write"],
  docs: "startup-hooks",
});
