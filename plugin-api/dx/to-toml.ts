import { formatTomlKey } from "../toml-value.ts";
import { type DxNode, type DxTree, isScalar } from "./layout.ts";
import { lexeme } from "./lexeme.ts";

/** The TOML text of a document: the one it was made from where its trivia were kept, else one line for each value. */
export function tomlOf(tree: DxTree): string {
  return tree.trivia === undefined ? plainText(tree.nodes) : originalText(tree.nodes, tree.trivia);
}

function originalText(nodes: readonly DxNode[], trivia: readonly string[]): string {
  const scalars = nodes.filter((node) => isScalar(node) && !node.isVerbatim);
  return scalars.map((node, index) => trivia[index]! + lexeme(node)).join("") + trivia[scalars.length]!;
}

function plainText(nodes: readonly DxNode[]): string {
  const lines: string[] = [];
  writeTable({ nodes, lines }, nodes[0]!, []);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

interface Writing {
  readonly nodes: readonly DxNode[];
  readonly lines: string[];
}

const isTables = ({ type }: DxNode): boolean => type === "table" || type === "array of tables";

/**
 * The entries of a table, then the tables below it. A table with an entry of another kind behind it has to stand in braces:
 * below a header of its own it would come after that entry, and the order of keys would change.
 */
function writeTable(writing: Writing, table: DxNode, path: readonly string[]): void {
  const children = table.children.map((index) => writing.nodes[index]!);
  const entries = children.findLastIndex((child) => !isTables(child) || child.style === "inline") + 1;
  for (const child of children.slice(0, entries))
    writing.lines.push(`${formatTomlKey(child.key)} = ${inlineText(writing.nodes, child)}`);
  for (const child of children.slice(entries)) {
    const own = [...path, child.key];
    if (child.type === "table") {
      writeHeader(writing, `[${formatTomlKey(...own)}]`);
      writeTable(writing, child, own);
    } else
      for (const item of child.children) {
        writeHeader(writing, `[[${formatTomlKey(...own)}]]`);
        writeTable(writing, writing.nodes[item]!, own);
      }
  }
}

function writeHeader({ lines }: Writing, header: string): void {
  if (lines.length > 0) lines.push("");
  lines.push(header);
}

function inlineText(nodes: readonly DxNode[], node: DxNode): string {
  if (isScalar(node)) return lexeme(node);
  const parts = node.children.map((index) => {
    const child = nodes[index]!;
    return node.type === "table"
      ? `${formatTomlKey(child.key)} = ${inlineText(nodes, child)}`
      : inlineText(nodes, child);
  });
  if (node.type === "table") return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
  return node.style === "lines" && parts.length > 0 ? `[\n    ${parts.join(",\n    ")},\n]` : `[${parts.join(", ")}]`;
}
