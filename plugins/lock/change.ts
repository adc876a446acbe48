import type { Lock, LockedPackage } from "../../plugin-api/model/lock.ts";

/** A package of one of two locks; several versions where the lock forks. */
export interface Change {
  readonly sign: "+" | "-" | "~";
  readonly name: string;
  /** Empty for what is added. */
  readonly from: readonly string[];
  /** Empty for what is removed. */
  readonly to: readonly string[];
  /** The project asks for it itself. */
  readonly isDirect: boolean;
}
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
  const rank = ({ sign, isDirect }: Change) => "+~-".indexOf(sign) * 2 + (isDirect ? 0 : 1);
  return {
    all: all.sort((a, b) => rank(a) - rank(b)),
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
