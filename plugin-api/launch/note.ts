// Imported by the fast path: not even node:fs and node:path may be imported here.
import { readText } from "./native.ts";
import type { Said } from "./say.ts";
import { folderHolds, holds, keptUnder, type StampedFolder } from "./state.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What a command said that did nothing else, and everything that was looked at to say so. */
export interface Note {
  /** Call and variables it is for; compared whole, since the file's name is only a hash of it. */
  readonly call: string;
  readonly said: Said;
  /** State lines of files and folders. */
  readonly files: readonly string[];
  /** Folders with files that decided, too. */
  readonly folders?: readonly StampedFolder[];
}
/** Commands that leave notes, or are found by their call in another way. */
export type NotedCommand = "lock" | "sync" | "install" | "venv" | "tree" | "why" | "export";

/** To be raised when notes get another form, or the same files would lead to another answer. */
const FORMAT = 2;
const OF_SETTINGS = /^(PYBUN_|UV_|PIP_|XDG_|HOME$)/;
/** What decides how something is drawn; that is kept in both ways where nothing is drawn but words. */
const OF_DRAWING = /^(NO_COLOR$|FORCE_COLOR$|TERM$|LANG$|LC_ALL$|LC_CTYPE$)/;
const DRAWING: ReadonlySet<NotedCommand> = new Set<NotedCommand>(["tree", "why", "export"]);
/** Also what decides which Python and which environment it is. */
const OF_ENVIRONMENTS = /^(PYENV_|CONDA_PREFIX$|VIRTUAL_ENV$|PATH$)/;

/** The words a note is found by: what was called, from where, under which variables. */
export function noteCall(command: NotedCommand, argv: readonly string[], { cwd, env }: Caller): string {
  const isRelevant = (name: string): boolean =>
    OF_SETTINGS.test(name) ||
    (DRAWING.has(command) && OF_DRAWING.test(name)) ||
    (command !== "lock" && OF_ENVIRONMENTS.test(name));
  const names = Object.keys(env).filter(isRelevant).sort();
  return [`${command} ${FORMAT}`, argv.join("\0"), cwd, ...names.map((name) => `${name}=${env[name]}`)].join("\n");
}
export interface Caller {
  readonly cwd: string;
  readonly env: Variables;
}

/** Where a note lies; undefined where the variables don't say. */
export const noteFile = (call: string, env: Variables): string | undefined => keptUnder("notes", call, env);

/** What was said, if nothing changed since; else undefined. */
export async function readNote(call: string, env: Variables): Promise<Said | undefined> {
  const file = noteFile(call, env);
  const text = file && (await readText(file));
  if (!text) return undefined;
  let note: Note;
  try {
    note = JSON.parse(text) as Note;
  } catch {
    return undefined;
  }
  const { files, folders = [] } = note;
  return note.call === call && files.every(holds) && folders.every(folderHolds) ? note.said : undefined;
}
