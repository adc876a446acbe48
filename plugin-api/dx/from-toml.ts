import { parse as readToml } from "smol-toml";
import type { AST } from "toml-eslint-parser";
import { InvalidSyntax } from "../error.ts";
import { tomlSyntax } from "../toml-syntax.ts";
import { DEEPEST, type DxNode, type DxTree, type DxType } from "./layout.ts";
import { lexeme } from "./lexeme.ts";

/** A document in the making. */
interface Draft {
  readonly text: string;
  readonly nodes: DxNode[];
  /** Nodes of each table by their keys. */
  readonly tables: Map<number, Map<string, number>>;
  readonly trivia: string[];
  /** How far the text is told by trivia and scalars. */
  told: number;
}

/** The nodes and the trivia of a TOML text (TOML 1.0). Throws InvalidSyntax with the offset. */
export function dxTreeOf(text: string): DxTree {
  const draft: Draft = { text, nodes: [], tables: new Map(), trivia: [], told: 0 };
  add(draft, undefined, { type: "table", style: "header" });
  for (const item of tomlSyntax(text).body[0].body) {
    if (item.type === "TOMLKeyValue") addEntry(draft, [0, 1], item);
    else {
      const table = tableAt(draft, item);
      for (const entry of item.body) addEntry(draft, [table, 1], entry);
    }
  }
  draft.trivia.push(text.slice(draft.told));
  return { nodes: draft.nodes, trivia: draft.trivia };
}

const tooDeep = (): InvalidSyntax => new InvalidSyntax(`tables and arrays are nested more than ${DEEPEST} deep`);

interface Made {
  readonly type: DxType;
  readonly style: string;
  readonly key?: string;
  readonly text?: string;
  readonly isVerbatim?: boolean;
}
type Scalar = Made & { readonly text: string };

function add(draft: Draft, parent: number | undefined, made: Made): number {
  const index = draft.nodes.length;
  draft.nodes.push({ key: "", text: "", isVerbatim: false, ...made, children: [] });
  if (made.type === "table") draft.tables.set(index, new Map());
  if (parent === undefined) return index;
  draft.nodes[parent]!.children.push(index);
  if (made.key !== undefined) draft.tables.get(parent)!.set(made.key, index);
  return index;
}

const keysOf = ({ keys }: AST.TOMLKey): readonly string[] =>
  keys.map((key) => (key.type === "TOMLBare" ? key.name : key.value));

/** The table that a header opens, and those on the way to it. */
function tableAt(draft: Draft, { key, kind }: AST.TOMLTable): number {
  const keys = keysOf(key);
  if (keys.length > DEEPEST) throw tooDeep();
  const parent = keys.slice(0, -1).reduce((table, part) => below(draft, table, [part, "implicit"]), 0);
  const last = keys.at(-1)!;
  const known = draft.tables.get(parent)!.get(last);
  if (kind === "array") {
    const array = known ?? add(draft, parent, { type: "array of tables", style: "header", key: last });
    return add(draft, array, { type: "table", style: "header" });
  }
  if (known === undefined) return add(draft, parent, { type: "table", style: "header", key: last });
  draft.nodes[known]!.style = "header";
  return known;
}

/** The table below a key, made where it is not there; of an array of tables the last one. */
function below(draft: Draft, table: number, [key, style]: readonly [key: string, style: string]): number {
  const known = draft.tables.get(table)!.get(key);
  if (known === undefined) return add(draft, table, { type: "table", style, key });
  const node = draft.nodes[known]!;
  return node.type === "array of tables" ? node.children.at(-1)! : known;
}

function addEntry(
  draft: Draft,
  [table, depth]: readonly [table: number, depth: number],
  { key, value }: AST.TOMLKeyValue,
): void {
  const keys = keysOf(key);
  if (depth + keys.length > DEEPEST) throw tooDeep();
  const holder = keys.slice(0, -1).reduce((at, part) => below(draft, at, [part, "dotted"]), table);
  addValue(draft, holder, { value, key: keys.at(-1)!, depth: depth + keys.length });
}

interface Place {
  readonly value: AST.TOMLContentNode;
  readonly key?: string;
  readonly depth: number;
}

function addValue(draft: Draft, parent: number, { value, key, depth }: Place): void {
  if (depth > DEEPEST) throw tooDeep();
  const named = key === undefined ? {} : { key };
  if (value.type === "TOMLInlineTable") {
    const table = add(draft, parent, { type: "table", style: "inline", ...named });
    for (const entry of value.body) addEntry(draft, [table, depth], entry);
  } else if (value.type === "TOMLArray") {
    const style = value.loc.start.line === value.loc.end.line ? "one line" : "lines";
    const array = add(draft, parent, { type: "array", style, ...named });
    for (const element of value.elements) addValue(draft, array, { value: element, depth: depth + 1 });
  } else addScalar(draft, { ...scalarOf(value, draft.text), ...named }, [parent, ...value.range]);
}

function addScalar(draft: Draft, made: Scalar, [parent, start, end]: readonly [number, number, number]): void {
  const isVerbatim = lexeme(made) !== draft.text.slice(start, end);
  add(draft, parent, { ...made, isVerbatim });
  if (isVerbatim) return;
  draft.trivia.push(draft.text.slice(draft.told, start));
  draft.told = end;
}

const NUMBER_STYLES: Readonly<Record<string, string>> = { "0x": "hexadecimal", "0o": "octal", "0b": "binary" };

function scalarOf(value: AST.TOMLValue, source: string): Scalar {
  const written = source.slice(...value.range);
  switch (value.kind) {
    case "string":
      return {
        type: "string",
        style: (value.multiline ? "multi-line " : "") + value.style,
        // This parser makes every line end a line feed; the one that reads projects leaves them.
        text: written.includes("\r") ? (readToml(`x = ${written}`)["x"] as string) : value.value,
      };
    case "integer":
      return { type: "integer", style: NUMBER_STYLES[written.slice(0, 2)] ?? "decimal", text: written };
    case "float":
    case "boolean":
      return { type: value.kind, style: "plain", text: written };
    default:
      return {
        type: "date-time",
        style: value.kind.replaceAll("-", " ").replace("date time", "date-time"),
        text: written,
      };
  }
}
