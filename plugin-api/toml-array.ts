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
import { setTomlKey } from "./toml-edit.ts";
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
  if (!last) return splice(text, array.range, emptyWith(document, array, item));
  const comma = commaBehind(document, last, array);
  if (!isMultiLine(text, array)) {
    if (comma === undefined) return splice(text, [last.range[1], last.range[1]], `, ${item}`);
    return splice(text, [comma, comma + 1], `, ${item},`);
  }
  const indent = indentOf(text, last) ?? indentOf(text, array.elements[0] as AST.TOMLContentNode) ?? "";
  const at = lineEnd(text, comma ?? last.range[1]);
  const line = `${document.newline}${indent}${item}${comma === undefined ? "" : ","}`;
  const withLine = splice(text, [at, at], line);
  return comma === undefined ? splice(withLine, [last.range[1], last.range[1]], ",") : withLine;
}

/**
 * The text without item `index` of the array at `path`: its line where it has one of its own, with the comment behind it.
 * Throws `InvalidSyntax` when `path` is no array; `RangeError` when it has no such item.
 */
export function removeFromTomlArray(text: string, path: TomlPath, index: number): string {
  const document = openToml(text);
  const array = arrayAt(document, path);
  if (!array) throw new InvalidSyntax(`\`${formatTomlKey(...path)}\` is not there`);
  const item = array.elements[index];
  if (!item) throw new RangeError(`\`${formatTomlKey(...path)}\` has no item ${index}`);
  const comma = commaBehind(document, item, array);
  const end = comma === undefined ? item.range[1] : comma + 1;
  const isOwnLine =
    text.slice(lineStart(text, item.range[0]), item.range[0]).trim() === "" &&
    /^[ \t]*(?:#[^\n]*)?\r?$/.test(text.slice(end, nextLine(text, end)).replace(/\n$/, ""));
  if (isOwnLine) return splice(text, [lineStart(text, item.range[0]), nextLine(text, end)], "");
  return splice(text, partOfLine(document, array, { index, end }), "");
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

/** The first item: on a line of its own where the brackets stand on two, comments between them kept. */
function emptyWith({ text, newline }: TomlDocument, { range }: AST.TOMLArray, item: string): string {
  const inside = text.slice(range[0] + 1, range[1] - 1);
  if (!inside.includes("\n")) return `[${item}]`;
  const outer = /^[ \t]*/.exec(text.slice(lineStart(text, range[1] - 1)))?.[0] ?? "";
  return `[${inside.trimEnd()}${newline}${outer}    ${item},${newline}${outer}]`;
}
