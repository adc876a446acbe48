import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";

export default definePlugin({
  name: "pip-compat",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Read pip's configuration files below our own",
  maturity: "preview",
});
