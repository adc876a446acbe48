import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { childEnvironment } from "../../plugin-api/launch/child-environment.ts";
import { become } from "../../plugin-api/launch/native.ts";
import { optionAgainstBootstraps, pythonPathWith } from "../../plugin-api/launch/python-path.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { Host, SettingsTable } from "../../plugin-api/services.ts";
import { shellJoin } from "../../plugin-api/shell-word.ts";
import type { ChosenEnvironment, Invocation } from "../../plugin-api/stages.ts";
import { bootstrapFolder } from "../../plugin-api/system/bootstrap-folder.ts";
import { writeStamp } from "./stamp.ts";

/** Runs the program: PyBun becomes it where nothing is left to do afterwards, else it waits for it (SPEC RUN-04). */
const execute: Perform<"run"> = async (invocation, session) => {
  const host = await session.use(Host);
  const { environment } = invocation;
  if (!environment) return undefined;
  const plain = childEnvironment(host.env, environment, invocation.env);
  const argv = argvFor(invocation, environment.python, plain["PATH"] ?? "");
  const folder = bootstrapsFor(invocation, argv, host.dataDir);
  const variables = folder ? { ...plain, PYTHONPATH: pythonPathWith(folder, plain["PYTHONPATH"]) } : plain;
  if (invocation.isDryRun) return { invocation, argv, exitCode: 0, execMode: "dry-run" };
  session.emit({ type: "ScriptStart", target: invocation.target, exec_mode: "pybun-run" });
  // The environment is that of the folder the command was given in; another folder has its own.
  if (!invocation.isCaptured && invocation.cwd === session.cwd)
    writeStamp({ invocation, bootstraps: folder }, host, await session.use(SettingsTable));
  const isWaitedFor = invocation.isCaptured || invocation.cleanUps.length > 0 || invocation.stopwatch !== undefined;
  if (!isWaitedFor) {
    const { runByFork } = await import("./run-by-fork.ts");
    await runByFork(invocation, environment, { env: host.env, variables: plain });
    await replaceProcess(argv, variables, invocation.cwd);
  }
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

/** The folder that starts what takes part in this run; undefined where nothing does, or nothing can. */
function bootstrapsFor(invocation: Invocation, argv: readonly string[], dataDir: string): string | undefined {
  const { bootstraps = [], pythonOptions, kind, isDryRun, environment } = invocation;
  if (bootstraps.length === 0 || isDryRun || optionAgainstBootstraps(pythonOptions)) return undefined;
  const [file = ""] = argv;
  const isPython = kind !== "command" || file === environment?.python || isPythonScript(file);
  return isPython ? bootstrapFolder(bootstraps, dataDir) : undefined;
}

function argvFor(
  { kind, target, pythonOptions: typed, addedOptions = [], args, cwd, isDryRun, environment }: Invocation,
  python: string,
  searchPath: string,
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
      // What a dry run would install is not there to be found.
      if (isDryRun && path.isAbsolute(target)) return [target, ...args];
      return [...startOf(findExecutable(target, { python, searchPath, cwd }), python, environment), ...args];
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

interface Around {
  readonly python: string;
  readonly searchPath: string;
  readonly cwd: string;
}

/** A command of the environment below names that one's Python, which knows nothing of what was laid over it. */
function startOf(file: string, python: string, environment: ChosenEnvironment | undefined): readonly string[] {
  const isBelow = environment?.scriptsBelow !== undefined && path.dirname(file) === environment.scriptsBelow;
  return isBelow && isPythonScript(file) ? [python, file] : [file];
}

/** As installers write them: Python is named in the first line, or started by a shell that the first lines are for. */
function isPythonScript(file: string): boolean {
  const fd = fs.openSync(file, "r");
  try {
    const head = Buffer.alloc(256);
    const text = head.toString("latin1", 0, fs.readSync(fd, head, 0, head.length, 0));
    return /^#![^\n]*\b(?:python|pypy)|^#!\/bin\/sh\n'''exec' /.test(text);
  } finally {
    fs.closeSync(fd);
  }
}

/** PATH begins with the environment's own folder, so its commands come before the machine's. */
function findExecutable(name: string, { python, searchPath, cwd }: Around): string {
  // `pybun run python` means the environment's, never a version manager's stand-in.
  if (/^python3?$/.test(name)) return python;
  const folders = name.includes("/") ? [cwd] : searchPath.split(path.delimiter).filter((folder) => folder !== "");
  const found = folders.map((folder) => path.resolve(folder, name)).find(isExecutable);
  if (found === undefined) throw notFound(name, cwd);
  return found;
}

function notFound(name: string, cwd: string): PybunError {
  const stat = fs.statSync(path.resolve(cwd, name), { throwIfNoEntry: false });
  const refuse = (message: string, hints: readonly string[] = []) =>
    new PybunError("E_TARGET_NOT_FOUND", message, { hints });
  if (stat?.isDirectory()) return refuse(`folder \`${name}\` has no \`__main__.py\` to run`);
  if (stat)
    return refuse(`file \`${name}\` is neither a Python script nor executable`, [
      `hand it to Python all the same: \`${shellJoin(["pybun", "run", "python", name])}\``,
    ]);
  if (name.includes("/") || /\.pyw?$/.test(name))
    return refuse(`no file \`${name}\`${path.isAbsolute(name) ? "" : ` in ${cwd}`}`);
  const version = /^python(\d+\.\d+)$/.exec(name)?.[1];
  const command = version === undefined ? `pybun x ${name}` : `pybun run --python ${version} python`;
  const isName = /^[\w.-]+$/.test(name);
  return refuse(
    `no command \`${name}\` in the environment or on PATH`,
    isName ? [`${version === undefined ? "run it as a tool" : "choose that Python"}: \`${command}\``] : [],
  );
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
