import { PybunError } from "../../plugin-api/error.ts";
import { Locks } from "../../plugin-api/lock/current.ts";
import { type EditableProject, openEditableProject } from "../../plugin-api/project/editable-project.ts";
import { partsOf } from "../../plugin-api/project/parts.ts";
import { isTable, openProjectText, type ProjectText } from "../../plugin-api/project/project-text.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { memberAround, type Project } from "../../plugin-api/project/read-project.ts";
import { isPackageName, normalizeName } from "../../plugin-api/python/package-name.ts";
import { Catalogue, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { List } from "./lists.ts";

/** Which list a call means. */
export interface AskedList {
  readonly dev: boolean;
  readonly group?: string | undefined;
  readonly optional?: string | undefined;
  readonly package?: string | undefined;
}

/** The file to change, in the project it belongs to. */
export interface EditTarget {
  readonly project: Project;
  readonly member: Pyproject;
  /** Its text as it was read. */
  readonly source: ProjectText;
  readonly editable: EditableProject;
}

/** The list that flags name. Throws `E_USAGE` where they name several, or what can be no name. */
export function listOf({ dev, group, optional }: AskedList, command: string): List {
  const named = [
    ...(dev ? ["--dev"] : []),
    ...(group === undefined ? [] : ["--group"]),
    ...(optional === undefined ? [] : ["--optional"]),
  ];
  if (named.length > 1) throw usageError(command, `\`${named[0]}\` and \`${named[1]}\` exclude each other`);
  const name = dev ? "dev" : (group ?? optional);
  if (name === undefined) return { kind: "dependencies" };
  if (!isPackageName(name))
    throw usageError(command, `\`${name}\` can't be the name of ${optional === undefined ? "a group" : "an extra"}`);
  return { kind: optional === undefined ? "group" : "optional", name: normalizeName(name) };
}

/**
 * The project or member whose file is to be changed: the one named, else the one around the current folder. Throws
 * `E_PROJECT_NOT_FOUND`, `E_PROJECT_INVALID`, `E_PROJECT_PART`, and `E_DEPENDENCIES_ELSEWHERE` where the list does not stand in
 * that file.
 */
export async function editTarget(asked: AskedList, list: List, session: Session): Promise<EditTarget> {
  const project = await (await session.use(Locks)).project();
  const member = memberFor(project, asked, session.cwd);
  const { home } = await session.use(Host);
  const shown = showPath(member.file, { cwd: session.cwd, home });
  const editable = openEditableProject(member.folder, () => shown);
  if (editable === undefined) throw gone(member.file, shown);
  const source = openProjectText(editable.text, { file: member.file, shown });
  if (member.name === undefined) throw await withoutProject(source, session);
  if (list.kind !== "group") refuseDynamic(member, source, list);
  return { project, member, source, editable };
}

/** A file that was there when the project was read, and is not while somebody puts another in its place. */
const gone = (file: string, shown: string): PybunError =>
  new PybunError("E_PROJECT_CHANGED", `${shown} was removed by somebody else meanwhile`, {
    evidence: ["nothing was changed"],
    file,
    context: { path: file },
    isRetryable: true,
  });

function memberFor(project: Project, { package: name }: AskedList, cwd: string): Pyproject {
  if (name !== undefined && project.isWorkspace) {
    const asked = { extra: [], allExtras: false, group: [], onlyGroup: [], noDev: false, package: [name] };
    return partsOf(project, asked, cwd).members[0] as Pyproject;
  }
  if (name !== undefined && normalizeName(name) !== project.name)
    throw new PybunError("E_PROJECT_PART", `no member is called \`${name}\``, {
      evidence: [`${project.name ?? "this project"} is no workspace`],
      context: { kind: "member", name, known: project.name === undefined ? [] : [project.name] },
    });
  if (!project.isWorkspace || name !== undefined) return project;
  return memberAround(project, cwd) ?? project;
}

async function withoutProject(source: ProjectText, session: Session): Promise<PybunError> {
  const tool = isTable(source.table["tool"]) ? source.table["tool"] : {};
  const poetry = isTable(tool["poetry"]) && isTable(tool["poetry"]["dependencies"]);
  const isWorkspace = ["pybun", "dx-py", "uv"].some((name) => isTable(tool[name]) && isTable(tool[name]["workspace"]));
  const { commands } = await session.use(Catalogue);
  const canImport = commands.has("config import");
  const hints = isWorkspace
    ? ["name the member with `--package NAME`"]
    : poetry && canImport
      ? ["turn it into a standard one: `pybun config import`"]
      : ["add a `[project]` table with `name`, `version` and `dependencies`"];
  const why = isWorkspace
    ? "it is the root of a workspace, and no project itself"
    : poetry
      ? "its dependencies are Poetry's, below `[tool.poetry.dependencies]`"
      : "there is nowhere to list dependencies";
  return new PybunError("E_DEPENDENCIES_ELSEWHERE", `${source.shown} has no \`[project]\` table: ${why}`, {
    evidence: ["nothing was changed"],
    hints,
    file: source.file,
  });
}

function refuseDynamic({ dynamic, displayName }: Pyproject, source: ProjectText, list: List): void {
  const field = list.kind === "optional" ? "optional-dependencies" : "dependencies";
  if (!dynamic.has(field)) return;
  const tool = isTable(source.table["tool"]) ? source.table["tool"] : {};
  const where = dynamicPlace(tool, field);
  throw new PybunError("E_DEPENDENCIES_ELSEWHERE", `the ${field} of ${displayName} are dynamic: ${where} says them`, {
    evidence: [`${source.shown}  dynamic = ${JSON.stringify([...dynamic])}`, "nothing was changed"],
    hints: [`list them below \`[project]\` as \`${field}\`, and take the word out of \`dynamic\``],
    file: source.file,
    context: { field, where },
  });
}

function dynamicPlace(tool: Readonly<Record<string, unknown>>, field: string): string {
  const at = (...keys: readonly string[]): unknown =>
    keys.reduce<unknown>((value, key) => (isTable(value) ? value[key] : undefined), tool);
  const files = at("setuptools", "dynamic", field, "file");
  if (typeof files === "string") return files;
  if (Array.isArray(files) && typeof files[0] === "string") return files.join(", ");
  if (at("poetry", field) !== undefined) return `[tool.poetry.${field}]`;
  return "the build backend";
}
