import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import { isMember } from "../../plugin-api/project/find-workspace.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { Session } from "../../plugin-api/session.ts";
import { appendToTomlArray, itemsOfTomlArray, removeFromTomlArray } from "../../plugin-api/toml-array.ts";
import { refuse } from "./add.ts";
import type { remove as spec } from "./commands.ts";
import { edgesOf } from "./edges.ts";
import { editWorkspace } from "./edit.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

/** SPEC WS-20. What a glob leads to is excluded, what is named is named no more. */
const remove: RunOf<typeof spec> = async (options, typed, session) => {
  const workspace = await openWorkspace(session);
  const going = [...new Set(typed.map((text) => memberOf(text, workspace, session)))];
  refuseNeeded(going, workspace);
  const changed = going.map(({ name = "", folder }) => ({ name, path: relativeTo(workspace, folder) }));
  const edit = (before: string, key: readonly string[]): string => {
    let text = before;
    for (const { path: folder } of changed) {
      const items = itemsOfTomlArray(text, [...key, "members"]) ?? [];
      for (let at = items.length - 1; at >= 0; at--)
        if (clean(items[at] as string) === folder) text = removeFromTomlArray(text, [...key, "members"], at);
      const others = itemsOfTomlArray(text, [...key, "members"]) ?? [];
      if (isMember(folder, { members: others, exclude: [] }))
        text = appendToTomlArray(text, [...key, "exclude"], folder);
    }
    return text;
  };
  return editWorkspace({ changed, sign: "-", edit, isDryRun: options.dryRun }, workspace, session);
};
export default remove;

const clean = (pattern: string): string => pattern.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "");

const relativeTo = ({ project }: Workspace, folder: string): string =>
  path.relative(project.root, folder).split(path.sep).join("/");

function memberOf(typed: string, { all, project }: Workspace, session: Session): Pyproject {
  const folder = path.resolve(session.cwd, typed);
  const found = all.find((member) => member.folder === folder) ?? all.find(({ name }) => name === normalizeName(typed));
  if (found && found.folder !== project.root) return found;
  if (found)
    throw refuse(`\`${typed}\` is the project of the workspace's own folder, and stays as long as that is one`);
  const names = all.filter((member) => member.folder !== project.root).flatMap(({ name }) => name ?? []);
  const near = nearest(typed, names);
  throw new PybunError("E_PROJECT_PART", `no member is called \`${typed}\`, nor is that the folder of one`, {
    evidence: [names.length === 0 ? "there are no members" : `there are  ${names.join(", ")}`],
    hints: near === undefined ? [] : [`did you mean: \`pybun workspace remove ${near}\``],
    context: { kind: "member", name: typed, known: names },
  });
}

/** A member that others take from the workspace would be looked for on the index, where a stranger may have its name. */
function refuseNeeded(going: readonly Pyproject[], { project, all }: Workspace): void {
  const names = new Set(going.map(({ name }) => name));
  const needs = edgesOf(project, all).filter(({ from, to }) => names.has(to) && !names.has(from));
  const [first] = needs;
  if (first === undefined) return;
  throw new PybunError("E_WORKSPACE_MEMBER", `\`${first.to}\` is needed by other members of the workspace`, {
    evidence: [...needs.map(({ from, origin }) => `${from}  ${origin}`), "nothing was changed"],
    hints: ["remove these requirements first, or take the members out together"],
    context: { needed_by: needs.map(({ from }) => from) },
  });
}
