import { parse, TomlError } from "smol-toml";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { TomlPath } from "../../plugin-api/toml-document.ts";
import { readText } from "./files.ts";

/** A file's values; undefined where there is none. Throws `E_CONFIG_INVALID`. */
export function readTable(file: string): unknown {
  const text = readText(file);
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TomlError) throw notToml(file, error.line, error);
    throw error;
  }
}

/** What a path leads to inside values. */
export const valueAt = (values: unknown, path: TomlPath): unknown =>
  path.reduce<unknown>(
    (at, part) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[part] : undefined),
    values,
  );

/** An edit of a file's text; what the editor refuses is told with the file's name. Throws `E_CONFIG_INVALID`. */
export function editing(file: string, text: string, edit: (text: string) => string): string {
  try {
    return edit(text);
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    if (error.position !== undefined) throw notToml(file, text.slice(0, error.position).split("\n").length, error);
    throw new PybunError("E_CONFIG_INVALID", `${file}: ${error.message}`, { file, cause: error });
  }
}

const notToml = (file: string, line: number, cause: Error): PybunError =>
  new PybunError("E_CONFIG_INVALID", `${file}:${line} is not TOML`, { file, line, cause });
