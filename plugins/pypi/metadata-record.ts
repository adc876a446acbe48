import type { DistributionMetadata } from "../../plugin-api/model/distribution.ts";
import { encodeDependencies, openDependencies } from "../../plugin-api/page/dependency-table.ts";
import type { SourceMetadata } from "../../plugin-api/python/source-metadata.ts";

type Kept = Pick<DistributionMetadata, "requiresPython" | "dependencies">;

/** What a resolver reads of metadata, as bytes that are opened without parsing: a line, then the dependency table. */
export const encodeMetadata = ({ requiresPython, requiresDist, providesExtra }: SourceMetadata): Uint8Array =>
  Buffer.from(`${requiresPython.replaceAll("\n", " ")}\n${encodeDependencies(requiresDist, providesExtra)}`);

export function decodeMetadata(value: Uint8Array): Kept {
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  const end = text.indexOf("\n");
  return { requiresPython: text.slice(0, end), dependencies: openDependencies(text.slice(end + 1)) };
}
