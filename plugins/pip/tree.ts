import type { RunOf } from "../../plugin-api/command.ts";
import type { MarkerEnvironment } from "../../plugin-api/model/interpreter.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { asPip, callError } from "./as-pip.ts";
import { byName, type Distribution, distributionsIn, isNamed, requirementsOf } from "./distributions.ts";
import type { tree as spec } from "./more-commands.ts";
import { selectedEnvironment } from "./place.ts";

type Graph = ReadonlyMap<PackageName, readonly PackageName[]>;

/** SPEC PIP-01. */
const tree: RunOf<typeof spec> = async ({ depth, package: named, invert }, _operands, session) => {
  const environment = await selectedEnvironment(session);
  const all = environment ? await distributionsIn(environment, session) : [];
  const graph = graphOf(all, environment?.interpreter.markers, invert);
  const led = new Set([...graph.values()].flat());
  const isAsked = isNamed(named);
  const roots = all.filter(({ name }) => (named.length > 0 ? isAsked(name) : !led.has(name)));
  if (named.length > 0 && roots.length === 0) throw callError("pip tree", `not installed: ${named.join(", ")}`);
  // A circle has no beginning: what is in none of the trees so far begins one itself.
  const drawn = named.length > 0 ? roots : [...roots, ...unreached(all, roots, graph)];
  return {
    exitCode: 0,
    data: {
      env: environment ? { path: environment.root, python: environment.python } : null,
      packages: all.map(({ name, version }) => ({ name, version, requires: graph.get(name) ?? [] })),
    },
    text: (ui) =>
      draw(drawn, { graph, installed: byName(all), ui, depth: depth ?? Number.POSITIVE_INFINITY }).join("\n"),
  };
};
export default asPip(tree);

/** Edges between what is installed. */
function graphOf(all: readonly Distribution[], markers: MarkerEnvironment | undefined, isInverted: boolean): Graph {
  const installed = byName(all);
  const graph = new Map<PackageName, PackageName[]>(all.map(({ name }) => [name, []]));
  for (const distribution of all)
    for (const { name, marker } of requirementsOf(distribution)) {
      if (!installed.has(name) || (markers && !evaluateMarker(marker, markers))) continue;
      const [from, to] = isInverted ? [name, distribution.name] : [distribution.name, name];
      const edges = graph.get(from) as PackageName[];
      if (!edges.includes(to)) edges.push(to);
    }
  for (const edges of graph.values()) edges.sort();
  return graph;
}

function unreached(
  all: readonly Distribution[],
  roots: readonly Distribution[],
  graph: Graph,
): readonly Distribution[] {
  const seen = new Set<PackageName>();
  const visit = (name: PackageName): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const next of graph.get(name) ?? []) visit(next);
  };
  for (const { name } of roots) visit(name);
  return all.filter((each) => {
    const isNew = !seen.has(each.name);
    if (isNew) visit(each.name);
    return isNew;
  });
}

interface Drawing {
  readonly graph: Graph;
  readonly installed: ReadonlyMap<PackageName, Distribution>;
  readonly ui: TextStyle;
  readonly depth: number;
}

/** What was drawn before, and what leads back to itself, is named without what is below it. */
function draw(roots: readonly Distribution[], { graph, installed, ui, depth }: Drawing): readonly string[] {
  const lines: string[] = [];
  const drawn = new Set<PackageName>();
  const visit = (name: PackageName, [head, below]: readonly [head: string, below: string], level: number): void => {
    const version = installed.get(name)?.version ?? "";
    const next = graph.get(name) ?? [];
    const isRepeated = drawn.has(name) && next.length > 0;
    drawn.add(name);
    lines.push(`${head}${ui.name(name)} ${ui.dim(version)}${isRepeated ? ` ${ui.dim("(*)")}` : ""}`);
    if (isRepeated || level >= depth) return;
    for (const [index, child] of next.entries()) {
      const isLast = index === next.length - 1;
      const corner = isLast ? ui.tree.corner : ui.tree.tee;
      visit(child, [below + corner, below + (isLast ? "   " : ui.tree.bar)], level + 1);
    }
  };
  for (const { name } of roots) visit(name, ["", ""], 0);
  return lines;
}
