import { definePlugin } from "../../plugin-api/plugin.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "linker",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Puts packages from the store into environments",
  maturity: "preview",
  settings,
  stages: { link: { perform: { load: () => import("./link.ts") } } },
  codes,
  permissions: ["write"],
  docs: "environments",
});
