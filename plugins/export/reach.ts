import type { Lock, LockedEdge, LockedPackage, RootOwner } from "../../plugin-api/model/lock.ts";
import type { Extra, PackageName } from "../../plugin-api/model/requirement.ts";
import { parseMarker } from "../../plugin-api/python/marker.ts";
import { ALWAYS, and, type MarkerSet, markerSet, NEVER, or } from "../../plugin-api/python/marker-algebra.ts";
import { assumeExtra, extraComparisons } from "../../plugin-api/python/marker-extra.ts";
import { formatExpression } from "../../plugin-api/python/marker-syntax.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";

/** From where the packages of an export are reached. */
export interface Origins {
  /** ALWAYS for owners whose requirements are wanted, else NEVER. */
  readonly wanted: (owner: RootOwner) => MarkerSet;
  /** Packages that count as required by nobody. */
  readonly pruned: ReadonlySet<PackageName>;
}

/** Where a package is reached at all (`""`), and with each of its extras. */
type Reached = Map<Extra | "", MarkerSet>;

/**
 * For each package of a lock the environments in which some chain of requirements leads to it: along a chain all markers have
 * to hold, and one chain is enough.
 */
export function reach(lock: Lock, { wanted, pruned }: Origins): readonly MarkerSet[] {
  const reached: readonly Reached[] = lock.packages.map(() => new Map());
  const own = lock.packages.map(({ marker }) => markerSet(marker));
  const edges = lock.packages.map((each) => each.dependencies.map((edge) => conditionsOf(edge, each)));
  const queue = new Set<number>();

  const arrive = (to: number, extras: readonly Extra[], set: MarkerSet): void => {
    const here = and(set, own[to]!);
    if (here === NEVER || pruned.has(lock.packages[to]!.name)) return;
    for (const extra of ["" as const, ...extras]) {
      const before = reached[to]!.get(extra) ?? NEVER;
      const after = or(before, here);
      if (after === before) continue;
      reached[to]!.set(extra, after);
      queue.add(to);
    }
  };

  for (const { owner, requirement, to, marker } of lock.roots)
    arrive(to, parseRequirement(requirement).extras, and(wanted(owner), markerSet(marker)));
  for (const from of queue) {
    queue.delete(from);
    for (const [place, edge] of lock.packages[from]!.dependencies.entries())
      for (const [extra, condition] of edges[from]![place]!) {
        const set = reached[from]!.get(extra);
        if (set !== undefined) arrive(edge.to, edge.extras, and(set, condition));
      }
  }
  return reached.map((sets) => sets.get("") ?? NEVER);
}

/** When an edge holds for the package without extras (`""`), and for each of its extras where that makes a difference. */
function conditionsOf({ marker }: LockedEdge, { extras }: LockedPackage): ReadonlyMap<Extra | "", MarkerSet> {
  if (!/\bextra\b/.test(marker)) return new Map([["", markerSet(marker)]]);
  const { expression } = parseMarker(marker);
  if (extraComparisons(expression).length === 0) return new Map([["", markerSet(marker)]]);
  const conditions = new Map<Extra | "", MarkerSet>();
  for (const extra of ["" as const, ...extras]) {
    const rest = assumeExtra(expression, extra);
    const set = typeof rest === "boolean" ? (rest ? ALWAYS : NEVER) : markerSet(formatExpression(rest));
    if (set !== NEVER) conditions.set(extra, set);
  }
  return conditions;
}
