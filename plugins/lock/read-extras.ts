import type { Demand, Extra } from "../../plugin-api/model/requirement.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { parseMarker } from "../../plugin-api/python/marker.ts";
import { remains } from "../../plugin-api/python/marker-extra.ts";

/**
 * The project with its requirements where they count, as in metadata built from it (PEP 508): one whose marker names an extra
 * stands with that extra, and nowhere if the project has none of the name.
 */
export function readExtras<P extends Pyproject>(project: P): P {
  const { dependencies, optional, groups } = project;
  const all = [dependencies, ...optional.values(), ...groups.values()];
  if (!all.some((demands) => demands.some(mayNameExtra))) return project;
  return {
    ...project,
    dependencies: readFor("", dependencies),
    optional: new Map(
      [...optional].map(([extra, demands]) => [extra, [...addedBy(extra, dependencies), ...readFor(extra, demands)]]),
    ),
    groups: new Map([...groups].map(([group, demands]) => [group, readFor("", demands)])),
  };
}

/** Requirements that stand with an extra, "" for none: those that never count there are left out. */
export const readFor = (extra: Extra | "", demands: readonly Demand[]): readonly Demand[] =>
  demands.flatMap((demand) => underMarker(demand, markerFor(demand, extra)));

const addedBy = (extra: Extra, demands: readonly Demand[]): readonly Demand[] =>
  demands.filter(mayNameExtra).flatMap((demand) => {
    const marker = markerFor(demand, extra);
    return marker === markerFor(demand, "") ? [] : underMarker(demand, marker);
  });

function underMarker(demand: Demand, marker: string | undefined): readonly Demand[] {
  if (marker === undefined) return [];
  return marker === demand.requirement.marker
    ? [demand]
    : [{ ...demand, requirement: { ...demand.requirement, marker } }];
}

const mayNameExtra = ({ requirement }: Demand): boolean => requirement.marker.includes("extra");

const markerFor = (demand: Demand, extra: Extra | ""): string | undefined =>
  mayNameExtra(demand) ? remains(parseMarker(demand.requirement.marker).expression, extra) : demand.requirement.marker;
