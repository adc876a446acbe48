import type { Extra, PackageName, Requirement } from "../../../plugin-api/model/requirement.ts";
import { and, type MarkerSet, NEVER, or } from "../../../plugin-api/python/marker-algebra.ts";
import type { Packages } from "../packages.ts";
import type { SelectedRelease } from "../solver.ts";
import { placeOf } from "./places.ts";
import type { Plan } from "./plan.ts";

/** A region with its answer. */
export interface Solved {
  readonly place: MarkerSet;
  readonly packages: Packages;
  readonly pins: ReadonlyMap<PackageName, SelectedRelease>;
  readonly reach: Reach;
}

/** Where something needs a package, or one of its extras, within a region. */
export class Reach {
  readonly #places = new Map<string, MarkerSet>();

  of(name: PackageName, extra: Extra | "" = ""): MarkerSet {
    return this.#places.get(`${name}[${extra}`) ?? NEVER;
  }

  /** Adds to where it is needed; true when that was not known. */
  add(name: PackageName, extra: Extra | "", place: MarkerSet): boolean {
    const before = this.of(name, extra);
    const after = or(before, place);
    if (after === before) return false;
    this.#places.set(`${name}[${extra}`, after);
    return true;
  }
}

type Answer = Omit<Solved, "reach">;

/** Follows the requirements of what was chosen from the project on, until nothing new is reached. */
export function reachOf(plan: Plan, { place, packages, pins }: Answer): Reach {
  const reach = new Reach();
  const open: (readonly [PackageName, Extra | ""])[] = [];
  const visit = ({ name, extras, marker }: Requirement, from: MarkerSet): void => {
    if (!pins.has(name)) return;
    const there = marker === "" ? from : and(from, placeOf(marker));
    if (there === NEVER) return;
    for (const extra of ["" as const, ...extras]) if (reach.add(name, extra, there)) open.push([name, extra]);
  };
  const owned = new Map(plan.parts.flatMap(({ where, demands }) => demands.map((demand) => [demand, where] as const)));
  for (const { requirement, demand } of packages.question.roots) {
    visit(requirement, and(place, owned.get(demand)!));
  }
  for (let next = open.shift(); next; next = open.shift()) {
    const [name, extra] = next;
    const from = reach.of(name, extra);
    for (const requirement of packages.requirements(name, pins.get(name)!.rank, extra) ?? []) visit(requirement, from);
  }
  return reach;
}
