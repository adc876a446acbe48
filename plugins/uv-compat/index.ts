import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";

/** Index settings of uv's files and of `[tool.uv]`, where PyBun's own files say nothing. */
export default definePlugin({
  name: "uv-compat",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Reads uv's configuration files, below all of PyBun's own",
  maturity: "preview",
  foreignSettings: () => import("./read-settings.ts"),
  docs: "configuration",
});
