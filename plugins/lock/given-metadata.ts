import type { DistributionMetadata } from "../../plugin-api/model/distribution.ts";
import { metadataTable } from "../../plugin-api/page/metadata-table.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import type { MetadataQuery } from "../../plugin-api/stages.ts";

/** An entry of `dependency-metadata` as it is written. */
interface Given {
  readonly name: string;
  readonly version?: string;
  readonly "requires-dist"?: readonly string[];
  readonly "requires-python"?: string;
  readonly "provides-extra"?: readonly string[];
  readonly "provides-extras"?: readonly string[];
}

/** What the user states of a release, instead of what it says itself: that may take a build, or be wrong. */
export function givenMetadata(
  value: unknown,
  { name, version }: Pick<MetadataQuery, "name" | "version">,
): DistributionMetadata | undefined {
  const all = (Array.isArray(value) ? value : []) as readonly Given[];
  const isMeant = (entry: Given) =>
    typeof entry.name === "string" &&
    normalizeName(entry.name) === name &&
    (entry.version === undefined || versionKey(entry.version) === versionKey(version));
  const found = all.find(isMeant);
  if (!found) return undefined;
  return metadataTable({
    name,
    version,
    requiresPython: found["requires-python"] ?? "",
    requiresDist: found["requires-dist"] ?? [],
    providesExtra: [...(found["provides-extra"] ?? []), ...(found["provides-extras"] ?? [])],
  });
}
