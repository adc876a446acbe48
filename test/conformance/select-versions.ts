import type { MarkerEnvironment } from "../../plugin-api/model/interpreter.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import type { Extra } from "../../plugin-api/model/requirement.ts";
import { evaluateMarker, markerOf, parseMarker } from "../../plugin-api/python/marker.ts";
import { assumeExtra } from "../../plugin-api/python/marker-extra.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";

export interface Choice {
  readonly extras?: readonly string[];
  readonly groups?: readonly string[];
}

/**
 * Version by name of all that a lock installs in an environment, found by following its edges. Throws where that gives a
 * package in two versions. Written apart from what the product selects by, so that it can judge both.
 */
export function selectVersions(
  { packages, roots }: Lock,
  environment: MarkerEnvironment,
  { extras = [], groups = [] }: Choice = {},
): Readonly<Record<string, string>> {
  const holds = (marker: string, extra: string): boolean => {
    if (marker === "") return true;
    const rest = assumeExtra(parseMarker(marker).expression, extra);
    if (typeof rest === "boolean") return rest;
    return evaluateMarker(markerOf(rest), environment, { extras, dependencyGroups: groups });
  };
  const selected = new Map<string, string>();
  const seen = new Set<string>();
  const open: (readonly [index: number, extra: Extra | ""])[] = [];
  const visit = (to: number, wanted: readonly Extra[]): void => {
    const { name, version } = packages[to]!;
    if ((selected.get(name) ?? version) !== version) throw new Error(`${name} is in the lock twice`);
    selected.set(name, version);
    for (const extra of ["" as const, ...wanted]) {
      if (seen.has(`${to} ${extra}`)) continue;
      seen.add(`${to} ${extra}`);
      open.push([to, extra]);
    }
  };
  for (const { owner, marker, to, requirement } of roots) {
    const isChosen =
      owner.kind === "optional"
        ? extras.includes(owner.name)
        : owner.kind === "group"
          ? groups.includes(owner.name)
          : true;
    if (isChosen && holds(marker, "")) visit(to, extrasOf(requirement));
  }
  for (let next = open.pop(); next; next = open.pop()) {
    const [from, extra] = next;
    for (const edge of packages[from]!.dependencies) if (holds(edge.marker, extra)) visit(edge.to, edge.extras);
  }
  return Object.fromEntries([...selected].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const extrasOf = (requirement: string): readonly Extra[] => parseRequirement(requirement).extras;
