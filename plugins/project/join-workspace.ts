import path from "node:path";
import { openEditableProject } from "../../plugin-api/project/editable-project.ts";
import { Prompts } from "../../plugin-api/prompts.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { ChangedFile } from "../../plugin-api/system/project-change.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { appendToTomlArray } from "../../plugin-api/toml-array.ts";
import type { Where } from "./where.ts";

/** A workspace that a new project belongs to. */
export interface Joined {
  /** Absolute. */
  readonly root: string;
  readonly shown: string;
  /** Of the workspace, with the project among its members; none where its globs name it anyway. */
  readonly files: readonly ChangedFile[];
}

/** The workspace around a new project, if it shall belong to it (SPEC PRJ-03). */
export async function joinWorkspace({ folder, workspace }: Where, session: Session): Promise<Joined | undefined> {
  if (workspace === undefined) return undefined;
  const { root, isMember, tool } = workspace;
  const { home } = await session.use(Host);
  const shown = showPath(root, { cwd: session.cwd, home });
  if (isMember) return { root, shown, files: [] };
  const relative = path.relative(root, folder).split(path.sep).join("/");
  const question = `Add \`${relative}\` to the members of the workspace in ${shown}?`;
  if (!(await (await session.use(Prompts)).confirm(question, true))) return undefined;
  const editable = openEditableProject(root);
  if (editable === undefined) return undefined;
  const text = appendToTomlArray(editable.text, ["tool", tool, "workspace", "members"], relative);
  return { root, shown, files: await editable.with(text) };
}
