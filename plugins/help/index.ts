import { command } from "../../plugin-api/command.ts";
import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { Help } from "../../plugin-api/services.ts";
import * as commands from "./commands.ts";

export default definePlugin({
  name: "help",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Help made from what every command declares",
  maturity: "stable",
  commands: { help: command(commands.help, () => import("./help.ts")) },
  services: [provide(Help, () => import("./service.ts"))],
});
