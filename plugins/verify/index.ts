import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";

/** Whether store, environment and lock still are what they were made. */
export default definePlugin({
  name: "verify",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Compares store, environment and lock with what was installed and locked",
  maturity: "preview",
  commands: { verify: command(commands.verify, () => import("./verify.ts")) },
  permissions: ["write"],
  docs: "disk-space",
});
