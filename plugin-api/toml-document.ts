import type { AST } from "toml-eslint-parser";
import { InvalidSyntax } from "./error.ts";
import { tomlSyntax } from "./toml-syntax.ts";

/** Parts of a dotted key, unquoted; a number is an index into an array of tables. */
export type TomlPath = readonly (string | number)[];
/** Offsets into the text: start inclusive, end exclusive. */
export type Span = readonly [start: number, end: number];

/** One `key = value` with the full path of what it sets; those inside inline tables too. */
export interface TomlEntry {
  readonly path: TomlPath;
  /** From the key to the end of the value. */
  readonly span: Span;
  readonly value: AST.TOMLContentNode;
  /** Where the entry stands in braces, the inline table around it. */
  readonly inline: AST.TOMLInlineTable | undefined;
}
/** One `[table]` or `[[table]]`. */
export interface TomlTable {
  readonly path: TomlPath;
  readonly isArray: boolean;
  readonly header: Span;
  /** Ends of the entries directly below the header, in order. */
  readonly ends: readonly number[];
}

/** A TOML text with the places of its parts. */
export interface TomlDocument {
  readonly text: string;
  /** Line end of the text; that of the first line, `\n` where there is none. */
  readonly newline: "\n" | "\r\n";
  readonly entries: readonly TomlEntry[];
  readonly tables: readonly TomlTable[];
  readonly comments: readonly Span[];
  /** Offsets of commas. */
  readonly commas: readonly number[];
}

const MOST_OPENED = 4;
/** The last one first: one edit looks at a text several times, and each command that one process runs at that of the last. */
const opened: TomlDocument[] = [];

/** Parses TOML 1.0. Throws `InvalidSyntax` with the offset. What it gives is shared with whoever asks later. */
export function openToml(text: string): TomlDocument {
  const at = opened.findIndex((document) => document.text === text);
  const [found = readToml(text)] = at < 0 ? [] : opened.splice(at, 1);
  opened.unshift(found);
  opened.length = Math.min(opened.length, MOST_OPENED);
  return found;
}

function readToml(text: string): TomlDocument {
  const program = tomlSyntax(text);
  const entries: TomlEntry[] = [];
  const tables: TomlTable[] = [];
  const collect = (body: readonly AST.TOMLKeyValue[], prefix: TomlPath, inline?: AST.TOMLInlineTable): void => {
    for (const { key, value, range } of body) {
      const path = [...prefix, ...key.keys.map((part) => (part.type === "TOMLBare" ? part.name : part.value))];
      entries.push({ path, span: range, value, inline });
      if (value.type === "TOMLInlineTable") collect(value.body, path, value);
    }
  };
  for (const node of program.body[0].body) {
    if (node.type === "TOMLKeyValue") {
      collect([node], []);
      continue;
    }
    const header: Span = [node.range[0], headerEnd(program, node)];
    const ends = node.body.map(({ range }) => range[1]);
    tables.push({ path: node.resolvedKey, isArray: node.kind === "array", header, ends });
    collect(node.body, node.resolvedKey);
  }
  const commas = program.tokens.flatMap(({ type, value, range }) =>
    type === "Punctuator" && value === "," ? [range[0]] : [],
  );
  const newline = /\r?\n/.exec(text)?.[0] === "\r\n" ? "\r\n" : "\n";
  return { text, newline, entries, tables, comments: program.comments.map(({ range }) => range), commas };
}

/** Behind the closing bracket or brackets of a header. */
function headerEnd({ tokens }: AST.TOMLProgram, { key, kind }: AST.TOMLTable): number {
  const closing = tokens.findIndex(({ range }) => range[0] >= key.range[1]);
  return (tokens[kind === "array" ? closing + 1 : closing] ?? { range: key.range }).range[1];
}

export const isSamePath = (one: TomlPath, other: TomlPath): boolean =>
  one.length === other.length && one.every((part, index) => part === other[index]);

/** `tool.pybun` is a prefix of `tool.pybun.link`, and of itself. */
export const isPrefix = (prefix: TomlPath, path: TomlPath): boolean =>
  prefix.length <= path.length && prefix.every((part, index) => part === path[index]);

/** Offset of the end of the line that `offset` is on, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  if (end < 0) return text.length;
  return text[end - 1] === "\r" && end > offset ? end - 1 : end;
}

/** Offset of the start of the line that `offset` is on. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;

/** Offset behind the line end of the line that `offset` is on. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

/** The text with a span replaced. */
export const splice = (text: string, [start, end]: Span, replacement: string): string =>
  text.slice(0, start) + replacement + text.slice(end);

/** `a."b.c"` as its parts. Throws `InvalidSyntax` when it is no dotted key. */
export function parseTomlKey(key: string): readonly string[] {
  const [entry, second] = openToml(`${key} = 0`).entries;
  if (entry === undefined || second !== undefined || key.includes("\n") || entry.value.type !== "TOMLValue")
    throw new InvalidSyntax(`\`${key}\` is no key`);
  return entry.path.map(String);
}
