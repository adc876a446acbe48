import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { shellJoin } from "../../plugin-api/shell-word.ts";
import type { ChosenEnvironment, Invocation } from "../../plugin-api/stages.ts";
import { isExecutableFile } from "../../plugin-api/system/executable-file.ts";

/** What a name led to. */
export interface Command {
  /** Absolute. */
  readonly file: string;
  /** Where it was looked for before. */
  readonly passedOver: readonly string[];
  /** Python runs it. */
  readonly isPython: boolean;
  /** The interpreter that its first line names, where that is one of the environment, and nothing stands behind it. */
  readonly interpreter?: string;
  /** It is handed to this Python: its own, of the environment below, knows nothing of what was laid over it. */
  readonly over?: string;
}

interface Around {
  readonly environment: ChosenEnvironment;
  /** PATH begins with the environment's own folder, so its commands come before the machine's. */
  readonly searchPath: string;
  readonly cwd: string;
}

/** Finds the command of a name, or at a path. Throws `E_TARGET_NOT_FOUND`. */
export function findCommand(name: string, { environment, searchPath, cwd }: Around): Command {
  const { python, scriptsBelow } = environment;
  // `pybun run python` means the environment's, never a version manager's stand-in.
  if (/^python3?$/.test(name)) return { file: python, passedOver: [], isPython: true };
  const folders = name.includes("/") ? [cwd] : searchPath.split(path.delimiter).filter((folder) => folder !== "");
  const candidates = folders.map((folder) => path.resolve(folder, name));
  const at = candidates.findIndex(isExecutableFile);
  const file = candidates[at];
  if (file === undefined) throw notFound(name, cwd);
  const found = { file, passedOver: candidates.slice(0, at) };
  const head = headOf(file);
  if (!isPythonScript(head)) return { ...found, isPython: false };
  if (path.dirname(file) === scriptsBelow) return { ...found, isPython: true, over: python };
  const [, interpreter = ""] = /^#!(\/[^\s]*)\n/.exec(head) ?? [];
  const isOwn = path.dirname(interpreter) === path.dirname(python) && /\/python[\d.]*$/.test(interpreter);
  return { ...found, isPython: true, ...(isOwn && { interpreter }) };
}

/** Whether PATH led out of the project's environment. */
export function isFromElsewhere({ environment, target }: Invocation, { file }: Command): boolean {
  if (environment?.source !== "project" || target.includes("/")) return false;
  return path.dirname(file) !== path.dirname(environment.python);
}

/** As installers write them: Python is named in the first line, or started by a shell that the first lines are for. */
const isPythonScript = (head: string): boolean => /^#![^\n]*\b(?:python|pypy)|^#!\/bin\/sh\n'''exec' /.test(head);

/** The first lines in Latin-1; empty for what may be run and not be read. */
function headOf(file: string): string {
  let fd: number | undefined;
  try {
    fd = fs.openSync(file, "r");
    const head = Buffer.alloc(256);
    return head.toString("latin1", 0, fs.readSync(fd, head, 0, head.length, 0));
  } catch {
    return "";
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
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
