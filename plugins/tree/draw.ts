import type { LockedPackage } from "../../plugin-api/model/lock.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { readableSpecifier } from "../../plugin-api/text/readable-specifier.ts";
import type { showPath } from "../../plugin-api/text/show-path.ts";
import type { Graph } from "./graph.ts";
import type { Node, Row } from "./rows.ts";
import { askedBy, nameWith, originOf, versioned } from "./words.ts";

/** What is said of a tree's lines beside names and versions. */
export interface Drawing {
  readonly graph: Graph;
  readonly isInverted: boolean;
  /** What stands behind a package, such as its size. */
  readonly notes: (index: number) => readonly string[];
  /** For paths. */
  readonly place: Parameters<typeof showPath>[1];
}

/** The lines of a tree as text; the last explains `(*)` to whoever looks at a terminal. */
export function draw(rows: readonly Row[], drawing: Drawing, ui: TextStyle): readonly string[] {
  const lines = rows.map((row) => barsOf(row, ui) + lineOf(row, drawing, ui));
  const isExplained = ui.isTerminal && rows.some(({ isRepeated }) => isRepeated);
  return isExplained ? [...lines, ui.dim("(*) shown above")] : lines;
}

function barsOf({ ends }: Row, { tree }: TextStyle): string {
  if (ends.length === 0) return "";
  const blank = " ".repeat(tree.bar.length);
  const above = ends.slice(0, -1).map((isEnd) => (isEnd ? blank : tree.bar));
  return above.join("") + (ends.at(-1) ? tree.corner : tree.tee);
}

function lineOf({ node, link, isRepeated, ends }: Row, { graph, isInverted, notes, place }: Drawing, ui: TextStyle) {
  const said: string[] = [];
  const specifier = link && `${readableSpecifier(link.specifier)}${link.marker === "" ? "" : `; ${link.marker}`}`;
  if (specifier && isInverted) said.push(`requires ${specifier.replace(/^; /, "it; ")}`);
  else if (specifier) said.push(specifier.replace(/^; /, "if "));
  if (node.kind === "package") {
    const origin = originOf(packageAt(graph, node.index), place);
    if (origin !== "") said.push(origin);
    said.push(...notes(node.index));
  }
  const behind = [...said].join("  ") + (link ? askedBy(link) : "");
  const name = ends.length === 0 ? ui.name(nameOf(node, graph)) : nameOf(node, graph);
  const words = `${versioned(name, versionOf(node, graph))}${behind === "" ? "" : ui.dim(gap(behind))}`;
  return isRepeated ? `${words} (*)` : words;
}

/** Two blanks before columns, one before what belongs to the name. */
const gap = (behind: string): string => (behind.startsWith(" ") ? behind : `  ${behind}`);

const packageAt = ({ lock }: Graph, index: number): LockedPackage => lock.packages[index] as LockedPackage;

function nameOf(node: Node, graph: Graph): string {
  return node.kind === "start" ? node.start.name : nameWith(packageAt(graph, node.index).name, node.extras);
}

const versionOf = (node: Node, graph: Graph): string =>
  node.kind === "start" ? node.start.version : packageAt(graph, node.index).version;
