import { command } from "../../plugin-api/command.ts";
import { definePlugin } from "../../plugin-api/plugin.ts";
import type { Invocation } from "../../plugin-api/stages.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

/** Only a word that no path is can be a task's name. */
const isName = ({ kind, target, isLiteral }: Invocation): boolean =>
  kind === "command" && isLiteral !== true && !/[\\/]/.test(target);

export default definePlugin({
  name: "task",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Runs the named tasks of a project",
  maturity: "preview",
  settings,
  commands: { task: command(commands.task, () => import("./run-task.ts")) },
  stages: { run: { perform: { order: "pre", when: isName, load: () => import("./as-target.ts") } } },
  codes,
  permissions: ["run", "write"],
  docs: "tasks",
});
