import { serviceKey } from "../../plugin-api/service.ts";

/** Tables of indexes that count beside the configured ones for the rest of the run. */
export interface SupposedIndexes {
  readonly tables: { readonly name: string; readonly url: string }[];
}
export const SupposedIndexes = serviceKey<SupposedIndexes>("pypi supposed");

export default function noneSupposed(): SupposedIndexes {
  return { tables: [] };
}

/** The settings with what is supposed among their tables. */
export function withTables<T extends { readonly indexes: unknown }>(own: T, { tables }: SupposedIndexes): T {
  if (tables.length === 0) return own;
  const configured = own.indexes === undefined ? [] : Array.isArray(own.indexes) ? own.indexes : [own.indexes];
  return { ...own, indexes: [...(configured as readonly unknown[]), ...tables] };
}
