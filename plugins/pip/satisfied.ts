import { PybunError } from "../../plugin-api/error.ts";
import type { DependencyTable } from "../../plugin-api/model/distribution.ts";
import type { MarkerEnvironment } from "../../plugin-api/model/interpreter.ts";
import type { Demand, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import { metadataTable, parseMetadata } from "../../plugin-api/page/metadata-table.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import { parseSpecifier, satisfies } from "../../plugin-api/python/specifier.ts";
import { type Distribution, metadataText } from "./distributions.ts";

/** A requirement that something installed meets. */
export interface Satisfied {
  readonly text: string;
  readonly distribution: Distribution;
  /** Who requires it, outermost first; empty where it was asked for. */
  readonly chain: readonly string[];
}

export interface Asking {
  readonly demands: readonly Demand[];
  readonly constraints: readonly Demand[];
  readonly markers: MarkerEnvironment;
  readonly ignoresDependencies: boolean;
}

/**
 * Whether all that is asked for, and all that requires, is installed already: then nothing has to be looked up anywhere. Gives
 * what was looked at, or undefined where something is missing, does not fit, or comes from a URL.
 */
export function satisfiedBy(
  installed: ReadonlyMap<PackageName, Distribution>,
  { demands, constraints, markers, ignoresDependencies }: Asking,
): readonly Satisfied[] | undefined {
  const found: Satisfied[] = [];
  const seen = new Set<string>();
  const limits = constraints.filter(({ requirement }) => evaluateMarker(requirement.marker, markers));
  const open: { requirement: Requirement; text: string; chain: readonly string[] }[] = demands
    .filter(({ requirement }) => evaluateMarker(requirement.marker, markers))
    .map(({ requirement, text }) => ({ requirement, text, chain: [] }));
  for (let next = open.shift(); next; next = open.shift()) {
    const { requirement, text, chain } = next;
    const distribution = installed.get(requirement.name);
    if (!distribution || !fits(requirement, distribution)) return undefined;
    if (limits.some((limit) => limit.requirement.name === requirement.name && !fits(limit.requirement, distribution)))
      return undefined;
    found.push({ text, distribution, chain });
    if (ignoresDependencies) continue;
    const table = dependenciesOf(distribution);
    if (table === undefined) return undefined;
    for (const extra of ["" as const, ...requirement.extras]) {
      const key = `${requirement.name}[${extra}]`;
      if (seen.has(key)) continue;
      seen.add(key);
      for (const each of table.requirements(extra))
        if (evaluateMarker(each.marker, markers))
          open.push({ requirement: each, text: formatRequirement(each), chain: [...chain, distribution.displayName] });
    }
  }
  return found;
}

const fits = ({ specifier, url }: Requirement, { version }: Distribution): boolean =>
  url === undefined && satisfies(parseSpecifier(specifier), version);

function dependenciesOf({ infoPath }: Distribution): DependencyTable | undefined {
  try {
    const { dependencies } = metadataTable(parseMetadata(metadataText(infoPath) ?? "", infoPath));
    return dependencies.problem === undefined ? dependencies : undefined;
  } catch (error) {
    if (error instanceof PybunError) return undefined;
    throw error;
  }
}
