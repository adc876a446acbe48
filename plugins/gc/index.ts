import { Caches } from "../../plugin-api/caches.ts";
import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin, provide } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import { settings } from "./settings.ts";

/** Removes what was not used for long, and nothing that an environment or a running program needs. */
export default definePlugin({
  name: "gc",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Frees disk space: what nobody uses goes from the store and the caches",
  maturity: "preview",
  settings,
  commands: { gc: command(commands.gc, () => import("./gc.ts")) },
  services: [provide(Caches, () => import("./caches.ts"))],
  stages: {
    link: {
      settle: {
        order: "post",
        when: ({ artifacts }, { cacheMaxSize }) => cacheMaxSize !== undefined && artifacts.length > 0,
        load: () => import("./after-install.ts"),
      },
    },
  },
  permissions: ["write"],
  docs: "disk-space",
});
