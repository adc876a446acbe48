import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";

export default definePlugin({
  name: "find-links",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Find archives in folders and on HTML pages",
  maturity: "preview",
});
