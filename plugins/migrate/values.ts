import { isTable, type Table } from "../../plugin-api/project/project-text.ts";

/** The text at a key; undefined for anything else. */
export function textAt(table: Table, key: string): string | undefined {
  const value = table[key];
  return typeof value === "string" ? value : undefined;
}

/** The texts of a list at a key; none where there is no list. */
export function textsAt(table: Table, key: string): readonly string[] {
  const value = table[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The tables of a list at a key. */
export function tablesAt(table: Table, key: string): readonly Table[] {
  const value = table[key];
  return Array.isArray(value) ? value.filter(isTable) : [];
}

/** The table at a path; an empty one where there is none. */
export function tableAt(table: Table, ...path: readonly string[]): Table {
  const found = path.reduce<unknown>((at, part) => (isTable(at) ? at[part] : undefined), table);
  return isTable(found) ? found : {};
}
