import { childEnding } from "../../plugin-api/child-ending.ts";
import type { RunOf } from "../../plugin-api/command.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type { task as spec } from "./commands.ts";
import { inOrder } from "./order.ts";
import { readTasks, type Tasks, taskNamed } from "./read-tasks.ts";
import { type Ran, runTasks } from "./run-tasks.ts";
import { describe, type Task } from "./task.ts";

/** SPEC TASK-01. */
const task: RunOf<typeof spec> = async (options, [name, ...args], session) => {
  const tasks = await readTasks(session);
  if (name === undefined) return listed(tasks);
  const first = taskNamed(tasks, name);
  if (options.dryRun) return planned(first, tasks);
  const { output } = await session.use(Host);
  const isCaptured = output.format !== "text";
  const ran = await runTasks(
    { task: first, args, tasks, isForced: options.force, isCaptured, isStreamed: options.stream },
    session,
  );
  const failed = ran.find(({ status }) => status === "failed")?.outcome;
  return {
    exitCode: failed?.exitCode ?? 0,
    data: { task: name, exit_code: failed?.exitCode ?? 0, dry_run: false, tasks: ran.map(dataOf) },
    ...(failed && childEnding(failed)),
  };
};
export default task;

const declared = (task: Task): Readonly<Record<string, unknown>> => ({
  name: task.name,
  origin: task.origin,
  help: task.help ?? null,
  does: describe(task),
  depends_on: task.dependsOn,
});

const dataOf = ({ task, status, durationMs, outcome }: Ran): Readonly<Record<string, unknown>> => ({
  name: task.name,
  origin: task.origin,
  status,
  duration_ms: durationMs,
  ...(outcome && {
    argv: outcome.argv,
    exit_code: outcome.exitCode,
    signal: outcome.signal ?? null,
    stdout: outcome.stdout ?? "",
    stderr: outcome.stderr ?? "",
  }),
});

function listed(tasks: Tasks): Report {
  const all = [...tasks.values()];
  return {
    exitCode: 0,
    data: { task: null, tasks: all.map(declared) },
    ...(all.length > 0 && { text: (ui: TextStyle) => rows(all, ui).join("\n") }),
  };
}

function rows(all: readonly Task[], ui: TextStyle): readonly string[] {
  const width = Math.max(...all.map(({ name }) => name.length));
  return all.map((each) => {
    const { name, help, action, dependsOn } = each;
    const after = action && dependsOn.length > 0 ? ` ${ui.dim(`after ${dependsOn.join(", ")}`)}` : "";
    return `${ui.name(name)}${" ".repeat(width - name.length)}  ${help ?? describe(each)}${after}`;
  });
}

function planned(first: Task, tasks: Tasks): Report {
  const order = inOrder(first, tasks);
  return {
    exitCode: 0,
    data: {
      task: first.name,
      exit_code: 0,
      dry_run: true,
      tasks: order.map((each) => ({ ...declared(each), status: "would run" })),
    },
    text: (ui) => [...rows(order, ui), `${ui.ok("Would run")} ${counted(order.length, "task")}`].join("\n"),
  };
}
