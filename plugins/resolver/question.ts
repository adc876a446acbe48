import { PybunError } from "../../plugin-api/error.ts";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Demand, Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import type { Request, ResolutionPolicy } from "../../plugin-api/model/resolution.ts";
import { evaluateMarker } from "../../plugin-api/python/marker.ts";
import { parseSpecifier } from "../../plugin-api/python/specifier.ts";
import { type Candidates, generalPolicy, type PackagePolicy } from "./candidates.ts";
import { type Fit, fitOf } from "./fit.ts";
import { withoutExtras } from "./override-extras.ts";
import type { Ranks } from "./ranks.ts";

/** What is asked, and where: an environment, or a region of them. */
export interface Terms {
  readonly demands: readonly Demand[];
  readonly constraints: readonly Demand[];
  readonly overrides: readonly Demand[];
  /** Names that count as required by nobody. */
  readonly exclusions: ReadonlySet<PackageName>;
  /** The index that the package has to come from, whoever requires it. */
  pinnedIndex(name: PackageName): string | undefined;
  readonly policy: ResolutionPolicy;
  readonly fit: Fit;
  readonly build: Pick<Request, "interpreter">;
  /** Whether a requirement with this marker counts. */
  applies(marker: string): boolean;
  /** Versions to keep if they fit, best first; `index`: where the package has to come from. */
  preferred(name: PackageName, index: string | undefined): readonly string[];
  /** Names with preferences. */
  readonly preferring: readonly PackageName[];
  /** Versions that lack a wheel for a required environment, each with its marker. */
  readonly lacking?: ReadonlyMap<PackageName, ReadonlyMap<string, string>>;
  /** Packages of which nothing else does but releases whose wheels are for newer Pythons alone. */
  readonly newerWheels?: ReadonlySet<PackageName>;
  /** The answer is for more than one environment. */
  readonly isUniversal?: boolean;
  readonly divider?: Divider;
  readonly present?: Request["present"];
  readonly hashes?: Request["hashes"];
}

/** Says where one answer will not do for all environments that are asked about. */
export interface Divider {
  /** As `Universe.choose`. */
  choose(candidates: Candidates, among: Ranks): number;
  /** As `Universe.isDivided`; `requirements` gives those of the base or of an extra. */
  isDivided(name: PackageName, requirements: (extra: Extra | "") => readonly Requirement[], extra: Extra | ""): boolean;
}

/** A request, as far as it concerns a place: what does not apply there is left out, overrides are carried out. */
export interface Question {
  readonly fit: Fit;
  readonly policy: ResolutionPolicy;
  /** What builds run with, where metadata takes one. */
  readonly build: Pick<Request, "interpreter">;
  readonly divider: Divider | undefined;
  /** What to solve for, and the demand of the user's each stems from. */
  readonly roots: readonly { readonly requirement: Requirement; readonly demand: Demand }[];
  readonly constraints: readonly Demand[];
  /** What takes the place of every requirement of the package. */
  overridesOf(name: PackageName): readonly Demand[];
  /** Requirements as they count: replaced where the user overrides them, left out where they do not apply. */
  effective(requirements: readonly Requirement[]): readonly Requirement[];
  /** The URL that a direct requirement or constraint gives for the package. */
  directUrl(name: PackageName): string | undefined;
  /** The index it has to come from, if that matters. Throws `E_INDEX_CONFLICT` when there are several. */
  indexFor(name: PackageName): string | undefined;
  /** What tells the package from one of the same name from elsewhere. */
  originOf(name: PackageName): string | undefined;
  policyFor(name: PackageName): PackagePolicy;
  /** Candidates that the request brings itself. */
  present(name: PackageName): readonly VersionPage[];
  /** The version that the package is to keep if it fits. */
  keeps(name: PackageName): string | undefined;
  /** The same question with one demand in place of another. */
  instead(demand: Demand, other: Demand): Question;
}

