import { byText } from "../../plugin-api/lock/canonical.ts";
import type { LockedPackage } from "../../plugin-api/model/lock.ts";
import type { Graph, Link, OwnLink } from "./graph.ts";
import { linksWith } from "./graph.ts";
import { dependentsOf, type Node } from "./rows.ts";

type Data = Readonly<Record<string, unknown>>;

/** What a graph holds, for programs: a list of packages that name each other, not a tree with repetitions. */
export function dataOf(
  graph: Graph,
  reached: ReadonlyMap<number, ReadonlySet<string>>,
  more: (index: number) => Data,
): Data {
  const dependents = dependentsOf(graph);
  const requirement = (link: Link | OwnLink): Data => ({ ...titleOf(packageAt(graph, link.to)), ...wordsOf(link) });
  return {
    roots: graph.starts.map(({ name, version, links }) => ({ name, version, requires: links.map(requirement) })),
    packages: [...reached]
      .sort(([a], [b]) => a - b)
      .map(([index, extras]) => ({
        ...titleOf(packageAt(graph, index)),
        source: packageAt(graph, index).source,
        extras: [...extras].sort(byText),
        requires: linksWith(graph, index, [...extras] as never).map(requirement),
        required_by: dependents({ kind: "package", index, extras: [] }).map(({ node, link }) => ({
          ...nodeTitle(graph, node),
          ...wordsOf(link),
        })),
        ...more(index),
      })),
  };
}

const packageAt = ({ lock }: Graph, index: number): LockedPackage => lock.packages[index] as LockedPackage;
const titleOf = ({ name, version }: Pick<LockedPackage, "version"> & { readonly name: string }): Data => ({
  name,
  version,
});
const nodeTitle = (graph: Graph, node: Node): Data =>
  titleOf(node.kind === "start" ? node.start : packageAt(graph, node.index));

function wordsOf(link: Link | OwnLink): Data {
  const { specifier, extras, marker, asking } = link;
  return {
    specifier,
    extras,
    marker,
    ...(asking !== "" && { extra: asking }),
    ...("parts" in link && { parts: link.parts }),
  };
}
