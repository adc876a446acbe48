import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { Store } from "../../plugin-api/services.ts";
import { StoreTrees } from "../../plugin-api/store-trees.ts";
import { StoreUpkeep } from "../../plugin-api/store-upkeep.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

/** Wheels unpacked once, checked, content-addressed and shared by all environments. */
export default definePlugin({
  name: "store",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Keeps every wheel unpacked once, for all environments",
  maturity: "stable",
  services: [
    provide(Store, () => import("./store.ts")),
    provide(StoreTrees, () => import("./trees.ts")),
    provide(StoreUpkeep, () => import("./upkeep.ts")),
  ],
  settings,
  stages: {
    "fetch.artifact": { perform: { order: "pre", load: () => import("./artifact.ts") } },
    link: { settle: { load: () => import("./compile-linked.ts") } },
  },
  codes,
});
