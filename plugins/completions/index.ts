import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";

export default definePlugin({
  name: "completions",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Completion scripts for shells, made from what commands declare",
  maturity: "stable",
  commands: {
    "completions bash": command(commands.bash, () => import("./bash.ts")),
    "completions zsh": command(commands.zsh, () => import("./zsh.ts")),
    "completions fish": command(commands.fish, () => import("./fish.ts")),
    "completions powershell": command(commands.powershell, () => import("./powershell.ts")),
  },
});
