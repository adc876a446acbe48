import { InvalidSyntax } from "../error.ts";
import type { Extra, Requirement } from "../model/requirement.ts";
import { unfold } from "../python/core-metadata.ts";
import { readHeaders } from "../python/headers.ts";
import { normalizeName } from "../python/package-name.ts";
import { parseRequirement } from "../python/requirement.ts";
import type { DppDependencies } from "./parts.ts";

/** What a record tells of a METADATA file. */
export interface RecordedMetadata {
  /** As published; empty where the field is missing. */
  readonly name: string;
  readonly version: string;
  readonly requiresPython: string;
  readonly dependencies: DppDependencies;
}

/**
 * Reads METADATA for a record. A wheel that can be unpacked has one, whatever is in it: requirements that are none are kept as the
 * texts they are, and nothing is refused.
 */
export function recordedMetadata(metadata: Uint8Array): RecordedMetadata {
  const headers = readHeaders(new TextDecoder("utf-8").decode(metadata));
  const all = (name: string): readonly string[] => (headers.get(name) ?? []).map(unfold);
  const requirements: Requirement[] = [];
  const unreadable: string[] = [];
  for (const text of all("requires-dist")) {
    const requirement = readRequirement(text);
    if (requirement === undefined) unreadable.push(text);
    else requirements.push(requirement);
  }
  const extras = all("provides-extra").map((extra) => normalizeName(extra) as string as Extra);
  const [name = "", version = "", requiresPython = ""] = ["name", "version", "requires-python"].map(
    (field) => all(field)[0],
  );
  return { name, version, requiresPython, dependencies: { requirements, extras, unreadable } };
}

function readRequirement(text: string): Requirement | undefined {
  try {
    return parseRequirement(text);
  } catch (error) {
    if (error instanceof InvalidSyntax) return undefined;
    throw error;
  }
}
