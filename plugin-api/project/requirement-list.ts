import type { Demand } from "../model/requirement.ts";
import { parseRequirement } from "../python/requirement.ts";
import { invalidAt, isTable, lineFinder, lineOfItem, type ProjectText, placed } from "./project-text.ts";

/** A key of a TOML text, as a path. */
export type Key = readonly string[];

/** A list of texts; empty where there is none. Throws `E_PROJECT_INVALID`. */
export function textList(source: ProjectText, key: Key, value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  const hint = typeof value === "string" ? `write \`${key.at(-1)} = [${JSON.stringify(value)}]\`` : undefined;
  throw invalidAt(source, { key, ...(hint && { hint }) }, `\`${key.join(".")}\` must be a list of texts`);
}

/** A text; undefined where there is none. Throws `E_PROJECT_INVALID`. */
export function textAt(source: ProjectText, key: Key, value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw invalidAt(source, { key }, `\`${key.join(".")}\` must be a text`);
}

/** A list of requirements with the lines they stand on (PEP 508). Throws `E_PROJECT_INVALID`. */
export const demandList = (source: ProjectText, key: Key, value: unknown): readonly Demand[] =>
  demandsOf(source, key, textList(source, key, value));

/** Requirements that stand in a list at a key, or are led to from there. Throws `E_PROJECT_INVALID`. */
export function demandsOf(source: ProjectText, key: Key, texts: readonly string[]): readonly Demand[] {
  if (texts.length === 0) return [];
  const lineOf = lineFinder(source, key);
  return texts.map((text) => {
    const hint = "a name, then extras, versions and a marker: `demo[extra]>=1.2; python_version < '3.12'`";
    const requirement = placed(source, { key, item: text, hint }, () => parseRequirement(text));
    const line = lineOf(text) ?? lineOfItem(source, key);
    const { file, shown } = source;
    return line === undefined
      ? { requirement, text, origin: shown }
      : { requirement, text, origin: `${shown}:${line}`, file };
  });
}

/** A table; empty where there is none. Throws `E_PROJECT_INVALID`. */
export function tableAt(source: ProjectText, key: Key, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (isTable(value)) return value;
  throw invalidAt(source, { key }, `\`${key.join(".")}\` must be a table`);
}
