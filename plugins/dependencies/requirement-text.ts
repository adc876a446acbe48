import type { Requirement } from "../../plugin-api/model/requirement.ts";
import { formatRequirement, parseRequirement } from "../../plugin-api/python/requirement.ts";
import { readableSpecifier } from "../../plugin-api/text/readable-specifier.ts";

/** A requirement as it stands in a file: markers in single quotes, since the text itself stands in double ones; lower bounds first. */
export function requirementText(requirement: Requirement): string {
  const { marker } = requirement;
  const quoted = marker.includes("'") ? marker : marker.replaceAll('"', "'");
  return formatRequirement({ ...requirement, specifier: readableSpecifier(requirement.specifier), marker: quoted });
}

/**
 * A declared requirement with what is asked for now: its extras and those, the versions now asked for where any are, the place
 * where one is named. What the declared one says beside that stays, its spelling of the name too.
 */
export function mergedText(declared: string, asked: Requirement, isPlacedElsewhere: boolean): string {
  const old = parseRequirement(declared);
  const extras = [...new Set([...old.extras, ...asked.extras])].sort();
  const isAnew = asked.specifier !== "" || asked.url !== undefined || isPlacedElsewhere;
  const { url, ...rest } = old;
  const place = isAnew ? asked.url : url;
  const specifier = asked.specifier === "" && asked.url === undefined ? old.specifier : asked.specifier;
  const merged: Requirement = { ...rest, extras, specifier, ...(place !== undefined && { url: place }) };
  if (requirementText(merged) === requirementText(old)) return declared;
  const [, written = old.name] = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(declared) ?? [];
  return requirementText(merged).replace(/^[a-z0-9-]+/, written);
}
