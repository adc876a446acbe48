import type { Lock, RootOwner } from "../../plugin-api/model/lock.ts";
import type { Requirement } from "../../plugin-api/model/requirement.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { type Facts, factKey, ROOTS, SETTINGS, wordsOf } from "./facts.ts";
import { BEHIND } from "./is-current.ts";
import { factsIn } from "./kept.ts";
import { complete, type SolveOrder } from "./solve.ts";
import { withoutRoots } from "./without-roots.ts";

/**
 * The lock so far for a project that requires less than when it was made, and is the same otherwise: known without solving, and
 * without a look at an index. Undefined where that is not all there is to it. Pure.
 */
export function narrowed(order: SolveOrder): { readonly lock: Lock } | undefined {
  const { inputs, previous, upgrading } = order;
  if (!previous || upgrading.upgrade || upgrading.upgradePackage.length > 0) return undefined;
  if (inputs.platform || inputs.dynamic.length > 0 || inputs.conflicts.length > 0) return undefined;
  const facts = factsIn(previous.meta);
  if (previous.meta[BEHIND] !== undefined || inputs.facts.get(SETTINGS) !== facts.get(SETTINGS)) return undefined;
  const [now, then] = [linesOf(inputs.facts), linesOf(facts)];
  if (!now.isSubsetOf(then)) return undefined;
  const lineOf = (owner: RootOwner, requirement: Requirement): string =>
    `${factKey(owner)}\n${wordsOf([{ requirement, text: "", origin: "" }], inputs.base)}`;
  const told = Map.groupBy(previous.roots, ({ owner, requirement }) => lineOf(owner, parseRequirement(requirement)));
  // A root that an override words otherwise stands in neither.
  if (!new Set(told.keys()).isSubsetOf(then)) return undefined;
  const asked = new Set(inputs.roots.map(({ owner, demand }) => lineOf(owner, demand.requirement)));
  const roots = [...asked].flatMap((line) => told.get(line) ?? []);
  const lock = withoutRoots(previous, roots);
  return lock && lock.packages.length > 0 ? { lock: complete({ lock, resolutionMs: 0 }, order) } : undefined;
}

/** What is required, each with its owner. */
const linesOf = (facts: Facts): ReadonlySet<string> =>
  new Set(
    [...facts].flatMap(([key, value]) =>
      key.startsWith(ROOTS) && value !== "" ? value.split("\n").map((line) => `${key}\n${line}`) : [],
    ),
  );
