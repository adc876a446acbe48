import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import type { list as spec } from "./commands.ts";
import { memberData, openWorkspace, type Workspace } from "./workspace.ts";

/** SPEC WS-20. */
const list: RunOf<typeof spec> = async (_options, _operands, session) => {
  const workspace = await openWorkspace(session);
  return {
    exitCode: 0,
    data: { root: workspace.project.root, members: workspace.all.map((each) => memberData(each, workspace)) },
    ...(workspace.all.length > 0 && { text: (ui) => table(workspace, ui) }),
  };
};
export default list;

function table({ all, current, project }: Workspace, ui: TextStyle): string {
  const rows = all.map(({ name = "", version = "", folder, options }) => [
    name,
    version,
    `${path.relative(project.root, folder) || "."}${options.hasOwnLock ? "  own lock" : ""}`,
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([name = "", version = "", place = ""], at) => {
      const mark = all[at]?.folder === current?.folder ? "*" : " ";
      return `${mark} ${ui.name(name)}${name.padEnd(widths[0] ?? 0).slice(name.length)}  ${version.padEnd(widths[1] ?? 0)}  ${place}`;
    })
    .join("\n");
}
