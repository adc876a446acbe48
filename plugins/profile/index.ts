import { command } from "../../plugin-api/command.ts";
import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { Profiles } from "../../plugin-api/profile.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "profile",
  version: "0.1.0",
  apiVersion: 1,
  summary: "What a program is run for decides how it is run",
  maturity: "preview",
  settings,
  commands: { profile: command(commands.profileCommand, () => import("./profile.ts")) },
  services: [provide(Profiles, () => import("./service.ts"))],
  stages: {
    run: {
      prepare: {
        order: "pre",
        when: (_invocation, { profile }) => profile !== undefined,
        load: () => import("./apply.ts"),
      },
    },
  },
  codes,
  permissions: ["write"],
  docs: "profiles",
});
