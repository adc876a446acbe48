// Imported by the fast path: not even node:fs and node:path may be imported here.
import { fileState, hashOf, readText } from "./native.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** That a lock was found to be up to date, and everything that was looked at to say so. */
export interface LockNote {
  /** Call and variables it is for; compared whole, since the file's name is only a hash of it. */
  readonly call: string;
  /** What was said: `pybun.lockb, 16 packages`. */
  readonly line: string;
  /** `<mtime> <size> <path>` or `absent 0 <path>` of each file and folder. */
  readonly files: readonly string[];
}

/** To be raised when notes get another form, or the same files would make another lock. */
const FORMAT = "lock 1";
const RELEVANT = /^(PYBUN_|UV_|PIP_|XDG_|HOME$|NO_COLOR$|FORCE_COLOR$)/;

/** The words a note is found by: what was called, from where, under which variables. */
export function lockCall(argv: readonly string[], cwd: string, env: Variables): string {
  const names = Object.keys(env)
    .filter((name) => RELEVANT.test(name))
    .sort();
  return [FORMAT, argv.join("\0"), cwd, ...names.map((name) => `${name}=${env[name]}`)].join("\n");
}

/** Notes lie where the environment variables alone say; undefined where these say nothing. */
export function lockNoteFile(call: string, env: Variables): string | undefined {
  const cache = env["XDG_CACHE_HOME"] ?? (env["HOME"] && `${env["HOME"]}/.cache`);
  const root = env["PYBUN_HOME"] ?? (cache && `${cache}/pybun`);
  return root && `${root}/lock-notes/${hashOf(call)}`;
}

/** State of a file as one line; a link counts as what it points to. */
export const noteLine = (file: string): string => `${fileState(file)} ${file}`;

/** What was said of the lock, if nothing changed since; else undefined. */
export async function readLockNote(call: string, env: Variables): Promise<string | undefined> {
  const file = lockNoteFile(call, env);
  const text = file && (await readText(file));
  if (!text) return undefined;
  let note: LockNote;
  try {
    note = JSON.parse(text) as LockNote;
  } catch {
    return undefined;
  }
  if (note.call !== call) return undefined;
  for (const line of note.files)
    if (noteLine(line.slice(line.indexOf(" ", line.indexOf(" ") + 1) + 1)) !== line) return undefined;
  return note.line;
}
