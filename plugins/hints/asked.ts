import type { LockRequest } from "../../plugin-api/model/lock.ts";
import type { Demand, IndexPin } from "../../plugin-api/model/requirement.ts";
import type { Request } from "../../plugin-api/model/resolution.ts";
import { isMemberUrl, MEMBER } from "../../plugin-api/project/member-url.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import type { Asked } from "./place.ts";

/** What a request for one environment asks. */
export function askedOfRequest({ constraints = [], overrides = [], ...request }: Request): Asked {
  const {
    demands,
    policy,
    preferences = new Map(),
    target,
    indexPins = [],
    present = [],
    hashes = new Map(),
  } = request;
  return {
    stage: "resolve",
    policy,
    facts: [
      [demands, constraints, overrides].map(textsOf),
      [...preferences].sort(byName),
      target,
      indexPins.map(textOfPin),
      present.map(({ name, index }) => [name, index]),
      [...hashes],
    ],
  };
}

/** What a request for all environments asks. Of an earlier lock, only its choices count. */
export function askedOfLock({ roots, constraints, overrides, ...request }: LockRequest): Asked {
  const { exclusions, requiresPython, environments, requiredEnvironments, conflicts, forkStrategy } = request;
  const { previous, upgrade, indexPins = [] } = request;
  return {
    stage: "lock",
    policy: request.policy,
    facts: [
      roots.map(({ owner, demand }) => [owner, demand.text, textOf(demand)]),
      indexPins.map(textOfPin),
      [constraints, overrides].map(textsOf),
      [exclusions, requiresPython, environments, requiredEnvironments, conflicts, forkStrategy],
      previous && [previous.forks, previous.packages.map(({ name, version, marker }) => [name, version, marker])],
      upgrade === true || [...(upgrade ?? [])].sort(),
    ],
  };
}

/** In their order, which decides between answers that are equally good. */
const textsOf = (demands: readonly Demand[]): readonly string[] => demands.map(textOf);
/** A member is named without its folder: nothing is kept of an answer for which one was looked at, so the same project elsewhere has the same. */
const textOf = ({ requirement }: Demand): string => {
  const { url, index = "" } = requirement;
  const placeless = url !== undefined && isMemberUrl(url) ? { ...requirement, url: MEMBER } : requirement;
  return `${formatRequirement(placeless)} ${index}`;
};
const textOfPin = ({ name, index, marker }: IndexPin): string => `${name} ${index} ${marker}`;
const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : 1);
