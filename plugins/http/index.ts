import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { Credentials, Http } from "../../plugin-api/services.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "http",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Fetches over HTTP: connections, retries, proxies, certificates, credentials and the disk cache",
  maturity: "preview",
  settings,
  services: [provide(Http, () => import("./http.ts")), provide(Credentials, () => import("./credentials.ts"))],
  codes,
  permissions: ["network", "write"],
  docs: "network",
});
