import { pageStampsOf } from "../../plugin-api/page-stamps.ts";
import { API_VERSION, definePlugin, provide } from "../../plugin-api/plugin.ts";
import { serviceKey } from "../../plugin-api/service.ts";
import { Indexes } from "../../plugin-api/services.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "pypi",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Package indexes that speak the Simple API",
  maturity: "preview",
  settings,
  // Their typed keys stand beside the code that makes them, which a manifest may not load.
  services: [
    provide(serviceKey("pypi"), () => import("./state.ts")),
    provide(pageStampsOf("pypi"), () => import("./page-stamps.ts")),
    provide(Indexes, () => import("./indexes.ts")),
  ],
  stages: {
    "fetch.versions": { perform: { load: () => import("./versions.ts") } },
    "fetch.metadata": { perform: { load: () => import("./metadata.ts") } },
    "fetch.artifact": { perform: { load: () => import("./download.ts") } },
    lock: {
      prepare: { order: "post", load: () => import("./locking.ts") },
      settle: { load: () => import("./locked.ts") },
    },
    resolve: {
      prepare: { order: "post", load: () => import("./resolving.ts") },
      settle: { load: () => import("./resolved.ts") },
    },
  },
  codes,
  permissions: ["network", "write"],
  docs: "indexes",
});
