import type { AST } from "toml-eslint-parser";
import { InvalidSyntax } from "./error.ts";
import {
  isPrefix,
  isSamePath,
  lineEnd,
  lineStart,
  nextLine,
  openToml,
  type Span,
  splice,
  type TomlDocument,
  type TomlEntry,
  type TomlPath,
  type TomlTable,
} from "./toml-document.ts";
import { formatTomlKey, formatTomlValue, type TomlValue } from "./toml-value.ts";

/**
 * The text with `path` set to `value` (SPEC CFG-08): only the value's span changes, or one entry is added behind the last
 * of its table; a table that is not there yet is appended at the end. Comments, order, quotes, indentation and line ends
 * stay. Throws `InvalidSyntax` when the text is not TOML, or `path` or a part of it is something a key can't be set in.
 */
export function setTomlKey(text: string, path: TomlPath, value: TomlValue): string {
  const document = openToml(text);
  const found = document.entries.find((entry) => isSamePath(entry.path, path));
  if (found) return splice(text, found.value.range, replacement(found.value, value));
  refuseTables(document, path);
  const holder = document.entries.findLast((entry) => isPrefix(entry.path, path));
  if (holder) return addInBraces(document, holder, { path, value });
  const table = document.tables
    .filter((each) => isPrefix(each.path, path))
    .sort(byDepth)
    .at(-1);
  if (table && canHold(document, table, path)) return addToTable(document, table, { path, value });
  if (path.length === 1) return addAtTop(document, `${formatTomlKey(path[0] as string)} = ${formatTomlValue(value)}`);
  return dottedAtTop(document, { path, value }) ?? appendTable(document, path, value);
}

/**
 * The text with an empty table at `path` under a header of its own at the end, unless there is something at or below `path`, or
 * it is below something that no header may add to. Throws `InvalidSyntax` when the text is not TOML.
 */
export function addTomlTable(text: string, path: TomlPath): string {
  const { entries, tables, newline } = openToml(text);
  const isThere = [...entries, ...tables].some((each) => isPrefix(path, each.path));
  const isClosed = entries.some((entry) => isPrefix(entry.path, path) || isDottedInto(entry, path, tables));
  const isInArray = tables.some((table) => table.isArray && isPrefix(table.path.slice(0, -1), path));
  if (isThere || isClosed || isInArray) return text;
  const gap = text.trim() === "" ? "" : endOfLine(text, newline) + newline;
  return `${text}${gap}[${formatTomlKey(...path)}]${newline}`;
}

/**
 * The text with one more `[[path]]` table at the end, behind those that are there already. Throws `InvalidSyntax` when the text is not
 * TOML, or `path` is something else in it.
 */
export function appendTomlTable(text: string, path: TomlPath, values: Readonly<Record<string, TomlValue>>): string {
  const { entries, tables, newline } = openToml(text);
  const isElse = entries.some((entry) => isPrefix(entry.path, path) || isSamePath(entry.path, path));
  if (isElse || tables.some((table) => isSamePath(table.path, path) && !table.isArray))
    throw new InvalidSyntax(`\`${formatTomlKey(...path)}\` is not written as \`[[${formatTomlKey(...path)}]]\``);
  const gap = text.trim() === "" ? "" : endOfLine(text, newline) + newline;
  const lines = Object.entries(values).map(([key, value]) => `${formatTomlKey(key)} = ${formatTomlValue(value)}`);
  return `${text}${gap}[[${formatTomlKey(...path)}]]${newline}${lines.join(newline)}${newline}`;
}

/** `tool.a = 1` outside of tables: what is below `tool` can't be begun by a header any more. */
const isDottedInto = ({ path: own, inline }: TomlEntry, path: TomlPath, tables: readonly TomlTable[]): boolean => {
  if (inline !== undefined || own[0] !== path[0]) return false;
  const under =
    tables
      .filter((table) => isPrefix(table.path, own))
      .sort(byDepth)
      .at(-1)?.path.length ?? 0;
  return own.slice(under, -1).some((_part, at) => isPrefix(own.slice(0, under + at + 1), path));
};

