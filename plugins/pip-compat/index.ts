import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";

/** Index and network settings of pip's files, where PyBun's own files say nothing. */
export default definePlugin({
  name: "pip-compat",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Reads pip's configuration files, below all of PyBun's own",
  maturity: "preview",
  foreignSettings: () => import("./read-settings.ts"),
  docs: "configuration",
});
