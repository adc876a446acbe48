import { parse, TomlError } from "smol-toml";
import { type ErrorDetail, InvalidSyntax, PybunError } from "../error.ts";
import { tomlFault } from "../toml-fault.ts";
import { tomlLine } from "../toml-line.ts";

export type Table = Readonly<Record<string, unknown>>;

/** A TOML text that was read, and where things stand in it. */
export interface ProjectText {
  /** Absolute. */
  readonly file: string;
  /** As messages name it: relative to the current folder where it lies in there. */
  readonly shown: string;
  readonly text: string;
  readonly table: Table;
}

export const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Reads a pyproject.toml's text. Throws `E_PROJECT_INVALID` with the line when it is not TOML. */
export function openProjectText(
  text: string,
  { file, shown }: { readonly file: string; readonly shown: string },
): ProjectText {
  try {
    return { file, shown, text, table: parse(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { words, detail } = tomlFault(text, error);
    throw new PybunError("E_PROJECT_INVALID", shown + words, { file: shown, ...detail });
  }
}

/** `E_PROJECT_INVALID` about what stands at a dotted key. `item` is a text inside its value, to find the exact line by. */
export function invalidAt(
  source: ProjectText,
  at: { readonly key: readonly string[]; readonly item?: string; readonly hint?: string },
  fault: string,
): PybunError {
  const line = lineOfItem(source, at.key, at.item);
  const detail: ErrorDetail = {
    file: source.shown,
    ...(line !== undefined && { line }),
    ...(at.hint !== undefined && { hints: [at.hint] }),
  };
  const where = line === undefined ? source.shown : `${source.shown}:${line}`;
  return new PybunError("E_PROJECT_INVALID", `${where} ${fault}`, detail);
}

/** Runs a parser of `plugin-api/python`; what it refuses is told with the place. Throws `E_PROJECT_INVALID`. */
export function placed<T>(source: ProjectText, at: Parameters<typeof invalidAt>[1], parseIt: () => T): T {
  try {
    return parseIt();
  } catch (error) {
    if (error instanceof InvalidSyntax) throw invalidAt(source, at, error.message);
    throw error;
  }
}

/** The line of a text inside the value of a key; of the key itself where the text is written with escapes. */
export function lineOfItem({ text }: ProjectText, key: readonly string[], item?: string): number | undefined {
  const start = tomlLine(text, key);
  if (start === undefined || item === undefined) return start;
  const lines = text.split("\n");
  const found = lines.findIndex((line, index) => index >= start - 1 && holds(line, item));
  return found < 0 ? start : found + 1;
}

const holds = (line: string, item: string): boolean => line.includes(`"${item}"`) || line.includes(`'${item}'`);

/**
 * Finds the lines of texts that are asked for in the order they stand in the file: one pass for a whole list, where
 * `lineOfItem` would start over for each. Falls back to the line of the key.
 */
export function lineFinder(source: ProjectText, key: readonly string[]): (item: string) => number | undefined {
  const { text } = source;
  const first = tomlLine(text, key);
  let line = first ?? 1;
  let start = offsetOf(text, line);
  let from = start;
  return (item) => {
    const offsets = [`"${item}"`, `'${item}'`]
      .map((quoted) => text.indexOf(quoted, from))
      .filter((offset) => offset >= 0);
    if (first === undefined || offsets.length === 0) return first;
    const found = Math.min(...offsets);
    for (let end = text.indexOf("\n", start); end >= 0 && end < found; end = text.indexOf("\n", start)) {
      line++;
      start = end + 1;
    }
    from = found + item.length;
    return line;
  };
}

/** Where a line begins. */
function offsetOf(text: string, line: number): number {
  let offset = 0;
  for (let at = 1; at < line; at++) offset = text.indexOf("\n", offset) + 1;
  return offset;
}
