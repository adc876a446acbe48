import path from "node:path";
import { workspaceAround } from "../../plugin-api/project/find-workspace.ts";
import { projectNotFound } from "../../plugin-api/project/not-found.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { memberAround, type Project, readProject } from "../../plugin-api/project/read-project.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";

/** The workspace around a folder, and how its paths are shown. */
export interface Workspace {
  readonly project: Project;
  readonly show: (file: string) => string;
  /** All of its projects: those that share its lock, and those that have their own. Sorted by folder, the root first. */
  readonly all: readonly Pyproject[];
  readonly current: Pyproject | undefined;
}

/** Throws `E_PROJECT_NOT_FOUND`, `E_PROJECT_INVALID`. */
export async function openWorkspace(session: Session): Promise<Workspace> {
  const { projectRoot, home } = await session.use(Host);
  if (projectRoot === undefined) throw projectNotFound();
  const project = readProject(workspaceAround(projectRoot, home) ?? projectRoot, { cwd: session.cwd });
  const all = [...project.members, ...project.neighbours].sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const show = (file: string): string => showPath(file, { cwd: session.cwd, home });
  return { project, show, all, current: memberAround({ ...project, members: all }, session.cwd) };
}

/** A member for programs. Paths are relative to the root. */
export const memberData = (
  { name, displayName, folder, version, requiresPython, isPackage, options }: Pyproject,
  { project, current }: Workspace,
): Readonly<Record<string, unknown>> => ({
  name: name ?? displayName ?? "",
  path: path.relative(project.root, folder) || ".",
  version: version ?? null,
  requires_python: requiresPython,
  package: isPackage,
  lock: options.hasOwnLock ? "own" : "shared",
  current: current?.folder === folder,
});
