import { API_VERSION, definePlugin, provide } from "../../plugin-api/plugin.ts";
import { serviceKey } from "../../plugin-api/service.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

/** Archives in folders and on plain pages, as candidates beside those of the index. */
export default definePlugin({
  name: "find-links",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Finds archives in folders and on HTML pages",
  maturity: "preview",
  settings,
  services: [provide(serviceKey("find-links"), () => import("./shelves.ts"))],
  stages: { "fetch.versions": { perform: { order: "pre", load: () => import("./versions.ts") } } },
  codes,
  permissions: ["network"],
  docs: "indexes",
});
