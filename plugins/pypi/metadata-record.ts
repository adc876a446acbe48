import type { DistributionMetadata } from "../../plugin-api/model/distribution.ts";
import { encodeDependencies, openDependencies } from "../../plugin-api/page/dependency-table.ts";
import type { SourceMetadata } from "../../plugin-api/python/source-metadata.ts";

export type Kept = Pick<DistributionMetadata, "requiresPython" | "dependencies">;

/** What a resolver reads of metadata, as bytes that are opened without parsing: a line, then the dependency table. */
export const encodeMetadata = (metadata: SourceMetadata): Uint8Array => Buffer.from(packMetadata(metadata).value);

/** As `encodeMetadata`, as a text, with what `decodeMetadata` would make of it. */
export function packMetadata({ requiresPython: told, requiresDist, providesExtra }: SourceMetadata): {
  readonly value: string;
  readonly kept: Kept;
} {
  const requiresPython = told.includes("\n") ? told.replaceAll("\n", " ") : told;
  const { table, dependencies } = tableOf(requiresDist, providesExtra);
  return { value: `${requiresPython}\n${table}`, kept: { requiresPython, dependencies } };
}

interface Table {
  readonly table: string;
  readonly dependencies: Kept["dependencies"];
}
/** As many as a process keeps metadata of. */
const MOST_TABLES = 5000;
/** By all that makes them: release after release mostly requires the same, in the same words. */
const tables = new Map<string, Table>();

function tableOf(requiresDist: readonly string[], providesExtra: readonly string[]): Table {
  // None of them has a line break, but for such as are malformed anyway.
  const key = `${requiresDist.length} ${requiresDist.join("\n")}\n${providesExtra.join("\n")}`;
  let known = tables.get(key);
  if (!known) {
    const table = encodeDependencies(requiresDist, providesExtra);
    known = { table, dependencies: openDependencies(table) };
    if (tables.size >= MOST_TABLES) tables.clear();
    tables.set(key, known);
  }
  return known;
}

export function decodeMetadata(value: Uint8Array): Kept {
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  const end = text.indexOf("\n");
  return { requiresPython: text.slice(0, end), dependencies: openDependencies(text.slice(end + 1)) };
}
