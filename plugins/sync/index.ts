import { command } from "../../plugin-api/command.ts";
import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { ProjectChanges } from "../../plugin-api/project/change.ts";
import type { Invocation } from "../../plugin-api/stages.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

/** A program that has no environment yet and does not ask for one of its own. */
const isForProject = ({ environment, isIsolated, isDryRun }: Invocation): boolean =>
  !environment && !isIsolated && !isDryRun;

export default definePlugin({
  name: "sync",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Makes a project's environment equal its lock",
  maturity: "preview",
  commands: {
    sync: command(commands.sync, () => import("./sync.ts")),
    install: command(commands.install, () => import("./install.ts")),
  },
  settings,
  stages: { run: { prepare: { order: "post", when: isForProject, load: () => import("./for-run.ts") } } },
  services: [provide(ProjectChanges, () => import("./apply.ts"))],
  codes,
  permissions: ["network", "write"],
  docs: "locking",
});
