import type { Lock, LockedPackage } from "../../plugin-api/model/lock.ts";
import { type Change, sortChanges } from "../../plugin-api/text/change-list.ts";
import { counted } from "../../plugin-api/text/units.ts";

export interface Changes {
  readonly all: readonly Change[];
  /** Packages of the new lock, by name; members of the workspace are not counted. */
  readonly count: number;
  readonly unchanged: number;
}

/** What differs between two locks, sorted: added, changed, removed, each by name. Pure. */
export function changesBetween(before: Lock | undefined, after: Lock): Changes {
  const [old, now] = [versionsOf(before), versionsOf(after)];
  const direct = new Set([...directNames(before), ...directNames(after)]);
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const all = names.flatMap((name): Change[] => {
    const [from, to] = [old.get(name) ?? [], now.get(name) ?? []];
    if (from.join() === to.join()) return [];
    return [
      { sign: from.length === 0 ? "+" : to.length === 0 ? "-" : "~", name, from, to, isDirect: direct.has(name) },
    ];
  });
  return {
    all: sortChanges(all),
    count: now.size,
    unchanged: [...now.keys()].filter((name) => !all.some((change) => change.name === name)).length,
  };
}

/** Whether a package is one of the project's own. */
export const isOwn = ({ source }: LockedPackage): boolean => source.kind === "member";

/** What tells two releases of one version apart: where they come from. */
const originOf = ({ source }: LockedPackage): string => {
  if (source.kind === "git") return ` (${source.commit.slice(0, 8)})`;
  return source.kind === "url" ? ` (${source.url})` : "";
};

function versionsOf(lock: Lock | undefined): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, string[]>();
  for (const each of lock?.packages ?? []) {
    if (isOwn(each)) continue;
    const known = versions.get(each.name) ?? [];
    const version = each.version + originOf(each);
    if (!known.includes(version)) versions.set(each.name, [...known, version]);
  }
  return versions;
}

const directNames = (lock: Lock | undefined): readonly string[] =>
  lock?.roots.flatMap(({ to }) => lock.packages[to]?.name ?? []) ?? [];

/** `Locked 16 packages: 8 added, 6 removed`. */
export function summary({ all, count }: Changes, verb: string): string {
  const parts = (
    [
      ["+", "added"],
      ["~", "changed"],
      ["-", "removed"],
    ] as const
  )
    .map(([sign, word]) => [all.filter((each) => each.sign === sign).length, word] as const)
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`);
  return `${verb} ${counted(count, "package")}: ${parts.length === 0 ? "no version changed" : parts.join(", ")}`;
}
