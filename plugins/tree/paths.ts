import { type Graph, type Link, linksWith, type OwnLink, type Start } from "./graph.ts";

/** A way from a project to a package: the first link is the project's own, the last leads to the package. */
export interface Path {
  readonly start: Start;
  readonly links: readonly [OwnLink, ...Link[]];
}
export interface Paths {
  /** The shortest ones first. */
  readonly paths: readonly Path[];
  /** There are more, not all of which were looked for. */
  readonly isMore: boolean;
}

/**
 * Every way from the projects to a package that comes by no package twice, nor by another project: from there it is a way of its own.
 * In a dense graph there are millions: at most `most`.
 */
export function pathsTo(graph: Graph, target: number, most: number): Paths {
  const leadsThere = ancestorsOf(graph, target);
  const projects = new Set(graph.starts.map(({ index }) => index));
  const paths: Path[] = [];
  for (const start of graph.starts) {
    const levels: { readonly links: readonly Link[]; next: number }[] = [{ links: start.links, next: 0 }];
    const way: Link[] = [];
    for (let level = levels.at(-1); level; level = levels.at(-1)) {
      const link = level.links[level.next++];
      if (link === undefined) {
        levels.pop();
        way.pop();
        continue;
      }
      if (!leadsThere.has(link.to) || way.some(({ to }) => to === link.to)) continue;
      if (link.to === target) {
        if (paths.length === most) return { paths: sorted(paths), isMore: true };
        paths.push({ start, links: [...way, link] as unknown as Path["links"] });
        continue;
      }
      if (projects.has(link.to)) continue;
      way.push(link);
      levels.push({ links: linksWith(graph, link.to, link.extras), next: 0 });
    }
  }
  return { paths: sorted(paths), isMore: false };
}

/** Stable: among paths of a length those stay first that were found first. */
const sorted = (paths: readonly Path[]): readonly Path[] => paths.toSorted((a, b) => a.links.length - b.links.length);

/** The package, and all that lead to it. */
function ancestorsOf({ lock, links }: Graph, target: number): ReadonlySet<number> {
  const incoming = new Map<number, number[]>();
  for (const from of lock.packages.keys())
    for (const { to } of links(from)) {
      const known = incoming.get(to);
      if (known) known.push(from);
      else incoming.set(to, [from]);
    }
  const found = new Set([target]);
  for (const index of found) for (const from of incoming.get(index) ?? []) found.add(from);
  return found;
}
