import type { AST } from "toml-eslint-parser";
import { InvalidSyntax } from "./error.ts";
import {
  isSamePath,
  lineEnd,
  lineStart,
  nextLine,
  openToml,
  type Span,
  splice,
  type TomlDocument,
  type TomlPath,
} from "./toml-document.ts";
import { replacement, setTomlKey } from "./toml-edit.ts";
import { formatTomlKey, formatTomlValue, type TomlValue } from "./toml-value.ts";

/**
 * The text with `value` as the last item of the array at `path`, which is made when it is not there. An array of one item
 * a line gets one line more, with the indentation, trailing comma and comments of the others left as they are. Throws
 * `InvalidSyntax` when the text is not TOML or `path` is no array.
 */
export function appendToTomlArray(text: string, path: TomlPath, value: TomlValue): string {
  const document = openToml(text);
  const array = arrayAt(document, path);
  if (!array) return setTomlKey(text, path, [value]);
  const item = formatTomlValue(value);
  const last = array.elements.at(-1);
  if (!last) {
    const isOnLine = !text.slice(...array.range).includes("\n");
    return splice(text, array.range, isOnLine ? `[${item}]` : emptyWith(document, array, item));
  }
  const comma = commaBehind(document, last, array);
  if (!isMultiLine(text, array)) {
    if (comma === undefined) return splice(text, [last.range[1], last.range[1]], `, ${item}`);
    return splice(text, [comma, comma + 1], `, ${item},`);
  }
  // The bracket that closes it may stand on the line of the last item.
  if (!text.slice(last.range[1], array.range[1]).includes("\n"))
    return splice(text, [last.range[1], last.range[1]], `, ${item}`);
  const indent = indentOf(text, last) ?? indentOf(text, array.elements[0] as AST.TOMLContentNode) ?? "";
  const at = lineEnd(text, comma ?? last.range[1]);
  const line = `${document.newline}${indent}${item}${comma === undefined ? "" : ","}`;
  const withLine = splice(text, [at, at], line);
  return comma === undefined ? splice(withLine, [last.range[1], last.range[1]], ",") : withLine;
}

/** An item of an array, and its place among the others. */
export interface TomlItem {
  readonly index: number;
  readonly value: TomlValue;
}

/**
 * The text with `value` as item `index` of the array at `path`. Where each item has a line of its own, so has this one, above the
 * comment lines of the item that comes after it; so has the first item of an array that is empty, or not there yet. Throws
 * `InvalidSyntax` as `appendToTomlArray` does.
 */
export function insertIntoTomlArray(text: string, path: TomlPath, { index, value }: TomlItem): string {
  const document = openToml(text);
  const array = arrayAt(document, path);
  if (!array) return insertIntoTomlArray(setTomlKey(text, path, []), path, { index, value });
  const item = formatTomlValue(value);
  if (array.elements.length === 0) return splice(text, array.range, emptyWith(document, array, item));
  const next = array.elements[index];
  if (!next) return appendToTomlArray(text, path, value);
  const [start] = next.range;
  const indent = indentOf(text, next);
  const before = array.elements[index - 1]?.range[1] ?? array.range[0];
  if (indent === undefined || !text.slice(before, start).includes("\n"))
    return splice(text, [start, start], `${item}, `);
  const at = startWithComments(text, start, before);
  return splice(text, [at, at], `${indent}${item},${document.newline}`);
}

/** Start of an item's line, or of the comment lines directly above it that begin behind `limit`. */
function startWithComments(text: string, item: number, limit: number): number {
  let at = lineStart(text, item);
  for (;;) {
    const above = lineStart(text, at - 1);
    if (at === 0 || above <= limit || !text.slice(above, at).trimStart().startsWith("#")) return at;
    at = above;
  }
}

/**
 * The text with `value` in place of item `index` of the array at `path`; a text keeps the quotes of the one it replaces where
 * it can. Throws `InvalidSyntax` when `path` is no array; `RangeError` when it has no such item.
 */
export function replaceInTomlArray(text: string, path: TomlPath, { index, value }: TomlItem): string {
  const item = itemAt(openToml(text), path, index);
  return splice(text, item.range, replacement(item, value));
}

/**
 * The text without item `index` of the array at `path`: its line where it has one of its own, with the comment behind it.
 * Throws `InvalidSyntax` when `path` is no array; `RangeError` when it has no such item.
 */
