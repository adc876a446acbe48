import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { DistributionMetadata } from "../../plugin-api/model/distribution.ts";
import { encodeDependencies, openDependencies } from "../../plugin-api/page/dependency-table.ts";
import { type CoreMetadata, parseCoreMetadata } from "../../plugin-api/python/core-metadata.ts";
import type { SourceMetadata } from "../../plugin-api/python/source-metadata.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";

/** Reads METADATA or PKG-INFO. Throws `E_METADATA`. */
export const parseMetadata = (text: string | Uint8Array, filename: string): CoreMetadata =>
  explained(filename, () => parseCoreMetadata(text));

/** Runs a parser; what it dislikes is the file's fault (`E_METADATA`). */
export function explained<T>(filename: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw new PybunError("E_METADATA", `\`${filename}\` can't be used: ${error.message}`, {
      context: { file: filename },
      cause: error,
    });
  }
}

export const tableOf = ({ name, version, ...rest }: SourceMetadata): DistributionMetadata => ({
  name,
  version,
  requiresPython: rest.requiresPython,
  dependencies: openDependencies(encodeDependencies(rest.requiresDist, rest.providesExtra)),
});

/** Sources that can't ask their version control system tell a local version or none: only the public part counts. */
export const isSameVersion = (a: string, b: string): boolean =>
  versionKey(a) === versionKey(b) || versionKey(a.replace(/\+.*/, "")) === versionKey(b.replace(/\+.*/, ""));
