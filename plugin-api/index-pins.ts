import { InvalidSyntax, PybunError } from "./error.ts";
import type { IndexPin } from "./model/requirement.ts";
import { parseMarker } from "./python/marker.ts";
import { normalizeName } from "./python/package-name.ts";

/**
 * The indexes that packages are to come from, as the setting `sources` has it (`sources.<name> = { index = "…" }`, or a list of
 * such). Entries of other kinds are passed over, and those that hold for an extra or a group of a project: they say
 * nothing of the package as such. Throws `E_CONFIG_INVALID` for a marker that is none.
 */
export function readIndexPins(sources: unknown): readonly IndexPin[] {
  return Object.entries(isTable(sources) ? sources : {}).flatMap(([written, entry]) => {
    const name = normalizeName(written);
    const entries = (Array.isArray(entry) ? entry : [entry]).filter(isTable);
    return entries.flatMap(({ index, marker, extra, group }) =>
      typeof index === "string" && extra === undefined && group === undefined
        ? [{ name, index, marker: typeof marker === "string" ? canonical(marker, written) : "" }]
        : [],
    );
  });
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function canonical(marker: string, name: string): string {
  try {
    return parseMarker(marker).text;
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw new PybunError("E_CONFIG_INVALID", `the source of \`${name}\` has a marker that is none: ${error.message}`, {
      context: { key: "sources", package: name },
    });
  }
}
