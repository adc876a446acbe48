import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { Host, SettingsTable } from "../../plugin-api/services.ts";
import type { Invocation } from "../../plugin-api/stages.ts";
import { childEnvironment } from "./child-environment.ts";
import { become } from "./native.ts";
import { writeStamp } from "./stamp.ts";

/** Runs the program: PyBun becomes it where nothing is left to do afterwards, else it waits for it (SPEC RUN-04). */
const execute: Perform<"run"> = async (invocation, session) => {
  const host = await session.use(Host);
  const { environment } = invocation;
  if (!environment) return undefined;
  const variables = childEnvironment(host.env, environment, invocation.env);
  const argv = argvFor(invocation, environment.python, variables["PATH"] ?? "");
  if (invocation.isDryRun) return { invocation, argv, exitCode: 0, execMode: "dry-run" };
  session.emit({ type: "ScriptStart", target: invocation.target, exec_mode: "pybun-run" });
  if (!invocation.isCaptured) writeStamp(invocation, host, await session.use(SettingsTable));
  if (!invocation.isCaptured && invocation.cleanUps.length === 0) become(argv, variables, invocation.cwd);
  const { spawnChild } = await import("./spawn-child.ts");
  try {
    const ended = await spawnChild({ argv, env: variables, invocation, signal: session.signal });
    session.emit({ type: "ScriptEnd", target: invocation.target, exec_mode: "pybun-run", exit_code: ended.exitCode });
    return { invocation, argv, execMode: "spawn", ...ended };
  } finally {
    for (const cleanUp of invocation.cleanUps) cleanUp();
  }
};
export default execute;

function argvFor(
  { kind, target, pythonOptions, args, cwd }: Invocation,
  python: string,
  searchPath: string,
): readonly string[] {
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
      return [path.isAbsolute(target) ? target : findExecutable(target, searchPath, cwd), ...args];
  }
}

/** PATH begins with the environment's own folder, so its commands come before the machine's. */
function findExecutable(name: string, searchPath: string, cwd: string): string {
  if (name.includes("/")) {
    const file = path.resolve(cwd, name);
    if (isExecutable(file)) return file;
  } else {
    if (/^python[\d.]*$/.test(name)) return findPython(name, searchPath);
    for (const folder of searchPath.split(path.delimiter)) {
      const file = path.join(folder, name);
      if (folder !== "" && isExecutable(file)) return file;
    }
  }
  const isFile = /\.pyw?$/.test(name);
  const message = isFile ? `no file \`${name}\` in ${cwd}` : `no command \`${name}\` in the environment or on PATH`;
  throw new PybunError(
    "E_TARGET_NOT_FOUND",
    message,
    isFile ? {} : { hints: [`run it as a tool: \`pybun x ${name}\``] },
  );
}

/** `pybun run python` means the environment's, never a version manager's stand-in. */
function findPython(name: string, searchPath: string): string {
  const first = searchPath.split(path.delimiter)[0] ?? "";
  return isExecutable(path.join(first, name)) ? path.join(first, name) : path.join(first, "python");
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
