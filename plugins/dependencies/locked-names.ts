import { notLocked } from "../../plugin-api/lock/not-locked.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";

/** Names as they were typed, in normal form. Throws `E_NOT_LOCKED` for what the lock does not have. */
export function lockedNames(typed: readonly string[], lock: Lock, command: string): readonly string[] {
  const known = new Set<string>(lock.packages.map(({ name }) => name));
  return typed.map((text) => {
    const name = normalizeName(text);
    if (!known.has(name)) throw notLocked(text, known, command);
    return name;
  });
}

/** All that a dependency group leads to, itself and by way of others. */
export function namesBelow(lock: Lock, isWanted: (root: Lock["roots"][number]) => boolean): readonly string[] {
  const reached = new Set(lock.roots.filter(isWanted).map(({ to }) => to));
  for (const index of reached) for (const { to } of lock.packages[index]?.dependencies ?? []) reached.add(to);
  return [...new Set([...reached].flatMap((index) => lock.packages[index]?.name ?? []))];
}
