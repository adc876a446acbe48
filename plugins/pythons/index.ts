import { command } from "../../plugin-api/command.ts";
import { ManagedPythons } from "../../plugin-api/managed-pythons.ts";
import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

/** Pythons that PyBun brings itself: which there are, and how they come to be here and go again. */
export default definePlugin({
  name: "pythons",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Installs and removes Pythons of its own",
  maturity: "preview",
  settings,
  commands: {
    "python install": command(commands.install, () => import("./install.ts")),
    "python remove": command(commands.remove, () => import("./remove.ts")),
  },
  services: [provide(ManagedPythons, () => import("./service.ts"))],
  codes,
  permissions: ["network", "run", "write"],
  docs: "pythons",
});
