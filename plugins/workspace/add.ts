import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { isMember } from "../../plugin-api/project/find-workspace.ts";
import { readPyproject } from "../../plugin-api/project/read-project.ts";
import type { Session } from "../../plugin-api/session.ts";
import { appendToTomlArray, itemsOfTomlArray, removeFromTomlArray } from "../../plugin-api/toml-array.ts";
import type { add as spec } from "./commands.ts";
import { type Changed, editWorkspace } from "./edit.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

/** SPEC WS-20. A folder that a glob leads to already is a member; one that is excluded is no more. */
const add: RunOf<typeof spec> = async (options, folders, session) => {
  const workspace = await openWorkspace(session);
  const changed = [...new Set(folders)].flatMap((typed) => toAdd(typed, workspace, session));
  const globs = workspace.project.options.workspace ?? { members: [], exclude: [] };
  const edit = (before: string, key: readonly string[]): string => {
    let text = before;
    for (const { path: folder } of changed) {
      const excluded = itemsOfTomlArray(text, [...key, "exclude"])?.indexOf(folder) ?? -1;
      if (excluded >= 0) text = removeFromTomlArray(text, [...key, "exclude"], excluded);
      const isLedTo = isMember(folder, { members: globs.members, exclude: [] });
      if (!isLedTo) text = appendToTomlArray(text, [...key, "members"], folder);
    }
    return text;
  };
  return editWorkspace({ changed, sign: "+", edit, isDryRun: options.dryRun }, workspace, session);
};
export default add;

function toAdd(typed: string, { project, all, show }: Workspace, session: Session): readonly Changed[] {
  const folder = path.resolve(session.cwd, typed);
  const relative = path.relative(project.root, folder).split(path.sep).join("/");
  if (relative === "")
    throw refuse(`\`${typed}\` is the folder of the workspace itself`, "name the folder of a project in it");
  if (path.isAbsolute(relative)) throw refuse(`\`${typed}\` lies on another disk than the workspace`);
  if (all.some((member) => member.folder === folder)) return [];
  const found = readPyproject(folder, session.cwd);
  if (found?.name === undefined)
    throw refuse(`there is no project in ${show(folder)}`, "it needs a pyproject.toml with a `[project]` table");
  const globs = project.options.workspace;
  const glob = globs?.exclude.find(
    (pattern) => pattern !== relative && isMember(relative, { members: [pattern], exclude: [] }),
  );
  if (glob !== undefined)
    throw refuse(`${show(folder)} is excluded by \`${glob}\``, `change \`exclude\` in ${show(project.file)}`);
  return [{ name: found.name, path: relative }];
}

export const refuse = (message: string, hint?: string): PybunError =>
  new PybunError("E_WORKSPACE_MEMBER", message, {
    evidence: ["nothing was changed"],
    hints: hint === undefined ? [] : [hint],
  });
