import { definePlugin } from "../../plugin-api/plugin.ts";

/** Stands before the text reporter in a preset: what it drew is gone before the same event makes another one print. */
export default definePlugin({
  name: "report-progress",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Shows on standard error what is going on",
  maturity: "stable",
  settings: { noProgress: { kind: "flag", help: "draw no progress, as --progress=never" } },
  observe: {
    when: ({ format, progress, isQuiet }) =>
      format === "text" && (progress === "always" || (progress === "auto" && !isQuiet)),
    load: () => import("./observer.ts"),
  },
});
