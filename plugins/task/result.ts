import fs from "node:fs";
import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { Environments, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { sha256OfFile } from "../../plugin-api/system/file-digest.ts";
import { makeProjectFolder } from "../../plugin-api/system/project-folder.ts";
import type { Task } from "./task.ts";
import { filesOf } from "./task-files.ts";

/** What a task made of what, the last time it ended well: in `.pybun/tasks` of its project. */
interface TaskResult {
  readonly format: 1;
  /** All that decides the result. */
  readonly key: string;
  readonly files: Files;
  readonly outputs: Files;
}
/** By path: state of the file on the disk, and its content's digest. */
type Files = Readonly<Record<string, readonly [state: string, sha256: string]>>;

/** What a result is measured by: known before the task runs. */
export interface Premises {
  readonly key: string;
  readonly files: Files;
}

const fileOf = ({ folder, name }: Task): string =>
  path.join(folder, ".pybun", "tasks", `${sha256Of(name).slice(0, 16)}.json`);

/** The digest of all that decides what a task makes: its declaration, arguments, inputs, the Python and the lock. */
export async function premisesOf(task: Task, args: readonly string[], session: Session): Promise<Premises> {
  const files = await digests(task.folder, task.inputs, readResult(task)?.files ?? {});
  const facts = {
    task: { ...task, origin: undefined, help: undefined },
    args,
    variables: await Promise.all(task.envFiles.map((file) => digestIfThere(file))),
    ...(await surroundings(session)),
    files: Object.entries(files).map(([file, [, digest]]) => [file, digest]),
  };
  return { key: sha256Of(JSON.stringify(facts)), files };
}

async function surroundings(session: Session): Promise<Readonly<Record<string, unknown>>> {
  const { projectRoot } = await session.use(Host);
  const { interpreter } = await (await session.use(Environments)).target();
  const lock = projectRoot === undefined ? null : await digestIfThere(path.join(projectRoot, "pybun.lockb"));
  // An environment that is made only now has the same Python under another path.
  return { python: [interpreter.version, interpreter.basePath], lock };
}

/** Whether the last result was made of the same, and all it made is as it was left. */
export async function isUpToDate(task: Task, { key }: Premises): Promise<boolean> {
  const before = readResult(task);
  if (before?.key !== key) return false;
  const now = await digests(task.folder, task.outputs, before.outputs);
  const names = Object.keys(now);
  const isSame = names.length === Object.keys(before.outputs).length;
  const isMade = task.outputs.every((pattern) => pattern.startsWith("!") || filesOf(task.folder, [pattern]).length > 0);
  return isMade && isSame && names.every((name) => now[name]?.[1] === before.outputs[name]?.[1]);
}

/** Never fails the task: the project may be read-only. */
export async function keepResult(task: Task, { key, files }: Premises): Promise<void> {
  try {
    const outputs = await digests(task.folder, task.outputs, {});
    makeProjectFolder(task.folder);
    fs.mkdirSync(path.dirname(fileOf(task)), { recursive: true });
    const result: TaskResult = { format: 1, key, files, outputs };
    writeAtomically(fileOf(task), JSON.stringify(result));
  } catch {
    forgetResult(task);
  }
}

/** What a task leaves that was begun and has not ended well is not what it makes. */
export const forgetResult = (task: Task): void => {
  try {
    fs.rmSync(fileOf(task), { force: true });
  } catch {}
};

function readResult(task: Task): TaskResult | undefined {
  try {
    const result = JSON.parse(fs.readFileSync(fileOf(task), "utf8")) as Partial<TaskResult>;
    return result.format === 1 && result.files && result.outputs ? (result as TaskResult) : undefined;
  } catch {
    return undefined;
  }
}

/** A file that is as it was on the disk is not read again, unless it was changed so lately that its time may not show it. */
async function digests(folder: string, patterns: readonly string[], known: Files): Promise<Files> {
  const SETTLED_MS = 100;
  const all: Record<string, readonly [string, string]> = {};
  for (const file of filesOf(folder, patterns)) {
    const place = path.join(folder, file);
    const { mtimeMs, ctimeMs, size, ino } = fs.statSync(place);
    const isSettled = Date.now() - Math.max(mtimeMs, ctimeMs) > SETTLED_MS;
    const state = isSettled ? `${mtimeMs} ${ctimeMs} ${size} ${ino}` : "";
    const before = known[file];
    const isKnown = before !== undefined && state !== "" && before[0] === state;
    all[file] = [state, isKnown ? before[1] : await sha256OfFile(place)];
  }
  return all;
}

async function digestIfThere(file: string): Promise<string | null> {
  return fs.existsSync(file) ? sha256OfFile(file) : null;
}