export function questionOf(request: Request): Question {
  const { markers } = request.target;
  const { preferences, interpreter } = request;
  return ask({
    demands: request.demands,
    constraints: request.constraints ?? [],
    overrides: request.overrides ?? [],
    exclusions: new Set(),
    pinnedIndex: (name) =>
      request.indexPins?.find((pin) => pin.name === name && evaluateMarker(pin.marker, markers))?.index,
    policy: request.policy,
    fit: fitOf(request.target),
    build: interpreter ? { interpreter } : {},
    applies: (marker) => evaluateMarker(marker, markers),
    preferred(name) {
      const version = preferences?.get(name);
      return version === undefined ? [] : [version];
    },
    preferring: [...(preferences?.keys() ?? [])],
    ...(request.present && { present: request.present }),
    ...(request.hashes && { hashes: request.hashes }),
  });
}

export function ask(asked: Terms): Question {
  const terms = { ...asked, overrides: withoutExtras(asked.overrides) };
  const applies = ({ requirement }: Demand): boolean => terms.applies(requirement.marker);
  const constraints = terms.constraints.filter(applies);
  const overridden = groupByName(terms.overrides);
  const effective = effectiveUnder(terms, overridden);
  const roots = terms.demands.flatMap((demand) =>
    effective([demand.requirement]).map((requirement) => ({ requirement, demand })),
  );
  const others = [...constraints, ...terms.overrides.filter(applies)];
  const stated = [...roots, ...others.map((demand) => ({ requirement: demand.requirement, demand }))];
  const own = stated.map(({ requirement }) => requirement);
  const ownBy = Map.groupBy(own, ({ name }) => name);
  const urls = new Map<PackageName, string>();
  for (const { name, url } of own) if (url !== undefined && !urls.has(name)) urls.set(name, url);
  const statedIndex = indexesBy(stated);
  const indexFor = oncePerName((name) => statedIndex(name) ?? terms.pinnedIndex(name));
  const direct = new Set(roots.map(({ requirement }) => requirement.name));
  const { noBuild, noBinary } = terms.policy;
  const { excludeNewerPackages = {} } = terms.policy;
  const special = new Set<string>([
    ...own.map(({ name }) => name),
    ...noBuild,
    ...noBinary,
    ...Object.keys(excludeNewerPackages),
    ...(terms.policy.prereleasesOf ?? []),
    ...(terms.hashes?.keys() ?? []),
    ...(terms.lacking?.keys() ?? []),
    ...(terms.newerWheels ?? []),
  ]);
  const preferring = new Set(terms.preferring);
  const usual = policyOf({ terms, name: "" as PackageName, own: [], isDirect: false, preferred: [] });
  const preferred = (name: PackageName) => terms.preferred(name, indexFor(name));
  const policyFor = (name: PackageName): PackagePolicy => {
    if (!special.has(name)) {
      const versions = preferring.has(name) ? preferred(name) : [];
      return versions.length === 0 ? usual : { ...usual, preferred: versions };
    }
    const stated = { own: ownBy.get(name) ?? [], isDirect: direct.has(name) };
    return policyOf({ terms, name, ...stated, preferred: preferred(name) });
  };
  return {
    fit: terms.fit,
    policy: terms.policy,
    build: terms.build,
    divider: terms.divider,
    roots,
    constraints,
    overridesOf: (name) => (overridden.get(name) ?? []).filter(applies),
    effective,
    directUrl: (name) => urls.get(name),
    indexFor,
    originOf: (name) => urls.get(name) ?? indexFor(name),
    policyFor,
    present: (name) => terms.present?.filter((page) => page.name === name) ?? [],
    keeps: (name) => preferred(name)[0],
    instead: (demand, other) => ask({ ...terms, demands: terms.demands.map((one) => (one === demand ? other : one)) }),
  };
}

/** It is asked with each release. */
function oncePerName<T>(find: (name: PackageName) => T): (name: PackageName) => T {
  const known = new Map<PackageName, T>();
  return (name) => {
    if (!known.has(name)) known.set(name, find(name));
    return known.get(name) as T;
  };
}

