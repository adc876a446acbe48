import { ProjectChanges } from "../../plugin-api/project/change.ts";
import { openEditableProject } from "../../plugin-api/project/editable-project.ts";
import { openProjectText } from "../../plugin-api/project/project-text.ts";
import { readProject } from "../../plugin-api/project/read-project.ts";
import { toolKey } from "../../plugin-api/project/tool-options.ts";
import type { Report } from "../../plugin-api/report.ts";
import type { Session } from "../../plugin-api/session.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type { Workspace } from "./workspace.ts";

/** A member that comes or goes. `path` is relative to the root. */
export interface Changed {
  readonly name: string;
  readonly path: string;
}
export interface WorkspaceEdit {
  readonly changed: readonly Changed[];
  readonly sign: "+" | "-";
  /** Of the file's text; `key` is the dotted key of the table that lists members. */
  readonly edit: (text: string, key: readonly string[]) => string;
  readonly isDryRun: boolean;
}

/**
 * Changes the list of members in its span. The workspace is read with the new text before anything is written: what it could not
 * be is refused. Throws `E_PROJECT_INVALID`, `E_PROJECT_CHANGED`.
 */
export async function editWorkspace(
  { changed, sign, edit, isDryRun }: WorkspaceEdit,
  { project, show }: Workspace,
  session: Session,
): Promise<Report> {
  const file = show(project.file);
  const found = openEditableProject(project.root, show);
  if (found && changed.length > 0) {
    const { key } = toolKey(openProjectText(found.text, { file: project.file, shown: file }), "workspace");
    const text = edit(found.text, key);
    readProject(project.root, { cwd: session.cwd, texts: new Map([[project.file, text]]) });
    const scope = { extra: [], group: [], package: [] };
    const files = await found.with(text);
    if (!isDryRun)
      await (await session.use(ProjectChanges)).apply({
        root: project.root,
        files,
        reach: "files",
        isDryRun,
        ...scope,
      });
  }
  const verb = sign === "+" ? (isDryRun ? "Would add" : "Added") : isDryRun ? "Would remove" : "Removed";
  const width = Math.max(0, ...changed.map(({ name }) => name.length));
  return {
    exitCode: 0,
    data: {
      file: project.file,
      [sign === "+" ? "added" : "removed"]: changed,
      up_to_date: changed.length === 0,
      dry_run: isDryRun,
    },
    text: (ui) =>
      changed.length === 0
        ? `${ui.ok("Up to date")}: ${file}`
        : [
            ...changed.map(({ name, path: at }) => {
              const paint = sign === "+" ? ui.add : ui.del;
              return ` ${paint(sign)} ${ui.name(name)}${" ".repeat(width - name.length)}  ${at}`;
            }),
            `${ui.ok(verb)} ${counted(changed.length, "member")} ${ui.dim(`in ${file}`)}`,
          ].join("\n"),
  };
}
