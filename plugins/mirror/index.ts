import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import { create } from "./commands.ts";
import { codes } from "./errors.ts";

/** Static copies of the packages one needs, for places without a network. */
export default definePlugin({
  name: "mirror",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Writes static mirrors of packages that PyBun, pip and uv can install from",
  maturity: "preview",
  commands: { "mirror create": command(create, () => import("./create.ts")) },
  codes,
  permissions: ["network", "write"],
  docs: "mirrors",
});
