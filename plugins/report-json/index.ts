import { definePlugin } from "../../plugin-api/plugin.ts";

/** One envelope on standard output, and with NDJSON every event before it. */
export default definePlugin({
  name: "report-json",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Writes results and events as JSON",
  maturity: "stable",
  observe: { when: ({ format }) => format !== "text", load: () => import("./observer.ts") },
});
