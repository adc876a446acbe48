import { PybunError } from "../../plugin-api/error.ts";
import type { LockRequest } from "../../plugin-api/model/lock.ts";
import { ownerInWords } from "./remedy/scope.ts";

const isOutOfReach = (code: string): boolean =>
  ["E_NETWORK", "E_AUTH", "E_OFFLINE_MISS", "E_DIRECT_MISSING"].includes(code) || code.startsWith("E_GIT_");

/**
 * Says which lines of the project lead to a place that could not be reached, and that a lock takes those of all extras and groups.
 * Pure.
 */
export function askedFor(error: unknown, { roots }: LockRequest): unknown {
  if (!(error instanceof PybunError) || !isOutOfReach(error.code)) return error;
  const { evidence = [], hints = [], context = {} } = error.detail;
  const asking = roots.filter(
    ({ demand: { requirement } }) => requirement.url !== undefined && requirement.name === context["package"],
  );
  if (asking.length === 0) return error;
  const lines = asking.map(({ owner, demand }) => {
    const part = ownerInWords(owner);
    return `${demand.origin}  ${demand.text}${part === "" ? "" : `  (${part})`}`;
  });
  const isApart = asking.every(({ owner }) => owner.kind === "optional" || owner.kind === "group");
  const hint = "a lock is of all extras and groups, asked for or not: to make one without, take the line out";
  return new PybunError(error.code, error.message, {
    ...error.detail,
    evidence: [...evidence, ...new Set(lines)],
    hints: isApart ? [...hints, hint] : hints,
  });
}
