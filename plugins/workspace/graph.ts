import type { RunOf } from "../../plugin-api/command.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import type { graph as spec } from "./commands.ts";
import { edgesOf, type MemberEdge, orderOf } from "./edges.ts";
import { memberData, openWorkspace } from "./workspace.ts";

/** SPEC WS-20. */
const graph: RunOf<typeof spec> = async (_options, _operands, session) => {
  const workspace = await openWorkspace(session);
  const { project, all } = workspace;
  const edges = edgesOf(project, all);
  const names = all.flatMap(({ name }) => name ?? []);
  const { order, cycles } = orderOf(names, edges);
  return {
    exitCode: 0,
    data: {
      root: project.root,
      members: all.map((each) => memberData(each, workspace)),
      edges: edges.map(({ part, ...edge }) => ({ ...edge, part: part ?? null })),
      order,
      cycles,
    },
    ...(names.length > 0 && { text: (ui) => shown({ order, edges, cycles }, ui) }),
  };
};
export default graph;

interface Shown {
  readonly order: readonly PackageName[];
  readonly edges: readonly MemberEdge[];
  readonly cycles: readonly (readonly PackageName[])[];
}

function shown({ order, edges, cycles }: Shown, ui: TextStyle): string {
  const width = Math.max(...order.map((name) => name.length));
  const lines = order.map((name) => {
    const needs = edges
      .filter(({ from }) => from === name)
      .map(({ to, kind, part }) => (kind === "dependency" ? to : `${to} ${ui.dim(`(${kind} ${part})`)}`));
    const padded = `${ui.name(name)}${" ".repeat(width - name.length)}`;
    return needs.length === 0 ? name : `${padded}  needs ${[...new Set(needs)].join(", ")}`;
  });
  const circles = cycles.map((circle) => `${ui.warn("circle")}: ${[...circle, circle[0]].join(` ${ui.arrow} `)}`);
  return [...lines, ...circles].join("\n");
}
