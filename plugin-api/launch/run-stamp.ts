// Also part of the start of the executable: not even node:fs and node:path may be imported here.
import { fileState, readText } from "./native.ts";
import { folderHolds, holds, keptUnder, type StampedFolder } from "./state.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What a repeated run needs, and everything it was decided by. */
export interface Stamp {
  /** Call and variables the stamp is for; compared whole, since the file's name is only a hash of it. */
  readonly call: string;
  readonly python: string;
  /** Folder of the environment. */
  readonly environment: string;
  /** The script's metadata block as it was; empty without one. */
  readonly block: string;
  /** Interpreter options to put before what was typed. */
  readonly options?: readonly string[];
  /** As in `Invocation`; absent where it is not told. */
  readonly importable?: string;
  /** Folder of what takes part in the run, to be first on PYTHONPATH; absent for nothing. */
  readonly bootstraps?: string;
  /** It may be run by a fork server. */
  readonly hasForkServer?: true;
  /** A daemon may say so. */
  readonly hasDaemon?: true;
  /** What was asked for by its name, and found; absent where it was not. */
  readonly named?: Named;
  /** `<mtime> <size> <path>` or `absent 0 <path>` of each file that decided, but for those in `folders`. */
  readonly files: readonly string[];
  readonly folders: readonly StampedFolder[];
}
/** What a name leads to. */
export interface Named {
  readonly kind: "command" | "module";
  /** Absolute path of a command's file; a module's name. */
  readonly target: string;
  /** The interpreter that a command's first line names, where that is one of the environment. */
  readonly interpreter?: string;
}
/** What is called, as far as it decides which program that is. */
export interface Question {
  /** Absolute path of a script whose metadata block decides; empty for all others. */
  readonly script?: string;
  /** What `--python` asks for. */
  readonly python?: string;
  /** The words that ask for something by its name: `run` and a command, `x`, its options and a tool. */
  readonly words?: readonly string[];
}

/** After this time the choice is made anew even if nothing seems to have changed (SPEC PY-13). */
const LIFE_MS = 24 * 3_600_000;
const RELEVANT = /^(PYBUN_|UV_|PIP_|XDG_|PYENV_|CONDA_PREFIX$|VIRTUAL_ENV$|PATH$|HOME$|HTTPS?_PROXY$)/;

/** To be raised when stamps get another form. */
const FORMAT = "7";

/** The words a stamp is found by: what was called, from where, under which variables. */
export function callText({ script = "", python = "", words = [] }: Question, cwd: string, env: Variables): string {
  const names = Object.keys(env)
    .filter((name) => RELEVANT.test(name))
    .sort();
  const asked = [script, python, words.join("\0"), cwd];
  return [FORMAT, ...asked, ...names.map((name) => `${name}=${env[name]}`)].join("\n");
}

/** Where a stamp lies; undefined where the variables don't say, so that no configuration file has to be read to find it. */
export const stampFile = (call: string, env: Variables): string | undefined => keptUnder("run-stamps", call, env);

/** A script as the stamps name it: below the working directory when it is relative, otherwise as it was written. */
export const scriptPath = (target: string, cwd: string): string =>
  target.startsWith("/") ? target : `${cwd}/${target}`;

/** A stamp that still holds, or undefined. */
export async function readStamp(call: string, env: Variables): Promise<Stamp | undefined> {
  const file = stampFile(call, env);
  if (file === undefined) return undefined;
  const writtenMs = Number.parseInt(fileState(file), 10);
  if (!(Date.now() - writtenMs <= LIFE_MS)) return undefined;
  const stamp = parse(await readText(file));
  if (stamp?.call !== call || !stamp.files.every(holds)) return undefined;
  return stamp.folders.every(folderHolds) ? stamp : undefined;
}

function parse(text: string | undefined): Stamp | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Stamp);
  } catch {
    return undefined;
  }
}

// Lines begin where Python begins them, which is not where `^` does: U+2028 ends none.
const COMMENT_LINES = /(?<![^\r\n\ufeff])(?:#[^\n]*(?:\n|$))+/g;

/**
 * All comments that can be part of a script's block, or keep it from being one: those around whatever looks like the opening of
 * one, since that may stand in a text or in another block, and the block itself further down. Empty when there are none.
 */
export const blockOf = (text: string): string =>
  (text.match(COMMENT_LINES) ?? []).filter((lines) => lines.includes("# /// script")).join("\n");