/**
 * The text without `path`: its line, its part of an inline table, or the table with everything in it. The text itself
 * when there is nothing to remove. Throws `InvalidSyntax`.
 */
export function unsetTomlKey(text: string, path: TomlPath): string {
  const document = openToml(text);
  const spans: Span[] = [];
  for (const { path: own, header } of document.tables)
    if (isPrefix(path, own)) spans.push(tableSpan(document, header[0]));
  const inTables = (offset: number) => spans.some(([start, end]) => start <= offset && offset < end);
  const outer: TomlPath[] = [];
  for (const entry of document.entries) {
    if (!isPrefix(path, entry.path) || inTables(entry.span[0])) continue;
    if (outer.some((own) => isPrefix(own, entry.path))) continue;
    outer.push(entry.path);
    spans.push(entry.inline ? partOfBraces(document, entry.inline, entry.span) : wholeLines(text, entry.span));
  }
  return spans.sort((a, b) => b[0] - a[0]).reduce((edited, span) => splice(edited, span, ""), text);
}

interface Setting {
  readonly path: TomlPath;
  readonly value: TomlValue;
}

const byDepth = (one: TomlTable, other: TomlTable): number => one.path.length - other.path.length;

/** A value's text in the place of another: a string keeps the quotes of the one it replaces where it can. */
export function replacement(old: AST.TOMLContentNode, value: TomlValue): string {
  const isLiteral = old.type === "TOMLValue" && old.kind === "string" && old.style === "literal" && !old.multiline;
  // oxlint-disable-next-line no-control-regex -- a literal string can't hold these
  return isLiteral && typeof value === "string" && !/['\u0000-\u001f\u007f]/.test(value)
    ? `'${value}'`
    : formatTomlValue(value);
}

function refuseTables({ tables, entries }: TomlDocument, path: TomlPath): void {
  const shown = formatTomlKey(...path);
  if (tables.some((table) => isPrefix(path, table.path)) || entries.some((entry) => isPrefix(path, entry.path)))
    throw new InvalidSyntax(`\`${shown}\` is a table, not a value`);
  const inArray = tables.find((table) => table.isArray && isPrefix(table.path.slice(0, -1), path));
  if (inArray && typeof path[inArray.path.length - 1] === "string")
    throw new InvalidSyntax(`\`${formatTomlKey(...inArray.path.slice(0, -1))}\` is an array of tables`);
}

/** Into the innermost inline table on the way; a value of another kind there can't hold a key. */
function addInBraces({ text }: TomlDocument, { path: own, value: node }: TomlEntry, { path, value }: Setting): string {
  if (node.type !== "TOMLInlineTable") throw new InvalidSyntax(`\`${formatTomlKey(...own)}\` is not a table`);
  const pair = `${formatTomlKey(...path.slice(own.length))} = ${formatTomlValue(value)}`;
  const last = node.body.at(-1);
  return last ? splice(text, [last.range[1], last.range[1]], `, ${pair}`) : splice(text, node.range, `{ ${pair} }`);
}

/** A dotted key may not reach into a table that a header of its own makes. */
const canHold = ({ tables }: TomlDocument, table: TomlTable, path: TomlPath): boolean =>
  !tables.some(
    (other) => other.path.length > table.path.length && isPrefix(path.slice(0, table.path.length + 1), other.path),
  ) || path.length === table.path.length + 1;

/** Behind the table's last entry, indented as that one; with none behind the header. */
function addToTable({ text, newline }: TomlDocument, table: TomlTable, { path, value }: Setting): string {
  const after = table.ends.at(-1) ?? table.header[1];
  const at = lineEnd(text, after);
  const first = table.ends.length === 0 ? table.header[0] : entryStart(text, table);
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, first)))?.[0] ?? "";
  const line = `${indent}${formatTomlKey(...path.slice(table.path.length))} = ${formatTomlValue(value)}`;
  return splice(text, [at, at], newline + line);
}

