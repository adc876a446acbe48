import type { Extra, PackageName, Requirement } from "../../../plugin-api/model/requirement.ts";
import { and, type MarkerSet, NEVER, or } from "../../../plugin-api/python/marker-algebra.ts";
import type { SelectedRelease } from "../outcome.ts";
import type { Packages } from "../packages.ts";
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
  readonly #places = new Map<PackageName, MarkerSet>();
  readonly #ofExtras = new Map<PackageName, Map<Extra, MarkerSet>>();

  of(name: PackageName, extra: Extra | "" = ""): MarkerSet {
    return (extra === "" ? this.#places.get(name) : this.#ofExtras.get(name)?.get(extra)) ?? NEVER;
  }

  /** Adds to where it is needed; true when that was not known. */
  add(name: PackageName, extra: Extra | "", place: MarkerSet): boolean {
    const before = this.of(name, extra);
    const after = or(before, place);
    if (after === before) return false;
    if (extra === "") this.#places.set(name, after);
    else {
      let places = this.#ofExtras.get(name);
      if (!places) this.#ofExtras.set(name, (places = new Map()));
      places.set(extra, after);
    }
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
    if (reach.add(name, "", there)) open.push([name, ""]);
    for (const extra of extras) if (reach.add(name, extra, there)) open.push([name, extra]);
  };
  const owned = new Map(plan.parts.flatMap(({ where, demands }) => demands.map((demand) => [demand, where] as const)));
  for (const { requirement, demand } of packages.question.roots) {
    visit(requirement, and(place, owned.get(demand)!));
  }
  for (let i = 0; i < open.length; i++) {
    const [name, extra] = open[i]!;
    const from = reach.of(name, extra);
    for (const requirement of packages.requirements(name, pins.get(name)!.rank, extra) ?? []) visit(requirement, from);
  }
  return reach;
}
