import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";

/** Looks at the lock: what requires what, and why a package is there. */
export default definePlugin({
  name: "tree",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Shows the packages of the lock, what they require and who requires them",
  maturity: "preview",
  commands: {
    tree: command(commands.tree, () => import("./tree.ts")),
    why: command(commands.why, () => import("./why.ts")),
  },
  docs: "looking-at-dependencies",
});
