import type { Perform } from "../../plugin-api/plugin.ts";
import type { Outcome } from "../../plugin-api/stages.ts";
import { mayHaveTasks, readTasks } from "./read-tasks.ts";
import { runTasks } from "./run-tasks.ts";

/** `pybun run NAME` runs the task of that name before any command of the environment or the machine (SPEC RUN-01). */
const asTarget: Perform<"run"> = async (invocation, session) => {
  if (!(await mayHaveTasks(session))) return undefined;
  const tasks = await readTasks(session);
  const task = tasks.get(invocation.target);
  if (task === undefined) return undefined;
  if (invocation.isDryRun)
    return { invocation, argv: ["pybun", "task", task.name, ...invocation.args], exitCode: 0, execMode: "dry-run" };
  const { args, isCaptured, isStreamed } = invocation;
  const ran = await runTasks({ task, args, tasks, isForced: false, isCaptured, isStreamed }, session);
  const last = ran.findLast(({ outcome }) => outcome !== undefined)?.outcome;
  const nothing: Outcome = { invocation, argv: [], exitCode: 0, execMode: "spawn" };
  return last ? { ...last, invocation } : nothing;
};
export default asTarget;