/** The first line below the header that holds an entry. */
function entryStart(text: string, { header }: TomlTable): number {
  let at = nextLine(text, header[1]);
  while (at < text.length && /^[ \t]*(?:#|\r?\n)/.test(text.slice(at, at + 200))) at = nextLine(text, at);
  return at;
}

/** Before the first table and its comments, behind the last entry that stands outside tables. */
function addAtTop({ text, newline, tables, entries }: TomlDocument, line: string): string {
  const firstTable = tables[0]?.header[0] ?? Number.POSITIVE_INFINITY;
  const last = entries.findLast(({ span, inline }) => span[1] <= firstTable && inline === undefined);
  if (last) {
    const at = lineEnd(text, last.span[1]);
    return splice(text, [at, at], newline + line);
  }
  if (tables.length === 0) return `${text}${endOfLine(text, newline)}${line}${newline}`;
  let at = lineStart(text, firstTable);
  while (
    at > 0 &&
    text
      .slice(lineStart(text, at - 1), at)
      .trimStart()
      .startsWith("#")
  )
    at = lineStart(text, at - 1);
  return splice(text, [at, at], `${line}${newline}${newline}`);
}

/** Where keys such as `link.mode = …` stand outside tables, others of `link` must join them: a header may not. */
function dottedAtTop({ text, newline, tables, entries }: TomlDocument, { path, value }: Setting): string | undefined {
  const firstTable = tables[0]?.header[0] ?? Number.POSITIVE_INFINITY;
  const sibling = entries.findLast(
    ({ path: own, span, inline }) => span[1] <= firstTable && !inline && own.length > 1 && own[0] === path[0],
  );
  if (!sibling) return undefined;
  const at = lineEnd(text, sibling.span[1]);
  return splice(text, [at, at], `${newline}${formatTomlKey(...path)} = ${formatTomlValue(value)}`);
}

function appendTable({ text, newline }: TomlDocument, path: TomlPath, value: TomlValue): string {
  const gap = text.trim() === "" ? "" : endOfLine(text, newline) + newline;
  const body = `${formatTomlKey(path.at(-1) as string)} = ${formatTomlValue(value)}`;
  return `${text}${gap}[${formatTomlKey(...path.slice(0, -1))}]${newline}${body}${newline}`;
}

const endOfLine = (text: string, newline: string): string => (text === "" || text.endsWith("\n") ? "" : newline);

/** Up to the next header, whose own comments stay with it. */
/** A table at the end goes with the blank lines that set it off. */
function tableSpan(document: TomlDocument, header: number): Span {
  const { text } = document;
  const [start, end] = [lineStart(text, header), tableEnd(document, header)];
  if (end < text.length) return [start, end];
  const before = text.slice(0, start);
  return [before.length - (/(?<=\n)(?:[ \t]*\r?\n)+$/.exec(before)?.[0].length ?? 0), end];
}

function tableEnd({ text, tables }: TomlDocument, start: number): number {
  const next = tables.find(({ header }) => header[0] > start)?.header[0];
  if (next === undefined) return text.length;
  let at = lineStart(text, next);
  while (
    at > start &&
    text
      .slice(lineStart(text, at - 1), at)
      .trimStart()
      .startsWith("#")
  )
    at = lineStart(text, at - 1);
  return at;
}

const wholeLines = (text: string, [start, end]: Span): Span => [lineStart(text, start), nextLine(text, end)];

/** An entry of an inline table with the comma that parts it from its neighbour. */
function partOfBraces({ commas }: TomlDocument, table: AST.TOMLInlineTable, span: Span): Span {
  const index = table.body.findIndex(({ range }) => range[0] === span[0]);
  const before = table.body[index - 1];
  const after = table.body[index + 1];
  if (before) return [before.range[1], span[1]];
  if (after) return [span[0], after.range[0]];
  const comma = commas.find((at) => at >= span[1] && at < table.range[1]);
  return [span[0], comma === undefined ? span[1] : comma + 1];
}
