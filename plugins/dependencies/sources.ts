import { isTable, openProjectText } from "../../plugin-api/project/project-text.ts";
import { toolKey } from "../../plugin-api/project/tool-options.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { addTomlTable, setTomlKey, unsetTomlKey } from "../../plugin-api/toml-edit.ts";
import type { TomlValue } from "../../plugin-api/toml-value.ts";

/** An entry of `sources`, as `plugin-api/project/sources.ts` reads it. */
export type SourceTable = { readonly [key: string]: TomlValue };

/**
 * The text with the place that a package comes from: in the table of sources that counts, which is uv's where PyBun has none
 * of its own. Pure.
 */
export function putSource(text: string, name: string, source: SourceTable): string {
  const { key, written } = find(text, name);
  return setTomlKey(addTomlTable(text, key), [...key, written ?? name], source);
}

/** The text without the source of a package, and without the table if that was all it held. Pure. */
export function dropSource(text: string, name: string): string {
  const { key, written, count } = find(text, name);
  if (written === undefined) return text;
  return unsetTomlKey(text, count === 1 ? key : [...key, written]);
}

/** What a package's source says now; undefined where there is none. */
export const sourceOf = (text: string, name: string): unknown => find(text, name).value;

function find(text: string, name: string) {
  const { key, value } = toolKey(openProjectText(text, { file: "", shown: "pyproject.toml" }), "sources");
  const table = isTable(value) ? value : {};
  const written = Object.keys(table).find((each) => normalizeName(each) === name);
  return { key, written, count: Object.keys(table).length, value: written === undefined ? undefined : table[written] };
}
