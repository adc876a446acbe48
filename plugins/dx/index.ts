import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";

export default definePlugin({
  name: "dx",
  version: "0.1.0",
  apiVersion: 1,
  summary: "The binary form of pyproject.toml",
  maturity: "preview",
  commands: {
    "dx pack": command(commands.pack, () => import("./pack.ts")),
    "dx unpack": command(commands.unpack, () => import("./unpack.ts")),
  },
  docs: "exporting",
  permissions: ["write"],
});
