import { formatTomlValue } from "../toml-value.ts";
import type { DxNode } from "./layout.ts";

// oxlint-disable-next-line no-control-regex -- what a literal string can't hold
const NOT_LITERAL = /['\u0000-\u0008\u000a-\u001f\u007f]/;
// oxlint-disable-next-line no-control-regex -- as above, line feeds apart
const NOT_LITERAL_LINES = /'''|'$|[\u0000-\u0008\u000b-\u001f\u007f]/;

/** The usual text of a scalar in its style; a string that its style can't hold becomes a basic one. */
export function lexeme({ type, style, text }: Pick<DxNode, "type" | "style" | "text">): string {
  if (type !== "string") return text;
  if (style === "literal" && !NOT_LITERAL.test(text)) return `'${text}'`;
  if (style === "multi-line literal" && !NOT_LITERAL_LINES.test(text)) return `'''\n${text}'''`;
  if (style === "multi-line basic") return `"""\n${multiLine(text)}"""`;
  return formatTomlValue(text);
}

/** Escaped as a basic string, with line feeds as they are. */
const multiLine = (text: string): string =>
  formatTomlValue(text)
    .slice(1, -1)
    .replaceAll(/\\(.)/g, (pair, escaped) => (escaped === "n" ? "\n" : pair));

const DATE = String.raw`\d{4}-\d\d-\d\d`;
const TIME = String.raw`\d\d:\d\d:\d\d(?:\.\d+)?`;
const LITERALS: Readonly<Record<string, RegExp>> = {
  decimal: /^[+-]?(?:0|[1-9](?:_?\d)*)$/,
  hexadecimal: /^0x[\da-fA-F](?:_?[\da-fA-F])*$/,
  octal: /^0o[0-7](?:_?[0-7])*$/,
  binary: /^0b[01](?:_?[01])*$/,
  float: /^[+-]?(?:inf|nan|(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|[eE][+-]?\d(?:_?\d)*))$/,
  boolean: /^(?:true|false)$/,
  "offset date-time": new RegExp(`^${DATE}[Tt ]${TIME}(?:[Zz]|[+-]\\d\\d:\\d\\d)$`),
  "local date-time": new RegExp(`^${DATE}[Tt ]${TIME}$`),
  "local date": new RegExp(`^${DATE}$`),
  "local time": new RegExp(`^${TIME}$`),
};

/** Whether a literal is one of its type and style. What is no number or date to TOML is found when the text is parsed. */
export const isLiteralOf = ({ type, style, text }: Pick<DxNode, "type" | "style" | "text">): boolean =>
  type === "string" || (LITERALS[style] ?? LITERALS[type])!.test(text);
