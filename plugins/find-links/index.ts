import { pageStampsOf } from "../../plugin-api/page-stamps.ts";
import { API_VERSION, definePlugin, provide } from "../../plugin-api/plugin.ts";
import { serviceKey } from "../../plugin-api/service.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

const hasPlaces = (_query: unknown, { findLinks }: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(findLinks) && findLinks.length > 0;

/** Archives in folders and on plain pages, as candidates beside those of the index. */
export default definePlugin({
  name: "find-links",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Finds archives in folders and on HTML pages",
  maturity: "preview",
  settings,
  services: [
    provide(serviceKey("find-links"), () => import("./shelves.ts")),
    provide(pageStampsOf("find-links"), () => import("./page-stamps.ts")),
  ],
  stages: {
    "fetch.versions": { perform: { order: "pre", when: hasPlaces, load: () => import("./versions.ts") } },
  },
  codes,
  permissions: ["network"],
  docs: "indexes",
});
