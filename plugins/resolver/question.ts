import type { Demand, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import type { Request } from "../../plugin-api/model/resolution.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import { parseSpecifier } from "../../plugin-api/python/specifier.ts";
import { generalPolicy, type PackagePolicy } from "./candidates.ts";

/** A request, as far as it concerns the target: what does not apply there is left out, overrides are carried out. */
export interface Question {
  readonly request: Request;
  /** What to solve for, and the demand of the user's each stems from. */
  readonly roots: readonly { readonly requirement: Requirement; readonly demand: Demand }[];
  readonly constraints: readonly Demand[];
  /** Requirements as they count: replaced where the user overrides them, left out where they do not apply. */
  effective(requirements: readonly Requirement[]): readonly Requirement[];
  /** The URL that a direct requirement or constraint gives for the package. */
  directUrl(name: PackageName): string | undefined;
  policyFor(name: PackageName): PackagePolicy;
}

export function questionOf(request: Request): Question {
  const { markers } = request.target;
  const applies = ({ requirement }: Demand): boolean => evaluateMarker(requirement.marker, markers);
  const constraints = (request.constraints ?? []).filter(applies);
  const overridden = groupByName(request.overrides ?? []);

  const effective = (requirements: readonly Requirement[]): readonly Requirement[] => {
    const list = requirements.filter(({ marker }) => marker === "" || evaluateMarker(marker, markers));
    if (overridden.size === 0) return list;
    return list.flatMap((requirement) => {
      const overrides = overridden.get(requirement.name);
      return overrides ? overrides.filter(applies).map((one) => replace(requirement, one.requirement)) : [requirement];
    });
  };
  const roots = request.demands.flatMap((demand) =>
    effective([demand.requirement]).map((requirement) => ({ requirement, demand })),
  );
  const own = [
    ...roots.map((root) => root.requirement),
    ...[...constraints, ...(request.overrides ?? []).filter(applies)].map((demand) => demand.requirement),
  ];
  const urls = new Map<PackageName, string>();
  for (const { name, url } of own) if (url !== undefined && !urls.has(name)) urls.set(name, url);
  const direct = new Set(roots.map(({ requirement }) => requirement.name));
  const directUrl = (name: PackageName) => urls.get(name);
  const { noBuild, noBinary } = request.policy;
  const special = new Set<string>([
    ...own.map(({ name }) => name),
    ...noBuild,
    ...noBinary,
    ...(request.preferences?.keys() ?? []),
  ]);
  const usual = policyOf({ request, name: "" as PackageName, own: [], isDirect: false });
  const policyFor = (name: PackageName): PackagePolicy =>
    special.has(name)
      ? policyOf({ request, name, own: own.filter((one) => one.name === name), isDirect: direct.has(name) })
      : usual;
  return { request, roots, constraints, effective, directUrl, policyFor };
}

/** An override says which versions, and may add extras; those that were asked for remain. */
function replace(requirement: Requirement, override: Requirement): Requirement {
  const extras = [...new Set([...requirement.extras, ...override.extras])].sort();
  return { ...override, extras, marker: "" };
}

interface PolicyInput {
  readonly request: Request;
  readonly name: PackageName;
  /** What the user says of the package: demands, constraints, overrides. */
  readonly own: readonly Requirement[];
  readonly isDirect: boolean;
}

function policyOf({ request, name, own, isDirect }: PolicyInput): PackagePolicy {
  const { policy, preferences } = request;
  const specifiers = own.map(({ specifier }) => specifier).filter((specifier) => specifier !== "");
  const url = own.find((requirement) => requirement.url !== undefined)?.url;
  const namesPrerelease = specifiers.some((specifier) => parseSpecifier(specifier).namesPrerelease);
  const isExcluded = policy.prerelease === "disallow" || (policy.prerelease === "explicit" && !namesPrerelease);
  return {
    ...generalPolicy(policy, name),
    isLowest: policy.resolution === "lowest" || (policy.resolution === "lowest-direct" && isDirect),
    prerelease: url !== undefined || policy.prerelease === "allow" ? "equal" : isExcluded ? "never" : "last",
    pins: specifiers.filter((specifier) => parseSpecifier(specifier).isPinned),
    preferred: preferences?.get(name),
    url,
  };
}

function groupByName(demands: readonly Demand[]): ReadonlyMap<PackageName, readonly Demand[]> {
  const groups = new Map<PackageName, Demand[]>();
  for (const demand of demands) {
    const group = groups.get(demand.requirement.name);
    if (group) group.push(demand);
    else groups.set(demand.requirement.name, [demand]);
  }
  return groups;
}
