import { command } from "../../plugin-api/command.ts";
import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { Watching } from "../../plugin-api/services.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "watch",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Runs programs again when their files change, or puts the changes into them",
  maturity: "preview",
  settings,
  commands: { watch: command(commands.watch, () => import("./watch.ts")) },
  services: [provide(Watching, () => import("./watching.ts"))],
  codes,
  permissions: ["run"],
  docs: "watching",
});
