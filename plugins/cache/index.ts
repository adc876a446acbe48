import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";

/** The commands that look at caches and empty them; what may go is told by the service `Caches`. */
export default definePlugin({
  name: "cache",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Shows what the caches hold and empties them",
  maturity: "preview",
  commands: {
    "cache dir": command(commands.dir, () => import("./dir.ts")),
    "cache info": command(commands.info, () => import("./info.ts")),
    "cache size": command(commands.size, () => import("./size.ts")),
    "cache clean": command(commands.clean, () => import("./clean.ts")),
    "cache prune": command(commands.prune, () => import("./prune.ts")),
  },
  codes,
  permissions: ["write"],
  docs: "disk-space",
});