/** Which index the requirements of the user's own name for a package. */
function indexesBy(stated: Question["roots"]): Question["indexFor"] {
  const byName = new Map<PackageName, Map<string, Demand>>();
  for (const { requirement, demand } of stated) {
    const { name, index } = requirement;
    if (index === undefined) continue;
    const indexes = byName.get(name) ?? new Map<string, Demand>();
    byName.set(name, indexes);
    if (!indexes.has(index)) indexes.set(index, demand);
  }
  return (name) => {
    const known = byName.get(name);
    if (!known) return undefined;
    const indexes = [...known];
    if (indexes.length < 2) return indexes[0]![0];
    throw new PybunError("E_INDEX_CONFLICT", `\`${name}\` is to come from two indexes at once`, {
      evidence: indexes.map(([index, { origin }]) => `\`${index}\`  for ${origin}`),
      hints: ["give each source a `marker`, or say in `conflicts` which extras or groups don't go together"],
      context: { package: name, indexes: indexes.map(([index]) => index) },
    });
  };
}

function effectiveUnder(terms: Terms, overridden: ReadonlyMap<PackageName, readonly Demand[]>): Question["effective"] {
  const { exclusions } = terms;
  return (requirements) => {
    const counts = ({ marker }: Requirement): boolean => marker === "" || terms.applies(marker);
    let list = requirements.every(counts) ? requirements : requirements.filter(counts);
    if (exclusions.size > 0) list = list.filter(({ name }) => !exclusions.has(name));
    if (overridden.size === 0 || !list.some(({ name }) => overridden.has(name))) return list;
    return list.flatMap((requirement) => {
      const overrides = overridden.get(requirement.name);
      if (!overrides) return [requirement];
      const replaced = overrides.map((one) => replace(requirement, one.requirement));
      return replaced.filter(({ marker }) => terms.applies(marker));
    });
  };
}

/** An override says which versions, and may add extras; those that were asked for remain, and so does where it applies. */
export function replace(requirement: Requirement, override: Requirement): Requirement {
  const extras = [...new Set([...requirement.extras, ...override.extras])].sort();
  return { ...override, extras, marker: bothMarkers(requirement.marker, override.marker) };
}

/** A marker that holds where both do. */
export function bothMarkers(a: string, b: string): string {
  if (a === "" || b === "" || a === b) return a || b;
  return `(${a}) and (${b})`;
}

interface PolicyInput {
  readonly terms: Terms;
  readonly name: PackageName;
  /** What the user says of the package: demands, constraints, overrides. */
  readonly own: readonly Requirement[];
  readonly isDirect: boolean;
  readonly preferred: readonly string[];
}

function policyOf({ terms, name, own, isDirect, preferred }: PolicyInput): PackagePolicy {
  const { policy } = terms;
  const specifiers = own.map(({ specifier }) => specifier).filter((specifier) => specifier !== "");
  const url = own.find((requirement) => requirement.url !== undefined)?.url;
  const namesPrerelease = specifiers.some((specifier) => parseSpecifier(specifier).namesPrerelease);
  const isExcluded = policy.prerelease === "disallow" || (policy.prerelease === "explicit" && !namesPrerelease);
  const isEqual = url !== undefined || policy.prerelease === "allow" || policy.prereleasesOf?.includes(name) === true;
  return {
    ...generalPolicy(policy, name),
    isLowest: policy.resolution === "lowest" || (policy.resolution === "lowest-direct" && isDirect),
    prerelease: isEqual ? "equal" : isExcluded ? "never" : "last",
    pins: specifiers.filter(isPinAlone),
    preferred,
    isUniversal: terms.isUniversal === true,
    lacking: terms.lacking?.get(name),
    takesNewerWheels: terms.newerWheels?.has(name) === true,
    hashes: terms.hashes?.get(name),
    url,
  };
}

/** Asks for one version and says nothing else: who writes more may not know that it was withdrawn (as pip and uv have it). */
function isPinAlone(specifier: string): boolean {
  const { isPinned, clauses } = parseSpecifier(specifier);
  return isPinned && clauses.length === 1;
}

/** Demands by the package they name. */
export function groupByName(demands: readonly Demand[]): ReadonlyMap<PackageName, readonly Demand[]> {
  const groups = new Map<PackageName, Demand[]>();
  for (const demand of demands) {
    const group = groups.get(demand.requirement.name);
    if (group) group.push(demand);
    else groups.set(demand.requirement.name, [demand]);
  }
  return groups;
}
