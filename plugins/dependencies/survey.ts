import { PybunError } from "../../plugin-api/error.ts";
import type { CurrentLock } from "../../plugin-api/lock/current.ts";
import type { Lock, LockedPackage, LockedRoot } from "../../plugin-api/model/lock.ts";
import type { Requirement } from "../../plugin-api/model/requirement.ts";
import { lookUp, type OnIndex } from "../../plugin-api/newest-release.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type Holder, holdersOf } from "./holders.ts";

/** A package of the lock, and what newer releases of it there are. */
export interface Standing {
  readonly name: string;
  /** Several where the lock forks, the highest last. */
  readonly current: readonly string[];
  /** What the lock would have if everything were chosen anew. */
  readonly fits: readonly string[];
  /** The newest on the index. */
  readonly latest: string;
  /** What keeps it below that. */
  readonly heldBy: readonly Holder[];
  /** The project asks for it itself. */
  readonly isDirect: boolean;
  /** Groups and extras that ask for it: `dev`, `extra cli`; empty for the dependencies proper. */
  readonly groups: readonly string[];
  /** The locked release was withdrawn. */
  readonly isYanked: boolean;
}

/** How the packages of a lock stand, those with newer releases or withdrawn ones only; direct ones first, each by name. */
export async function survey(
  { now, after, names }: { readonly now: Lock; readonly after: CurrentLock; readonly names?: ReadonlySet<string> },
  session: Session,
): Promise<readonly Standing[]> {
  const lookedUp = await lookUp(session);
  const groups = Map.groupBy(now.packages, ({ name }) => name);
  const wanted = [...groups].filter(([name]) => names === undefined || names.has(name));
  const all = await Promise.all(
    wanted.map(async ([name, packages]): Promise<readonly Standing[]> => {
      const highest = highestOf(packages);
      const found = highest && (await lookedUp(highest));
      if (highest === undefined || found === undefined) return [];
      const requires = await requirementsOf(highest, { found, after }, session);
      return [standingOf({ name, packages, found, requires }, { now, after })];
    }),
  );
  return all
    .flat()
    .filter(
      ({ current, fits, latest, isYanked }) =>
        isYanked || isAbove(latest, current.at(-1)) || fits.join() !== current.join(),
    )
    .sort((a, b) => Number(b.isDirect) - Number(a.isDirect) || (a.name < b.name ? -1 : 1));
}

/** Whether one version is higher than another. */
export const isAbove = (version: string, other: string | undefined): boolean =>
  keyOf(version) > (other === undefined ? "" : keyOf(other));
const keyOf = (version: string): string => versionKey(version) ?? "";

const highestOf = (packages: readonly LockedPackage[]): LockedPackage | undefined =>
  packages.reduce<LockedPackage | undefined>((a, b) => (a && !isAbove(b.version, a.version) ? a : b), undefined);

interface Found {
  readonly name: string;
  readonly packages: readonly LockedPackage[];
  readonly found: OnIndex;
  /** What the newest release requires, where that may matter. */
  readonly requires: readonly Requirement[];
}

/** What the newest release requires: read only for one that would not be taken. What can't be read holds nothing back. */
async function requirementsOf(
  { name, source }: LockedPackage,
  { found: { newest, file }, after }: { readonly found: OnIndex; readonly after: CurrentLock },
  session: Session,
): Promise<readonly Requirement[]> {
  const isTaken = after.lock.packages.some((each) => each.name === name && !isAbove(newest, each.version));
  if (isTaken || file?.kind !== "wheel") return [];
  try {
    const { dependencies } = await session.run("fetch.metadata", { name, version: newest, file, source });
    return dependencies.requirements("").filter(({ marker }) => marker === "");
  } catch (error) {
    if (error instanceof PybunError) return [];
    throw error;
  }
}

function standingOf(
  { name, packages, found, requires }: Found,
  { now, after }: { readonly now: Lock; readonly after: CurrentLock },
): Standing {
  const current = versionsOf(packages);
  const chosen = after.lock.packages.filter((each) => each.name === name);
  const fits = chosen.length === 0 ? current : versionsOf(chosen);
  const best = fits.at(-1);
  // What the policy of the resolution takes is known better there.
  const latest = best !== undefined && isAbove(best, found.newest) ? best : found.newest;
  const own = now.roots.filter(({ to }) => now.packages[to]?.name === name);
  return {
    name,
    current,
    fits,
    latest,
    heldBy: isAbove(latest, best)
      ? holdersOf({ name, latest, requiresPython: found.requiresPython, requires }, after)
      : [],
    isDirect: own.length > 0,
    groups: [...new Set(own.flatMap(partOf))].sort(),
    isYanked: found.isLockedYanked,
  };
}

const versionsOf = (packages: readonly LockedPackage[]): readonly string[] =>
  [...new Set(packages.map(({ version }) => version))].sort((a, b) => (isAbove(a, b) ? 1 : -1));

function partOf({ owner: { kind, name } }: LockedRoot): readonly string[] {
  if (kind === "group") return [name];
  return kind === "optional" ? [`extra ${name}`] : [];
}
