import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

/** The single-file form of wheels that caches and mirrors pass on. */
export default definePlugin({
  name: "dpp",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Turns wheels into DPP files and back, and reads these",
  maturity: "preview",
  commands: {
    "dpp convert": command(commands.convert, () => import("./convert.ts")),
    "dpp to-wheel": command(commands.toWheel, () => import("./to-wheel.ts")),
    "dpp inspect": command(commands.inspect, () => import("./inspect.ts")),
    "dpp verify": command(commands.verify, () => import("./verify.ts")),
    "dpp extract": command(commands.extract, () => import("./extract.ts")),
  },
  codes,
  permissions: ["write"],
  docs: "dpp",
});
