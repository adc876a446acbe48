import { InvalidSyntax, PybunError } from "../error.ts";
import { type CoreMetadata, parseCoreMetadata } from "../python/core-metadata.ts";
import { parseRequirement } from "../python/requirement.ts";
import type { DppDependencies } from "./parts.ts";

/** Reads METADATA, with its `Requires-Dist` and `Provides-Extra`. `file` is whose it is, for messages. Throws `E_METADATA`. */
export function dependenciesIn(metadata: Uint8Array, file: string): DppDependencies & { readonly core: CoreMetadata } {
  try {
    const core = parseCoreMetadata(metadata);
    return { core, requirements: core.requiresDist.map(parseRequirement), extras: core.providesExtra };
  } catch (cause) {
    if (!(cause instanceof InvalidSyntax)) throw cause;
    throw new PybunError("E_METADATA", `the METADATA of \`${file}\` can't be used: ${cause.message}`, { cause });
  }
}
