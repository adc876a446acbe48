import { PybunError } from "../../plugin-api/error.ts";
import { projectNotFound } from "../../plugin-api/project/not-found.ts";
import { partsOf } from "../../plugin-api/project/parts.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { memberAround, type Project, readProject } from "../../plugin-api/project/read-project.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { usageError } from "../../plugin-api/usage.ts";

const NO_PARTS = { extra: [], allExtras: false, group: [], onlyGroup: [], noDev: false };

/**
 * The project that was named, else the one around the working directory, with its workspace's root. Throws
 * `E_PROJECT_NOT_FOUND`, `E_PROJECT_INVALID`, `E_PROJECT_PART`, `E_USAGE`.
 */
export async function chosenMember(
  name: string | undefined,
  session: Session,
): Promise<{ readonly root: string; readonly member: Pyproject }> {
  const { projectRoot, home } = await session.use(Host);
  if (projectRoot === undefined) throw projectNotFound();
  const project = readProject(projectRoot, { cwd: session.cwd });
  const member = name === undefined ? memberHere(project, session.cwd) : memberNamed(project, name, session.cwd);
  if (member?.name !== undefined) return { root: project.root, member };
  const shown = showPath(project.file, { cwd: session.cwd, home });
  if (project.isWorkspace)
    throw usageError(
      "version",
      `${shown} is a workspace without a project of its own; name a member with \`--package\``,
    );
  throw new PybunError("E_PROJECT_INVALID", `${shown} has no \`[project]\` table, so it has no version`, {
    file: shown,
    hints: ["add one with a `name` and a `version`"],
  });
}

function memberHere(project: Project, cwd: string): Pyproject | undefined {
  return memberAround(project, cwd) ?? project.members.find(({ folder }) => folder === project.root);
}

function memberNamed(project: Project, name: string, cwd: string): Pyproject | undefined {
  if (!project.isWorkspace) {
    if (project.name === name) return project;
    throw usageError("version", "`--package` names a member of a workspace, and this project is none");
  }
  return partsOf(project, { ...NO_PARTS, package: [name] }, cwd).members[0];
}
