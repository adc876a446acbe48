import fs from "node:fs";
import path from "node:path";
import { readProjectText } from "../../plugin-api/dx/project-file.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { projectNotFound } from "../../plugin-api/project/not-found.ts";
import { isTable, openProjectText } from "../../plugin-api/project/project-text.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { parseTask } from "./parse-task.ts";
import type { Task } from "./task.ts";

export type Tasks = ReadonlyMap<string, Task>;

/** Where tasks are looked for: the member of a workspace that a folder lies in, then the workspace's root; else the project. */
async function foldersWithTasks(session: Session): Promise<readonly string[] | undefined> {
  const { projectRoot } = await session.use(Host);
  if (projectRoot === undefined) return undefined;
  const folders = [projectRoot];
  for (let folder = session.cwd; folder.startsWith(projectRoot + path.sep); folder = path.dirname(folder))
    if (["pyproject.toml", "pyproject.dx"].some((name) => fs.existsSync(path.join(folder, name)))) {
      folders.push(folder);
      break;
    }
  return folders;
}

/** The tasks that can be named here; those of a member come before the root's. Throws `E_PROJECT_NOT_FOUND`, `E_TASK_INVALID`. */
export async function readTasks(session: Session): Promise<Tasks> {
  const folders = await foldersWithTasks(session);
  if (folders === undefined) throw projectNotFound(", so there are no tasks");
  const all = new Map<string, Task>();
  for (const folder of folders) for (const task of tasksIn(folder, session.cwd)) all.set(task.name, task);
  return all;
}

/** Whether a word may name a task, found without reading any of them. */
export async function mayHaveTasks(session: Session): Promise<boolean> {
  const folders = (await foldersWithTasks(session)) ?? [];
  return folders.some((folder) => readProjectText(folder)?.text.includes("tasks") === true);
}

function tasksIn(folder: string, cwd: string): readonly Task[] {
  const show = (file: string): string => showPath(file, { cwd, home: "" });
  const found = readProjectText(folder, show);
  if (found === undefined) return [];
  const source = openProjectText(found.text, { file: found.file, shown: show(found.file) });
  const tool = source.table["tool"];
  for (const name of ["pybun", "dx-py"]) {
    const own = isTable(tool) ? tool[name] : undefined;
    const table = isTable(own) ? own["tasks"] : undefined;
    if (isTable(table)) {
      const file = { source, key: ["tool", name, "tasks"] };
      return Object.entries(table).map(([task, value]) => parseTask(task, value, file));
    }
  }
  return [];
}

/** Commands of other task runners, which here are nobody's. */
const LISTING: ReadonlySet<string> = new Set(["list", "ls"]);

/** Throws `E_TASK_NOT_FOUND`; `from` is the task that asks for it. */
export function taskNamed(tasks: Tasks, name: string, from?: Task): Task {
  const task = tasks.get(name);
  if (task) return task;
  const near = nearest(name, tasks.keys());
  const what = from
    ? `${from.origin} task \`${from.name}\` needs task \`${name}\`, which there is not`
    : `no task is called \`${name}\``;
  throw new PybunError("E_TASK_NOT_FOUND", what, {
    evidence: [tasks.size === 0 ? "the project has no tasks" : `there are  ${[...tasks.keys()].join(", ")}`],
    hints: [
      ...(near === undefined ? [] : [from ? `did you mean \`${near}\`` : `did you mean: \`pybun task ${near}\``]),
      ...(from === undefined && LISTING.has(name) ? ["for a list of the tasks: `pybun task`"] : []),
    ],
    context: { name, known: [...tasks.keys()] },
  });
}
