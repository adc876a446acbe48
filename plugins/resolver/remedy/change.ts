import { parseCutOff } from "../../../plugin-api/cut-off.ts";
import type { ConflictItem, LockRequest, RootOwner } from "../../../plugin-api/model/lock.ts";
import type { Demand, PackageName, Requirement } from "../../../plugin-api/model/requirement.ts";
import type { Request, ResolutionPolicy } from "../../../plugin-api/model/resolution.ts";

/** One change of what a user asks for, as a person would make it in one place of one file. */
export type Change =
  /** A requirement, constraint or override asks for other versions. */
  | {
      readonly kind: "versions";
      readonly demand: Demand;
      readonly as: "requirement" | "constraint" | "override";
      readonly specifier: string;
      /** Where the new versions lie. */
      readonly way: "older" | "newer" | "other";
    }
  /** A package that does not exist was meant to be another one. */
  | { readonly kind: "name"; readonly demand: Demand; readonly name: PackageName }
  /** The project is for other Pythons. `raise`: no longer for the oldest; `cap`: not for the newest. */
  | { readonly kind: "python"; readonly range: string; readonly way: "raise" | "cap" }
  /** Extras and groups of one set are never installed together; `file` is where one of them is declared. */
  | { readonly kind: "apart"; readonly sets: readonly (readonly ConflictItem[])[]; readonly file: string | undefined }
  /** The project is for these environments only; `without` names what is left out, for people. */
  | { readonly kind: "environments"; readonly markers: readonly string[]; readonly without: string }
  | { readonly kind: "prerelease"; readonly value: "if-necessary" | "allow" }
  /** Of this package, what was uploaded on that day (of UTC, as in `2026-03-01`) counts too. */
  | { readonly kind: "cut-off"; readonly name: PackageName; readonly date: string }
  /** Something that only others require is required by the project as well. */
  | { readonly kind: "require"; readonly requirement: Requirement; readonly owner: RootOwner }
  /** What others say of a package does not count. */
  | { readonly kind: "override"; readonly requirement: Requirement };

/** One line of one file may have become several demands: of each group that includes it, for each place of its `sources`. */
export const isSameLine = (a: Demand, b: Demand): boolean => a.text === b.text && a.origin === b.origin;

/** A request for one environment after the changes; those that only a lock knows leave it as it is. */
export function changeRequest(request: Request, changes: readonly Change[]): Request {
  const { constraints = [], overrides = [] } = request;
  return {
    ...request,
    demands: [...request.demands.map(changeIn(changes)), ...required(changes)],
    constraints: constraints.map(changeIn(changes)),
    overrides: [...overrides.map(changeIn(changes)), ...overriding(changes)],
    policy: changePolicy(request.policy, changes),
  };
}

export function changeLockRequest(request: LockRequest, changes: readonly Change[]): LockRequest {
  const change = changeIn(changes);
  const own = changes.flatMap((one) =>
    one.kind === "require" ? [{ owner: one.owner, demand: newDemand(one.requirement) }] : [],
  );
  return {
    ...request,
    roots: [...request.roots.map((root) => ({ ...root, demand: change(root.demand) })), ...own],
    constraints: request.constraints.map(change),
    overrides: [...request.overrides.map(change), ...overriding(changes)],
    requiresPython: changes.find((one) => one.kind === "python")?.range ?? request.requiresPython,
    environments: changes.find((one) => one.kind === "environments")?.markers ?? request.environments,
    conflicts: [...request.conflicts, ...changes.flatMap((one) => (one.kind === "apart" ? one.sets : []))],
    policy: changePolicy(request.policy, changes),
  };
}

function changeIn(changes: readonly Change[]): (demand: Demand) => Demand {
  const own = changes.filter((change) => change.kind === "versions");
  return (demand) => {
    const change = own.find((one) => isSameLine(one.demand, demand));
    return change ? { ...demand, requirement: { ...demand.requirement, specifier: change.specifier } } : demand;
  };
}

const required = (changes: readonly Change[]): readonly Demand[] =>
  changes.flatMap((one) => (one.kind === "require" ? [newDemand(one.requirement)] : []));

const overriding = (changes: readonly Change[]): readonly Demand[] =>
  changes.flatMap((one) => (one.kind === "override" ? [newDemand(one.requirement)] : []));

const newDemand = (requirement: Requirement): Demand => ({
  requirement,
  text: `${requirement.name}${requirement.specifier}`,
  origin: "proposed",
});

function changePolicy(policy: ResolutionPolicy, changes: readonly Change[]): ResolutionPolicy {
  const prerelease = changes.find((one) => one.kind === "prerelease")?.value ?? policy.prerelease;
  const cutOffs = changes.flatMap((one) =>
    one.kind === "cut-off" ? [[one.name, parseCutOff(one.date, 0)!] as const] : [],
  );
  const { excludeNewerPackages } = policy;
  return {
    ...policy,
    prerelease,
    ...(cutOffs.length > 0 && { excludeNewerPackages: { ...excludeNewerPackages, ...Object.fromEntries(cutOffs) } }),
  };
}
