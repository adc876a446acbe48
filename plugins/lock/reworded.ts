import type { Lock } from "../../plugin-api/model/lock.ts";
import { factKey } from "./facts.ts";
import { complete, type SolveOrder } from "./solve.ts";

/**
 * The lock so far for a project that words some requirements otherwise (old text -> new) without asking for anything else: known
 * without solving. Undefined where it is not all there is to it. Pure.
 */
export function reworded(
  order: SolveOrder,
  words: ReadonlyMap<string, string> | undefined,
): { readonly lock: Lock } | undefined {
  const { inputs, previous } = order;
  if (!words || !previous || inputs.platform || inputs.dynamic.length > 0) return undefined;
  const asked = new Set(inputs.roots.map(({ owner, demand }) => `${factKey(owner)}\n${demand.text}`));
  const roots = previous.roots.map((root) => {
    const isThere = asked.has(`${factKey(root.owner)}\n${root.requirement}`);
    const text = words.get(root.requirement);
    return isThere || text === undefined ? root : { ...root, requirement: text };
  });
  const isWhole = roots.every(({ owner, requirement }) => asked.has(`${factKey(owner)}\n${requirement}`));
  return isWhole ? { lock: complete({ lock: { ...previous, roots }, resolutionMs: 0 }, order) } : undefined;
}
