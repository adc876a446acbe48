import type { PackageName } from "../../../plugin-api/model/requirement.ts";
import { isDisjoint, type MarkerSet } from "../../../plugin-api/python/marker-algebra.ts";
import { isPrereleaseKey, versionKey } from "../../../plugin-api/python/version-key.ts";
import { floorOf, placeOf } from "./places.ts";
import { isKept, type Plan } from "./plan.ts";

/** A version that was taken, from an index where that matters. */
interface Taken {
  readonly version: string;
  readonly index: string | undefined;
}
interface Preference extends Taken {
  readonly key: string;
  /** Where it was taken. */
  readonly wheres: MarkerSet[];
  /** The previous lock has it. */
  readonly isPrevious: boolean;
}

interface Origin extends Pick<Preference, "isPrevious"> {
  readonly where: MarkerSet;
}

/** Versions of the previous lock and of the parts that are solved already. */
export class Preferences {
  readonly #byName = new Map<PackageName, Preference[]>();
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
    const { request } = plan;
    for (const { name, version, marker, source } of request.previous?.packages ?? []) {
      const index = source.kind === "index" ? source.index : undefined;
      if (isKept(request, name)) this.#add(name, { version, index }, { where: placeOf(marker), isPrevious: true });
    }
  }

  get names(): readonly PackageName[] {
    return [...this.#byName.keys()];
  }

  /** Prefers what was chosen in one part in the others as well; pre-releases only if they are like any other. */
  addSolved(where: MarkerSet, chosen: Iterable<readonly [PackageName, Taken]>): void {
    const { resolution, prerelease } = this.#plan.request.policy;
    // What is lowest or highest depends on who asks, so another part's choice says nothing.
    if (resolution === "lowest-direct") return;
    for (const [name, taken] of chosen)
      if (prerelease === "allow" || !isPrereleaseKey(keyOf(taken.version)))
        this.#add(name, taken, { where, isPrevious: false });
  }

  /**
   * Those from the same environments first; then the highest, or lowest, as the policy has it. Where the package has to come
   * from an index, what was taken elsewhere says nothing; nor, for what is new, what older Pythons had to take.
   */
  of(name: PackageName, place: MarkerSet, index: string | undefined): readonly string[] {
    const known = this.#byName.get(name)?.filter((one) => this.#counts(one, place));
    if (!known || known.length === 0) return [];
    const fromThere = index === undefined ? known : known.filter((one) => one.index === index);
    // Mostly all took the same: then there is nothing to put in order.
    if (fromThere.every(({ version }) => version === fromThere[0]!.version))
      return fromThere.slice(0, 1).map(({ version }) => version);
    const told = fromThere.map(({ version, key, wheres }) => ({
      version,
      isHere: wheres.some((where) => !isDisjoint(where, place)),
      key,
    }));
    const sign = this.#plan.request.policy.resolution === "highest" ? 1 : -1;
    told.sort((a, b) => {
      if (a.isHere !== b.isHere) return a.isHere ? -1 : 1;
      return a.key === b.key ? 0 : a.key < b.key ? sign : -sign;
    });
    return [...new Set(told.map(({ version }) => version))];
  }

  /** The parts of a lock that is made anew come newest first; those of one that is there, as it has them. */
  #counts({ isPrevious, wheres }: Preference, place: MarkerSet): boolean {
    if (isPrevious || this.#plan.order === "oldest Python first") return true;
    const floor = floorOf(place);
    return wheres.some((where) => floorOf(where) >= floor);
  }

  #add(name: PackageName, { version, index }: Taken, { where, isPrevious }: Origin): void {
    let known = this.#byName.get(name);
    if (!known) this.#byName.set(name, (known = []));
    const same = known.find((one) => one.version === version && one.index === index);
    if (same) same.wheres.push(where);
    else known.push({ version, index, key: keyOf(version), wheres: [where], isPrevious });
  }
}

const keyOf = (version: string): string => versionKey(version) ?? "";
