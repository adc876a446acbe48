import { EnvironmentCache } from "../../plugin-api/environment-cache.ts";
import { definePlugin, provide } from "../../plugin-api/plugin.ts";

export default definePlugin({
  name: "env-cache",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Environments kept by their content, shared by scripts and one-off tools",
  maturity: "preview",
  services: [provide(EnvironmentCache, () => import("./ensure.ts"))],
});
