import { blake3Hex } from "../../plugin-api/blake3/blake3.ts";
import type { ConflictItem, RootOwner } from "../../plugin-api/model/lock.ts";
import type { Demand, IndexPin, PackageName } from "../../plugin-api/model/requirement.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import { relativeUrl } from "./portable.ts";

/** What a lock was made from, in words that are the same on every machine: keys and values of its META. */
export type Facts = ReadonlyMap<string, string>;

/** Keys of what is required: `inputs/project`, `inputs/optional/gpu`, `inputs/group/dev/member-a`; a requirement a line. */
export const ROOTS = "inputs/";
/** All else that decides, as one JSON object with sorted keys. */
export const SETTINGS = "settings";
/** Key in the settings of what `--platform` named. */
export const PLATFORM = "platform";
/** Key in the settings of the indexes that packages come from, and of those that single requirements name. */
export const INDEX_PINS = "index-pins";
/** The digest of the facts. */
export const STAMP = "inputs-blake3";

/** The digest of facts, in hexadecimal: that of a project's inputs equals that of the lock made from them. */
export function stampOf(facts: Facts): string {
  const lines = [...facts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}\0${value}\0`);
  return blake3Hex(Buffer.from(lines.join("")));
}

export const factKey = ({ kind, name, member }: RootOwner): string =>
  ROOTS + [kind, name, member].filter((part) => part !== "").join("/");

/** Requirements in an order of their own, one a line: to write them in another order changes nothing. */
export const wordsOf = (demands: readonly Demand[], base: string): string =>
  demands
    .map(({ requirement }) =>
      formatRequirement(
        requirement.url === undefined ? requirement : { ...requirement, url: relativeUrl(requirement.url, base) },
      ),
    )
    .sort()
    .join("\n");

/** A requirement, by the key of its owner and its words, and its index. */
export interface AskedIndex {
  readonly owner: string;
  readonly words: string;
  readonly index: string;
}

export const askedIndexes = (owner: RootOwner, demands: readonly Demand[], base: string): readonly AskedIndex[] =>
  demands.flatMap((demand) => {
    const { index } = demand.requirement;
    return index === undefined ? [] : [{ owner: factKey(owner), words: wordsOf([demand], base), index }];
  });

/** What beside the requirements decides a lock. */
export interface Deciding {
  readonly constraints: readonly Demand[];
  readonly overrides: readonly Demand[];
  readonly exclusions: readonly PackageName[];
  readonly requiresPython: string;
  readonly environments: readonly string[];
  readonly requiredEnvironments: readonly string[];
  readonly conflicts: readonly (readonly ConflictItem[])[];
  readonly forkStrategy: "requires-python" | "fewest";
  readonly indexPins: readonly IndexPin[];
}

/** The value of `SETTINGS`: what is not set is left out. `more`: facts by key, empty where there is nothing to say. */
export function settingsFact(deciding: Deciding, more: Readonly<Record<string, string>>, base: string): string {
  const { constraints, overrides, exclusions, conflicts } = deciding;
  const all: Readonly<Record<string, string>> = {
    ...more,
    constraints: wordsOf(constraints, base),
    overrides: wordsOf(overrides, base),
    "exclude-dependencies": [...exclusions].sort().join("\n"),
    "requires-python": deciding.requiresPython,
    environments: deciding.environments.join("\n"),
    "required-environments": deciding.requiredEnvironments.join("\n"),
    conflicts: asJson(conflicts),
    "fork-strategy": deciding.forkStrategy === "fewest" ? "fewest" : "",
  };
  const said = Object.entries(all).filter(([, value]) => value !== "");
  return JSON.stringify(Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** What `settingsFact` wrote. */
export const settingsIn = (facts: Facts): Readonly<Record<string, string>> =>
  JSON.parse(facts.get(SETTINGS) ?? "{}") as Readonly<Record<string, string>>;

/** Empty for an empty list or object. */
export const asJson = (value: object): string => (Object.keys(value).length === 0 ? "" : JSON.stringify(value));
