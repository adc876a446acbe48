import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "resolver",
  version: "1.0.0",
  apiVersion: API_VERSION,
  summary: "Chooses one version of each package such that all requirements hold",
  maturity: "preview",
  settings,
  stages: {
    lock: {
      prepare: { load: () => import("./prepare-lock.ts") },
      perform: { load: () => import("./universal/lock.ts") },
    },
    resolve: { prepare: { load: () => import("./prepare.ts") }, perform: { load: () => import("./resolve.ts") } },
  },
  codes,
});
