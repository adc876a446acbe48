import type { Extra } from "../../plugin-api/model/requirement.ts";
import { type Graph, type Link, linksWith, type OwnLink, type Start } from "./graph.ts";

/** Something that requires, or is required: a package of the lock with some of its extras, or a project. */
export type Node =
  | { readonly kind: "package"; readonly index: number; readonly extras: readonly Extra[] }
  | { readonly kind: "start"; readonly start: Start };

/** A line of a tree. */
export interface Row {
  readonly node: Node;
  /** For each level above whether that branch ends there, outermost first; then for the row itself. Empty for a root. */
  readonly ends: readonly boolean[];
  /** The requirement between the row and the one it hangs on; absent for a root. */
  readonly link?: Link | OwnLink;
  /** What hangs on it was shown before. */
  readonly isRepeated: boolean;
}
export interface Branch {
  readonly node: Node;
  readonly link: Link | OwnLink;
}
export interface Growing {
  readonly roots: readonly Node[];
  /** What hangs on a node. */
  readonly branches: (node: Node) => readonly Branch[];
  /** Levels below the roots. */
  readonly depth: number;
  /** Show what hangs on a node once only. */
  readonly isOnce: boolean;
}

interface Level {
  readonly branches: readonly Branch[];
  next: number;
  /** Of the node whose branches these are. */
  readonly key: string;
}

/** The lines of a tree, in order. A circle ends where it meets itself. */
export function* rowsOf({ roots, branches, depth, isOnce }: Growing): Generator<Row> {
  const shown = new Set<string>();
  for (const root of roots) {
    const own = branches(root);
    // Of a project that others required above, what only it asks for is still to be told.
    const isRepeated = isOnce && own.length > 0 && shown.has(keyOf(root));
    yield { node: root, ends: [], isRepeated };
    const first = isRepeated ? own.filter(({ link }) => "parts" in link && !isBase(link)) : own;
    shown.add(keyOf(root));
    const levels: Level[] = [{ branches: first, next: 0, key: keyOf(root) }];
    for (let level = levels.at(-1); level; level = levels.at(-1)) {
      const branch = levels.length > depth ? undefined : level.branches[level.next++];
      if (branch === undefined) {
        levels.pop();
        continue;
      }
      const key = keyOf(branch.node);
      const below = branches(branch.node);
      const isKnown = isOnce ? shown.has(key) : levels.some((each) => each.key === key);
      const isLast = levels.map((each) => each.next === each.branches.length);
      yield { ...branch, ends: isLast, isRepeated: isKnown && below.length > 0 };
      if (isKnown || levels.length === depth) continue;
      shown.add(key);
      levels.push({ branches: below, next: 0, key });
    }
  }
}

/** A project that is a package of the lock is the same thing by both names. */
function keyOf(node: Node): string {
  if (node.kind === "package") return `${node.index} ${node.extras.join()}`;
  return node.start.index === undefined ? node.start.name : `${node.start.index} `;
}

const isBase = ({ parts: [first] }: OwnLink): boolean => first.kind === "base";

/** What a node requires. */
export const requirementsOf =
  (graph: Graph) =>
  (node: Node): readonly Branch[] => {
    const links = node.kind === "start" ? node.start.links : linksWith(graph, node.index, node.extras);
    return links.map((link) => ({ node: { kind: "package", index: link.to, extras: link.extras }, link }));
  };

/** What requires a node; for a package with an extra what asks for the extra. */
export function dependentsOf(graph: Graph): (node: Node) => readonly Branch[] {
  const incoming = dependents(graph);
  return (node) => {
    if (node.kind === "start") return [];
    const [extra] = node.extras;
    const all = incoming.get(node.index) ?? [];
    return extra === undefined ? all : all.filter(({ link }) => link.extras.includes(extra));
  };
}

/** For each package what requires it: projects first, then packages in the order of the lock. */
function dependents(graph: Graph): ReadonlyMap<number, readonly Branch[]> {
  const found = new Map<number, Branch[]>();
  const add = (branch: Branch): void => {
    const { to } = branch.link;
    const known = found.get(to);
    if (known) known.push(branch);
    else found.set(to, [branch]);
  };
  const { starts, lock } = graph;
  const reached = reachedFrom(graph);
  // As a package it says the same.
  for (const start of starts)
    for (const link of start.links)
      if (start.index === undefined || !reached.has(start.index) || !isBase(link))
        add({ node: { kind: "start", start }, link });
  for (const index of lock.packages.keys()) {
    const extras = reached.get(index);
    for (const link of extras ? linksWith(graph, index, [...extras]) : []) {
      const asking = link.asking === "" ? [] : [link.asking];
      add({ node: { kind: "package", index, extras: asking }, link });
    }
  }
  return found;
}

/** The packages that something leads to, each with the extras that are asked for. */
export function reachedFrom(
  graph: Graph,
  roots: readonly Node[] = graph.starts.map((start) => ({ kind: "start", start })),
): ReadonlyMap<number, ReadonlySet<Extra>> {
  const reached = new Map<number, Set<Extra>>();
  const open = [...roots];
  const visit = requirementsOf(graph);
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === "package") {
      const known = reached.get(node.index);
      const isNews = known === undefined || node.extras.some((extra) => !known.has(extra));
      if (!isNews) continue;
      reached.set(node.index, new Set([...(known ?? []), ...node.extras]));
    }
    open.push(...visit(node).map((branch) => branch.node));
  }
  return reached;
}
