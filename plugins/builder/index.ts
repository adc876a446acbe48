import { definePlugin } from "../../plugin-api/plugin.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "builder",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Builds wheels from source distributions and source trees (PEP 517)",
  maturity: "preview",
  stages: { build: { perform: { load: () => import("./build.ts") } } },
  settings,
  codes,
  permissions: ["run", "write"],
  docs: "direct-references",
});
