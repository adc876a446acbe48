import path from "node:path";
import { childEnvironment } from "../../plugin-api/launch/child-environment.ts";
import { become } from "../../plugin-api/launch/native.ts";
import { optionAgainstBootstraps, pythonPathWith } from "../../plugin-api/launch/python-path.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { Host, SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Invocation } from "../../plugin-api/stages.ts";
import { bootstrapFolder } from "../../plugin-api/system/bootstrap-folder.ts";
import { handBack } from "../../plugin-api/system/stand-in.ts";
import { type Command, findCommand, isFromElsewhere } from "./find-command.ts";
import { writeStamp } from "./stamp.ts";

/** Runs the program: PyBun becomes it where nothing is left to do afterwards, else it waits for it (SPEC RUN-04). */
const execute: Perform<"run"> = async (invocation, session) => {
  const host = await session.use(Host);
  const { environment } = invocation;
  if (!environment) return undefined;
  const plain = childEnvironment(host.env, environment, invocation.env);
  const around = { environment, searchPath: plain["PATH"] ?? "", cwd: invocation.cwd };
  const command = isFound(invocation) ? findCommand(invocation.target, around) : undefined;
  const argv = argvFor(invocation, environment.python, command);
  const folder = bootstrapsFor(invocation, command, host.dataDir);
  const variables = folder ? { ...plain, PYTHONPATH: pythonPathWith(folder, plain["PYTHONPATH"]) } : plain;
  if (invocation.isDryRun) return { invocation, argv, exitCode: 0, execMode: "dry-run" };
  const warned = await warnOf(invocation, command, session);
  session.emit({ type: "ScriptStart", target: invocation.target, exec_mode: "pybun-run" });
  // The environment is that of the folder the command was given in; another folder has its own.
  if (!warned && !invocation.isCaptured && invocation.cwd === session.cwd)
    writeStamp({ invocation, command, bootstraps: folder }, host, await session.use(SettingsTable));
  const isWaitedFor = invocation.isCaptured || invocation.cleanUps.length > 0 || invocation.stopwatch !== undefined;
  if (!isWaitedFor) {
    await handBack({ argv, variables, cwd: invocation.cwd });
    const { runByFork } = await import("./run-by-fork.ts");
    await runByFork({ invocation, environment, command }, { env: host.env, variables: plain, bootstraps: folder });
    await replaceProcess(argv, variables, invocation.cwd);
  }
  // A child has the terminal, the limits and the job of its parent.
  await handBack();
  const { spawnChild } = await import("./spawn-child.ts");
  const signal = invocation.signal ? AbortSignal.any([session.signal, invocation.signal]) : session.signal;
  try {
    invocation.stopwatch?.begin();
    const ended = await spawnChild({ argv, env: variables, invocation, signal });
    session.emit({ type: "ScriptEnd", target: invocation.target, exec_mode: "pybun-run", exit_code: ended.exitCode });
    const timings = invocation.stopwatch && { timings: invocation.stopwatch.end() };
    return { invocation, argv, execMode: "spawn", ...ended, ...timings };
  } finally {
    for (const cleanUp of invocation.cleanUps) cleanUp();
  }
};
export default execute;

/** What a dry run would install is not there to be found. */
const isFound = ({ kind, target, isDryRun }: Invocation): boolean =>
  kind === "command" && !(isDryRun && path.isAbsolute(target));

/** Says where a command is not the project's own though it should be. Such a run is not noted: the next one is to say it again. */
async function warnOf(invocation: Invocation, command: Command | undefined, session: Session): Promise<boolean> {
  if (!command || !isFromElsewhere(invocation, command)) return false;
  const { partMissing } = await import("./from-elsewhere.ts");
  const diagnostic = await partMissing(invocation, command, session);
  if (diagnostic) session.emit({ type: "Diagnostic", diagnostic });
  return diagnostic !== undefined;
}

/** The folder that starts what takes part in this run; undefined where nothing does, or nothing can. */
function bootstrapsFor(invocation: Invocation, command: Command | undefined, dataDir: string): string | undefined {
  const { bootstraps = [], pythonOptions, isDryRun } = invocation;
  if (bootstraps.length === 0 || isDryRun || optionAgainstBootstraps(pythonOptions)) return undefined;
  return command?.isPython === false ? undefined : bootstrapFolder(bootstraps, dataDir);
}

function argvFor(
  { kind, target, pythonOptions: typed, addedOptions = [], args }: Invocation,
  python: string,
  command: Command | undefined,
): readonly string[] {
  const pythonOptions = [...addedOptions, ...typed];
  switch (kind) {
    case "code":
      return [python, ...pythonOptions, "-c", target, ...args];
    case "module":
      return [python, ...pythonOptions, "-m", target, ...args];
    case "stdin":
      return [python, ...pythonOptions, "-", ...args];
    case "script":
      return [python, ...pythonOptions, target, ...args];
    case "command":
      return [...(command?.over === undefined ? [] : [command.over]), command?.file ?? target, ...args];
  }
}

/** Returns only where the platform can't. */
async function replaceProcess(...call: Parameters<typeof become>): Promise<void> {
  try {
    await become(...call);
  } catch (error) {
    const { cannotRun } = await import("./cannot-run.ts");
    throw cannotRun(call[0][0] ?? "", error as NodeJS.ErrnoException);
  }
}
