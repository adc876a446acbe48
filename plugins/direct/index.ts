import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";

export default definePlugin({
  name: "direct",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Take requirements by URL or path: wheels, sdists and source trees",
  maturity: "preview",
});
