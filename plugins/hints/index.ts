import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";

/** Keeps what was resolved, and gives it again while nothing that decided it has changed. */
export default definePlugin({
  name: "hints",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Remembers resolutions for as long as they hold",
  maturity: "preview",
  stages: {
    resolve: {
      perform: { order: "pre", load: () => import("./recall.ts") },
      settle: { load: () => import("./keep.ts") },
    },
    lock: {
      perform: { order: "pre", load: () => import("./recall-lock.ts") },
      settle: { load: () => import("./keep-lock.ts") },
    },
  },
  permissions: ["write"],
});
