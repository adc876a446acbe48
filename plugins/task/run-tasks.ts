import fs from "node:fs";
import os from "node:os";
import { PybunError } from "../../plugin-api/error.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import type { Outcome } from "../../plugin-api/stages.ts";
import { isTerminal } from "../../plugin-api/system/terminal.ts";
import { writeOut } from "../../plugin-api/system/write-out.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { programOf, variablesOf } from "./invocation.ts";
import { inOrder } from "./order.ts";
import { linePrinter } from "./output.ts";
import { type Tasks, taskNamed } from "./read-tasks.ts";
import { forgetResult, isUpToDate, keepResult, premisesOf } from "./result.ts";
import { settings } from "./settings.ts";
import type { Action, Step, Task } from "./task.ts";

export interface TaskCall {
  readonly task: Task;
  readonly args: readonly string[];
  readonly tasks: Tasks;
  readonly isForced: boolean;
  /** Output is kept for the report. */
  readonly isCaptured: boolean;
  readonly isStreamed: boolean;
}
/** What became of a task that did something. */
export interface Ran {
  readonly task: Task;
  readonly status: "ran" | "up to date" | "failed";
  readonly durationMs: number;
  readonly outcome?: Outcome;
}

/** State of one call. */
interface Run {
  readonly call: TaskCall;
  readonly session: Session;
  readonly ran: Ran[];
  /** Tasks that were started without arguments: whoever else needs them waits for the same. */
  readonly started: Map<Task, Promise<void>>;
  /** Aborted when a task failed: the others are ended. */
  readonly stop: AbortController;
  readonly slots: Slots;
  /** Tasks may print at the same time: their lines are marked, in a column of this width. */
  readonly width: number | undefined;
}

class TaskFailed extends Error {}

/**
 * Runs a task behind those it depends on, as many of these at the same time as may be. The first that fails ends the others; it
 * is the last of the list then. The task itself has the streams for itself, and PyBun becomes it where nothing is left to do.
 * Throws what the stage `run` throws.
 */
export async function runTasks(call: TaskCall, session: Session): Promise<readonly Ran[]> {
  const order = inOrder(call.task, call.tasks);
  const isBroad = order.some(({ dependsOn }) => dependsOn.length > 1);
  const jobs = settingsOf(session, settings).taskJobs ?? os.availableParallelism();
  const run: Run = {
    call,
    session,
    ran: [],
    started: new Map(),
    stop: new AbortController(),
    slots: makeSlots(Math.max(1, jobs)),
    width: isBroad ? Math.max(...order.map(({ name }) => name.length)) : undefined,
  };
  try {
    await perform({ task: call.task, args: call.args, isLast: true }, run);
  } catch (error) {
    run.stop.abort(error);
    await Promise.allSettled(run.started.values());
    if (!(error instanceof TaskFailed)) throw error;
  }
  return run.ran;
}

interface Turn {
  readonly task: Task;
  readonly args: readonly string[];
  /** Nothing comes behind it. */
  readonly isLast: boolean;
  /** Others may be running beside it. */
  readonly isBeside?: boolean;
}

async function perform({ task, args, ...turn }: Turn, run: Run): Promise<void> {
  const needed = task.dependsOn.map((name) => dependency(taskNamed(run.call.tasks, name, task), run));
  await Promise.all(needed);
  run.stop.signal.throwIfAborted();
  run.session.signal.throwIfAborted();
  const { action } = task;
  if (action?.kind === "chain") await chain(action.steps, { task, args, ...turn }, run);
  else if (action) await act({ task, args: args.length > 0 ? args : task.args, ...turn }, action, run);
}

function dependency(task: Task, run: Run): Promise<void> {
  const known = run.started.get(task) ?? perform({ task, args: [], isLast: false, isBeside: true }, run);
  run.started.set(task, known);
  return known;
}

/** One step after the other; the call's arguments are for the last one. A step that others needed already is done. */
async function chain(steps: readonly Step[], turn: Turn, run: Run): Promise<void> {
  const seen = new Set<Task>();
  for (const [at, step] of steps.entries()) {
    const isEnd = at === steps.length - 1;
    const task = taskNamed(run.call.tasks, step.name, turn.task);
    const args = isEnd ? [...step.args, ...turn.args] : step.args;
    const isNew = !seen.has(task) && args.length === 0;
    const known = isNew ? run.started.get(task) : undefined;
    seen.add(task);
    const next = known ?? perform({ ...turn, task, args, isLast: turn.isLast && isEnd }, run);
    if (args.length === 0) run.started.set(task, next);
    await next;
  }
}

type Work = Exclude<Action, { readonly kind: "chain" }>;

async function act(turn: Turn, action: Work, run: Run): Promise<void> {
  const { task, args } = turn;
  const { session, call } = run;
  const clock = await session.use(Clock);
  const startedMs = clock.nowMs();
  const took = (): number => clock.nowMs() - startedMs;
  const premises = task.inputs.length > 0 ? await premisesOf(task, args, session) : undefined;
  if (premises && !call.isForced && (await isUpToDate(task, premises))) {
    if (!call.isCaptured && isTerminal(2)) writeOut(2, `Up to date: ${task.name}\n`);
    run.ran.push({ task, status: "up to date", durationMs: took() });
    return;
  }
  if (premises) forgetResult(task);
  const outcome = await run.slots(() => start(turn, action, run));
  const status = outcome.exitCode === 0 ? "ran" : "failed";
  run.ran.push({ task, status, durationMs: took(), outcome });
  if (status === "failed") throw new TaskFailed(task.name);
  if (premises) await keepResult(task, premises);
}

async function start({ task, args, isLast, isBeside }: Turn, action: Work, run: Run): Promise<Outcome> {
  run.stop.signal.throwIfAborted();
  checkFolder(task, run.session.cwd);
  const { call, session, width, stop } = run;
  const { platform, env } = await session.use(Host);
  const isMarked = isBeside && width !== undefined && !call.isCaptured;
  const printer = isMarked ? linePrinter(task.name, width) : undefined;
  const isColored = isMarked && env["FORCE_COLOR"] === undefined && env["NO_COLOR"] === undefined && isTerminal(1);
  const isAtEnd = isLast && task.inputs.length === 0;
  const outcome = await session.run("run", {
    ...programOf({ name: task.name, action }, args, platform),
    pythonOptions: [],
    cwd: task.cwd,
    env: { ...(isColored && { FORCE_COLOR: "1" }), ...(await variablesOf(task)) },
    isDryRun: false,
    isCaptured: call.isCaptured || isMarked === true,
    isStreamed: call.isStreamed,
    isLiteral: true,
    signal: stop.signal,
    // Where something has to be done afterwards, PyBun stays.
    cleanUps: isAtEnd ? [] : [() => {}],
    ...(printer && { onOutput: printer.take }),
  });
  printer?.end();
  return outcome;
}

/** Only when it starts: what it depends on may make the folder. */
function checkFolder({ name, origin, cwd }: Task, from: string): void {
  if (fs.statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return;
  const folder = showPath(cwd, { cwd: from, home: "" });
  throw new PybunError("E_TASK_INVALID", `${origin} task \`${name}\` is to run in \`${folder}\`, which is no folder`, {
    hints: ["make the folder, or correct the task's `cwd`"],
    context: { path: cwd },
  });
}

type Slots = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so many run at the same time; the others wait in order. */
function makeSlots(most: number): Slots {
  let free = most;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
