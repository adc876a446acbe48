import type { Requirement } from "../model/requirement.ts";
import { parseMarker } from "../python/marker.ts";
import { formatMarkerSet, markerSet, NEVER, not, or } from "../python/marker-algebra.ts";
import type { DeclaredSource } from "./sources.ts";

/**
 * A requirement with the places its project gives for it (`sources.<name>`): one for each source where that holds, and one
 * without where none does. `urlOf` says where a source leads, undefined for an index. A place does not say that what is there
 * will do, so what the requirement says of versions is asked for beside it. Pure but for `urlOf`, whose errors it throws.
 */
export function applySources(
  requirement: Requirement,
  sources: readonly DeclaredSource[],
  urlOf: (source: DeclaredSource) => string | undefined,
): readonly Requirement[] {
  const placed = sources.flatMap((source) => placedAt(narrowed(requirement, source.marker), source, urlOf(source)));
  if (sources.some(({ marker }) => marker === "")) return placed;
  const rest = not(or(...sources.map(({ marker }) => markerSet(marker))));
  return rest === NEVER ? placed : [...placed, narrowed(requirement, formatMarkerSet(rest))];
}

/** A requirement that leads to a URL, and the same without: it says which versions the project there may have. */
export function atUrl(requirement: Requirement, url: string): readonly Requirement[] {
  const { name, extras, specifier, marker } = requirement;
  const there: Requirement = { name, extras, specifier: "", marker, url };
  return specifier === "" ? [there] : [there, { name, extras: [], specifier, marker }];
}

/** The requirement under one more condition (PEP 508). */
export function narrowed(requirement: Requirement, marker: string): Requirement {
  if (marker === "") return requirement;
  const both = requirement.marker === "" ? marker : `(${requirement.marker}) and (${marker})`;
  return { ...requirement, marker: parseMarker(both).text };
}

function placedAt(requirement: Requirement, source: DeclaredSource, url: string | undefined): readonly Requirement[] {
  if (url !== undefined) return atUrl(requirement, url);
  return source.kind === "index" ? [{ ...requirement, index: source.index }] : [requirement];
}
