import { InvalidSyntax, PybunError } from "../error.ts";
import type { DistributionMetadata } from "../model/distribution.ts";
import { type CoreMetadata, parseCoreMetadata } from "../python/core-metadata.ts";
import type { SourceMetadata } from "../python/source-metadata.ts";
import { versionKey } from "../python/version-key.ts";
import { encodeDependencies, openDependencies } from "./dependency-table.ts";

/** Reads METADATA or PKG-INFO (core metadata); `filename` is for messages. Throws `E_METADATA`. */
export function parseMetadata(text: string | Uint8Array, filename: string): CoreMetadata {
  try {
    return parseCoreMetadata(text);
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw new PybunError("E_METADATA", `\`${filename}\` can't be used: ${error.message}`, {
      context: { file: filename },
      cause: error,
    });
  }
}

/** What a resolution needs of a distribution, in the form in which `fetch.metadata` answers. */
export const metadataTable = ({ name, version, ...rest }: SourceMetadata): DistributionMetadata => ({
  name,
  version,
  requiresPython: rest.requiresPython,
  dependencies: openDependencies(encodeDependencies(rest.requiresDist, rest.providesExtra)),
});

/**
 * Whether two versions name one release of a source. Sources that can't ask their version control system tell a local version
 * or none: only the public part counts (PEP 440).
 */
export const isSameRelease = (a: string, b: string): boolean =>
  versionKey(a) === versionKey(b) || versionKey(a.replace(/\+.*/, "")) === versionKey(b.replace(/\+.*/, ""));
