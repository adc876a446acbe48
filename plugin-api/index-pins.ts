import { InvalidSyntax, PybunError } from "./error.ts";
import type { MarkerEnvironment } from "./model/interpreter.ts";
import type { PackageName } from "./model/requirement.ts";
import { evaluateMarker, type Marker, parseMarker } from "./python/marker.ts";
import { normalizeName } from "./python/package-name.ts";

/** Which indexes, or places of archives, packages are to come from (`sources.<name> = { index = "…" }`). */
export interface IndexPins {
  /**
   * Names of the indexes for a package in an environment, of all environments when none is given. Undefined when it is not
   * pinned there: then every index will do that is not explicit.
   */
  of(name: PackageName, environment?: MarkerEnvironment): readonly string[] | undefined;
}

interface Pin {
  readonly index: string;
  readonly marker: Marker | undefined;
}

/** Reads the setting `sources`; entries of other kinds are passed over. Throws `E_CONFIG_INVALID` for a marker that is none. */
export function indexPins(sources: unknown): IndexPins {
  const pins = new Map<PackageName, readonly Pin[]>();
  for (const [name, entry] of Object.entries(isTable(sources) ? sources : {})) {
    const entries = (Array.isArray(entry) ? entry : [entry]).filter(isTable);
    // What holds for an extra or group of a project says nothing of the package as such.
    const own = entries.flatMap(({ index, marker, extra, group }) =>
      typeof index === "string" && extra === undefined && group === undefined
        ? [{ index, marker: typeof marker === "string" ? markerOf(marker, name) : undefined }]
        : [],
    );
    if (own.length > 0) pins.set(normalizeName(name), own);
  }
  return {
    of(name, environment) {
      const holding = pins
        .get(name)
        ?.filter(({ marker }) => !marker || !environment || evaluateMarker(marker, environment));
      return holding && holding.length > 0 ? [...new Set(holding.map(({ index }) => index))] : undefined;
    },
  };
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function markerOf(text: string, name: string): Marker {
  try {
    return parseMarker(text);
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw new PybunError("E_CONFIG_INVALID", `the source of \`${name}\` has a marker that is none: ${error.message}`, {
      context: { key: "sources", package: name },
    });
  }
}
