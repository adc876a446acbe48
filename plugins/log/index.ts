import { definePlugin } from "../../plugin-api/plugin.ts";
import { settings } from "./settings.ts";

export default definePlugin({
  name: "log",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Keeps what happened as JSON lines in the data directory",
  maturity: "stable",
  settings,
  observe: { load: () => import("./observer.ts") },
  permissions: ["write"],
});
