import type { Lock, RootOwner } from "../../plugin-api/model/lock.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { parseMarker } from "../../plugin-api/python/marker.ts";
import {
  ALWAYS,
  and,
  formatMarkerSet,
  implies,
  type MarkerSet,
  markerSet,
  NEVER,
  or,
  simplifyUnder,
  withoutExtras,
} from "../../plugin-api/python/marker-algebra.ts";
import { reach } from "./reach.ts";

/** Where a package applies, and the marker that says so with the extras and groups that have to be chosen. */
export interface OpenMarker {
  readonly set: MarkerSet;
  readonly marker: string;
}

/** `"x" in extras`: how a standard lock tests what is chosen (PEP 751); empty for what is always wanted. */
function conditionOf({ kind, name }: RootOwner): string {
  if (kind === "optional") return `"${name}" in extras`;
  return kind === "group" ? `"${name}" in dependency_groups` : "";
}

/** What one choice leads to, by package. */
interface Branch {
  readonly condition: string;
  readonly reached: readonly MarkerSet[];
}

/**
 * For each package the marker under which it is wanted when extras and groups are left to choose. Each choice is followed by
 * itself: sets of environments stay small, where one set of environments and choices would grow with every extra.
 */
export function openMarkers(lock: Lock, pruned: ReadonlySet<PackageName>, scope: MarkerSet): readonly OpenMarker[] {
  const conditions = [...new Set(lock.roots.map(({ owner }) => conditionOf(owner)))].sort(byKind);
  const branches = conditions.map((condition): Branch => {
    const wanted = (owner: RootOwner): MarkerSet => (conditionOf(owner) === condition ? ALWAYS : NEVER);
    return { condition, reached: reach(lock, { wanted, pruned }) };
  });
  return lock.packages.map((_, index) =>
    joined(
      branches.map(({ condition, reached }) => ({ condition, set: reached[index]! })),
      scope,
    ),
  );
}

/** The project's own first, then extras, then groups, each by name. */
const byKind = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
const rank = (condition: string): number => (condition === "" ? 0 : condition.endsWith(" extras") ? 1 : 2);

interface Wanted {
  readonly condition: string;
  readonly set: MarkerSet;
}

function joined(branches: readonly Wanted[], scope: MarkerSet): OpenMarker {
  const wanted = branches.map((each) => ({ ...each, set: and(each.set, scope) })).filter(({ set }) => set !== NEVER);
  const own = wanted.find(({ condition }) => condition === "")?.set ?? NEVER;
  const alternatives = own === NEVER ? [] : [formatMarkerSet(simplifyUnder(own, scope))];
  // An extra that only asks for what is there anyway adds nothing.
  const more = Map.groupBy(
    wanted.flatMap((each) => (implies(each.set, own) ? [] : [{ ...each, set: assuming(each) }])),
    ({ set }) => set,
  );
  for (const [set, all] of more) {
    const choices = all.map(({ condition }) => condition).join(" or ");
    const place = formatMarkerSet(simplifyUnder(set, scope));
    alternatives.push(place === "" ? choices : `${grouped(place)} and ${grouped(choices)}`);
  }
  const set = withoutExtras(or(...wanted.map((each) => each.set)));
  if (alternatives.length === 0 || alternatives.includes("")) return { set, marker: "" };
  return { set, marker: parseMarker(alternatives.join(" or ")).text };
}

/** What conflicts with other choices tests the very choice that leads to it; that need not be said twice. */
function assuming({ condition, set }: Wanted): MarkerSet {
  return withoutExtras(set) === set ? set : simplifyUnder(set, markerSet(condition));
}

const grouped = (marker: string): string => (marker.includes(" or ") ? `(${marker})` : marker);