export function removeFromTomlArray(text: string, path: TomlPath, index: number): string {
  const document = openToml(text);
  const item = itemAt(document, path, index);
  const array = arrayAt(document, path) as AST.TOMLArray;
  const rest = text.slice(array.range[0] + 1, item.range[0]) + text.slice(item.range[1], array.range[1] - 1);
  if (array.elements.length === 1 && rest.replace(",", "").trim() === "") return splice(text, array.range, "[]");
  const comma = commaBehind(document, item, array);
  const end = comma === undefined ? item.range[1] : comma + 1;
  const isOwnLine =
    text.slice(lineStart(text, item.range[0]), item.range[0]).trim() === "" &&
    /^[ \t]*(?:#[^\n]*)?\r?$/.test(text.slice(end, nextLine(text, end)).replace(/\n$/, ""));
  if (isOwnLine) return splice(text, [lineStart(text, item.range[0]), nextLine(text, end)], "");
  return splice(text, partOfLine(document, array, { index, end: endWithComment(document, array, { item, end }) }), "");
}

/** The end of an item that has its line's end to itself, with the comment there: it is about nothing else. */
function endWithComment(
  { text, comments }: TomlDocument,
  { elements, range }: AST.TOMLArray,
  { item, end }: { readonly item: AST.TOMLContentNode; readonly end: number },
): number {
  const from = lineStart(text, item.range[0]);
  const isShared = elements.some(
    (other) => other !== item && other.range[1] > from && other.range[0] < lineEnd(text, end),
  );
  const comment = comments.find(([start, to]) => start >= end && to < range[1] && text.slice(end, start).trim() === "");
  return isShared || !comment || text.slice(end, comment[0]).includes("\n") ? end : comment[1];
}

/** An item that shares its line, with the comma and blanks that part it from a neighbour on that line. */
function partOfLine(
  { text, comments }: TomlDocument,
  { elements }: AST.TOMLArray,
  at: { index: number; end: number },
): Span {
  const [start, bare] = (elements[at.index] as AST.TOMLContentNode).range;
  const next = elements[at.index + 1];
  const before = elements[at.index - 1];
  if (next && !text.slice(at.end, next.range[0]).includes("\n")) return [start, next.range[0]];
  const line = lineStart(text, start);
  // The comma stands in front where others put it behind: the whole line goes.
  const hasOwnComma = /^[ \t]*,[ \t]*$/.test(text.slice(line, start));
  if (before && !next && hasOwnComma && text.slice(at.end, lineEnd(text, at.end)).trim() === "")
    return [line, nextLine(text, at.end)];
  const isCommented = comments.some(([from]) => before && from > before.range[1] && from < start);
  if (before && !next && !isCommented) return [before.range[1], bare];
  const blanks = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return [start - blanks, at.end];
}

/** The values of the array at `path`, undefined when it is not there. Throws `InvalidSyntax` when it is no array. */
export function itemsOfTomlArray(text: string, path: TomlPath): readonly string[] | undefined {
  const array = arrayAt(openToml(text), path);
  return array?.elements.map((item) =>
    item.type === "TOMLValue" && item.kind === "string" ? item.value : text.slice(...item.range),
  );
}

function itemAt(document: TomlDocument, path: TomlPath, index: number): AST.TOMLContentNode {
  const array = arrayAt(document, path);
  if (!array) throw new InvalidSyntax(`\`${formatTomlKey(...path)}\` is not there`);
  const item = array.elements[index];
  if (!item) throw new RangeError(`\`${formatTomlKey(...path)}\` has no item ${index}`);
  return item;
}

function arrayAt({ entries, tables }: TomlDocument, path: TomlPath): AST.TOMLArray | undefined {
  const node = entries.find((entry) => isSamePath(entry.path, path))?.value;
  if (node?.type === "TOMLArray") return node;
  if (node === undefined && !tables.some((table) => isSamePath(table.path, path))) return undefined;
  throw new InvalidSyntax(`\`${formatTomlKey(...path)}\` is not an array`);
}

const isMultiLine = (text: string, { range, elements }: AST.TOMLArray): boolean =>
  text.slice(range[0], elements[0]?.range[0] ?? range[1]).includes("\n");

/** The comma that follows an item, before the next one or the bracket. */
function commaBehind({ commas }: TomlDocument, item: AST.TOMLContentNode, array: AST.TOMLArray): number | undefined {
  const next = array.elements.find(({ range }) => range[0] > item.range[0]);
  return commas.find((at) => at >= item.range[1] && at < (next ?? { range: [array.range[1]] }).range[0]);
}

/** What stands before an item, when it is blank up to the start of the line. */
function indentOf(text: string, { range }: AST.TOMLContentNode): string | undefined {
  const before = text.slice(lineStart(text, range[0]), range[0]);
  return before.trim() === "" ? before : undefined;
}

/** The first item: on a line of its own as the other arrays of the file have it, comments between the brackets kept. */
function emptyWith(document: TomlDocument, array: AST.TOMLArray, item: string): string {
  const { text, newline, entries } = document;
  const { range } = array;
  const inside = text.slice(range[0] + 1, range[1] - 1);
  const isInBraces = entries.some(({ value, inline }) => value === array && inline !== undefined);
  if (isInBraces && !inside.includes("\n")) return `[${item}]`;
  const outer = /^[ \t]*/.exec(text.slice(lineStart(text, inside.includes("\n") ? range[1] - 1 : range[0])))?.[0] ?? "";
  return `[${inside.trimEnd()}${newline}${outer}${usualIndent(document)}${item},${newline}${outer}]`;
}

/** By how much the items of the first array with lines of their own stand in from it; four blanks where there is none. */
function usualIndent({ text, entries }: TomlDocument): string {
  for (const { value } of entries) {
    if (value.type !== "TOMLArray" || value.elements.length === 0 || !isMultiLine(text, value)) continue;
    const indent = indentOf(text, value.elements[0] as AST.TOMLContentNode);
    const outer = /^[ \t]*/.exec(text.slice(lineStart(text, value.range[0])))?.[0] ?? "";
    if (indent?.startsWith(outer) && indent.length > outer.length) return indent.slice(outer.length);
  }
  return "    ";
}
