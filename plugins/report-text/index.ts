import { definePlugin } from "../../plugin-api/plugin.ts";

/** Diagnostics as blocks on standard error, the command's result as text on standard output. */
export default definePlugin({
  name: "report-text",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Shows results and diagnostics as text",
  maturity: "stable",
  observe: { when: ({ format }) => format === "text", load: () => import("./observer.ts") },
});
