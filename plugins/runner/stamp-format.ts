// Imported by the fast path: not even node:fs and node:path may be imported here.
import { fileState, readText } from "./native.ts";

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
  /** `<mtime> <size> <path>` or `absent 0 <path>` of each file that decided. */
  readonly files: readonly string[];
}

/** After this time the choice is made anew even if nothing seems to have changed (SPEC PY-13). */
const LIFE_MS = 24 * 3_600_000;
const RELEVANT = /^(PYBUN_|UV_|PIP_|XDG_|PYENV_|CONDA_PREFIX$|VIRTUAL_ENV$|PATH$|HOME$|HTTPS?_PROXY$)/;

/** The words a stamp is found by: what was called, from where, under which variables. */
export function callText(
  asked: { readonly script: string; readonly python: string },
  cwd: string,
  env: Variables,
): string {
  const names = Object.keys(env)
    .filter((name) => RELEVANT.test(name))
    .sort();
  return [asked.script, asked.python, cwd, ...names.map((name) => `${name}=${env[name]}`)].join("\n");
}

/** Stamps lie where the environment variables alone say, so that no configuration file has to be read to find them. */
export function stampFile(call: string, env: Variables): string | undefined {
  const cache = env["XDG_CACHE_HOME"] ?? (env["HOME"] && `${env["HOME"]}/.cache`);
  const root = env["PYBUN_HOME"] ?? (cache && `${cache}/pybun`);
  return root && `${root}/run-stamps/${hash(call)}`;
}

/** A script as the stamps name it: below the working directory when it is relative, otherwise as it was written. */
export const scriptPath = (target: string, cwd: string): string =>
  target.startsWith("/") ? target : `${cwd}/${target}`;

/** FNV-1a in two lanes: enough to spread names, since the whole call is compared afterwards. */
function hash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x1000193;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
  }
  return (a >>> 0).toString(16).padStart(8, "0") + (b >>> 0).toString(16).padStart(8, "0");
}

/** State of a file as one line; a link counts as what it points to. */
export const fileLine = (file: string): string => `${fileState(file)} ${file}`;

/** A stamp that still holds, or undefined. */
export async function readStamp(call: string, env: Variables): Promise<Stamp | undefined> {
  const file = stampFile(call, env);
  if (file === undefined) return undefined;
  const writtenMs = Number.parseInt(fileState(file), 10);
  if (!(Date.now() - writtenMs <= LIFE_MS)) return undefined;
  let stamp: Stamp;
  try {
    stamp = JSON.parse(await readText(file)) as Stamp;
  } catch {
    return undefined;
  }
  if (stamp.call !== call) return undefined;
  for (const line of stamp.files)
    if (fileLine(line.slice(line.indexOf(" ", line.indexOf(" ") + 1) + 1)) !== line) return undefined;
  return stamp;
}

/** The comment lines from a script block's opening on: all that can be part of it; empty when there is none. */
export function blockOf(text: string): string {
  return /^# \/\/\/ script[ \t]*\r?\n(?:#[^\n]*(?:\n|$))*/m.exec(text)?.[0] ?? "";
}
