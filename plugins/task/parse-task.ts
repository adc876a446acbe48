import path from "node:path";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { isTable, lineOfItem, type ProjectText, type Table } from "../../plugin-api/project/project-text.ts";
import type { Action, Step, Task } from "./task.ts";
import { splitWords } from "./words.ts";

const ACTIONS = ["cmd", "shell", "python", "chain"] as const;
const KEYS = [...ACTIONS, "args", "cwd", "depends-on", "env", "env-file", "help", "inputs", "outputs"];

/** A file with tasks, and the dotted key of their table in it. */
export interface TaskFile {
  readonly source: ProjectText;
  readonly key: readonly string[];
}

/** Reads one entry of the table of tasks. Throws `E_TASK_INVALID` with the line. */
export function parseTask(name: string, value: unknown, file: TaskFile): Task {
  const entry: Entry = { name, file };
  if (typeof value === "string") return taskOf({ cmd: value }, entry);
  if (isTable(value)) return taskOf(value, entry);
  throw fault(entry, "must be a command or a table", { hint: 'such as `lint = "ruff check"`' });
}

/** One task in its file, for what is wrong with it. */
interface Entry {
  readonly name: string;
  readonly file: TaskFile;
}

const lineOf = ({ name, file: { source, key } }: Entry, within: readonly string[] = []): number | undefined =>
  lineOfItem(source, [...key, name, ...within]);

interface Where {
  readonly hint?: string;
  /** Within the entry. */
  readonly key?: readonly string[];
}

function fault(entry: Entry, words: string, { hint, key }: Where = {}): PybunError {
  const { shown } = entry.file.source;
  const line = lineOf(entry, key) ?? lineOf(entry);
  const where = line === undefined ? shown : `${shown}:${line}`;
  return new PybunError("E_TASK_INVALID", `${where} task \`${entry.name}\` ${words}`, {
    file: shown,
    ...(line !== undefined && { line }),
    ...(hint !== undefined && { hints: [hint] }),
    context: { task: entry.name },
  });
}

function taskOf(table: Table, entry: Entry): Task {
  checkKeys(table, entry);
  const { source } = entry.file;
  const folder = path.dirname(source.file);
  const line = lineOf(entry);
  const action = actionOf(table, entry);
  const help = textAt(table, "help", entry);
  const task: Task = {
    name: entry.name,
    origin: line === undefined ? source.shown : `${source.shown}:${line}`,
    ...(help !== undefined && { help }),
    ...(action && { action }),
    args: textsAt(table, "args", entry),
    env: variablesAt(table, entry),
    envFiles: textsAt(table, "env-file", entry).map((file) => path.resolve(folder, file)),
    cwd: path.resolve(folder, textAt(table, "cwd", entry) ?? "."),
    folder,
    dependsOn: textsAt(table, "depends-on", entry),
    inputs: textsAt(table, "inputs", entry),
    outputs: textsAt(table, "outputs", entry),
  };
  checkSense(task, entry);
  return task;
}

function checkKeys(table: Table, entry: Entry): void {
  for (const key of Object.keys(table)) {
    if (KEYS.includes(key)) continue;
    const near = key === "command" ? "cmd" : nearest(key, KEYS);
    const hint = near === undefined ? `its keys are ${KEYS.join(", ")}` : `did you mean \`${near}\``;
    throw fault(entry, `has no key \`${key}\``, { hint, key: [key] });
  }
}

function checkSense(task: Task, entry: Entry): void {
  const { action, dependsOn, inputs, outputs } = task;
  if (!action && dependsOn.length === 0)
    throw fault(entry, "does nothing: it has neither a command nor others it depends on", { hint: "add `cmd`" });
  if ((!action || action.kind === "chain") && inputs.length + outputs.length > 0)
    throw fault(entry, "has inputs or outputs, and runs only other tasks", {
      hint: "give them to the tasks that do the work",
    });
  if (outputs.length > 0 && inputs.length === 0)
    throw fault(entry, "has outputs without inputs: nothing tells when they are to be made anew", {
      hint: "add `inputs`",
      key: ["outputs"],
    });
}

function actionOf(table: Table, entry: Entry): Action | undefined {
  const [kind, other] = ACTIONS.filter((each) => table[each] !== undefined);
  if (other !== undefined) throw fault(entry, `has both \`${kind}\` and \`${other}\``, { key: [other] });
  switch (kind) {
    case undefined:
      return undefined;
    case "cmd":
      return { kind, words: wordsAt(table, entry) };
    case "chain":
      return { kind, steps: textsAt(table, kind, entry).map((text) => stepOf(text, entry)) };
    default:
      return { kind, text: textAt(table, kind, entry) as string };
  }
}

/** A command is a text to be split, or a list of its words. */
function wordsAt(table: Table, entry: Entry): readonly string[] {
  const { cmd } = table;
  const words = Array.isArray(cmd)
    ? textsAt(table, "cmd", entry)
    : split(textAt(table, "cmd", entry) ?? "", entry, "cmd");
  if (words.length === 0) throw fault(entry, "has an empty command", { key: ["cmd"] });
  return words;
}

function stepOf(text: string, entry: Entry): Step {
  const [name, ...args] = split(text, entry, "chain");
  if (name === undefined) throw fault(entry, "has an empty step", { key: ["chain"] });
  return { name, args };
}

function split(text: string, entry: Entry, key: string): readonly string[] {
  try {
    return splitWords(text);
  } catch (error) {
    if (error instanceof InvalidSyntax)
      throw fault(entry, `can't be split into words: ${error.message}`, { key: [key] });
    throw error;
  }
}

function textAt(table: Table, key: string, entry: Entry): string | undefined {
  const value = table[key];
  if (value === undefined || typeof value === "string") return value;
  throw fault(entry, `needs a text as \`${key}\``, { key: [key] });
}

/** A list of texts; one text alone is a list of it. */
function textsAt(table: Table, key: string, entry: Entry): readonly string[] {
  const value = table[key] ?? [];
  if (typeof value === "string") return [value];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw fault(entry, `needs a list of texts as \`${key}\``, { key: [key] });
}

/** Numbers and truth values are written as they are. */
function variablesAt(table: Table, entry: Entry): Readonly<Record<string, string>> {
  const value = table["env"] ?? {};
  if (!isTable(value))
    throw fault(entry, "needs a table as `env`", { hint: 'such as `env = { PORT = "8000" }`', key: ["env"] });
  return Object.fromEntries(
    Object.entries(value).map(([name, text]) => {
      if (typeof text !== "string" && typeof text !== "number" && typeof text !== "boolean")
        throw fault(entry, `needs a text as variable \`${name}\``, { key: ["env", name] });
      return [name, String(text)];
    }),
  );
}
