import type { PackageName } from "../../../plugin-api/model/requirement.ts";
import { isDisjoint, type MarkerSet } from "../../../plugin-api/python/marker-algebra.ts";
import { isPrereleaseKey, versionKey } from "../../../plugin-api/python/version-key.ts";
import { placeOf } from "./places.ts";
import { isKept, type Plan } from "./plan.ts";

interface Preference {
  readonly where: MarkerSet;
  readonly version: string;
  readonly isLocked: boolean;
  /** The index it came from, where that matters. */
  readonly index: string | undefined;
}

/** Versions of the previous lock and of the parts that are solved already. */
export class Preferences {
  readonly #byName = new Map<PackageName, Preference[]>();
  readonly #plan: Plan;
  readonly #keys = new Map<string, string>();

  constructor(plan: Plan) {
    this.#plan = plan;
    const { request } = plan;
    for (const { name, version, marker, source } of request.previous?.packages ?? []) {
      const index = source.kind === "index" ? source.index : undefined;
      if (isKept(request, name)) this.#add(name, { where: placeOf(marker), version, isLocked: true, index });
    }
  }

  get names(): readonly PackageName[] {
    return [...this.#byName.keys()];
  }

  /** Prefers what was chosen in one part in the others as well. */
  addSolved(where: MarkerSet, chosen: Iterable<readonly [PackageName, Pick<Preference, "version" | "index">]>): void {
    // What is lowest or highest depends on who asks, so another part's choice says nothing.
    if (this.#plan.request.policy.resolution === "lowest-direct") return;
    for (const [name, { version, index }] of chosen) this.#add(name, { where, version, isLocked: false, index });
  }

  /**
   * Those from the same environments first; then the highest, or lowest, as the policy has it. Where the package has to come
   * from an index, what was taken elsewhere says nothing.
   */
  of(name: PackageName, place: MarkerSet, index: string | undefined): readonly string[] {
    const known = this.#byName.get(name);
    if (!known) return [];
    const { resolution, prerelease } = this.#plan.request.policy;
    const isUsual = ({ version, isLocked }: Preference): boolean =>
      isLocked || prerelease === "allow" || !isPrereleaseKey(this.#keyOf(version));
    const isFromThere = (one: Preference): boolean => index === undefined || one.index === index;
    const usual = known.filter((one) => isUsual(one) && isFromThere(one));
    // Mostly all took the same: then there is nothing to put in order.
    if (usual.every(({ version }) => version === usual[0]!.version))
      return usual.slice(0, 1).map(({ version }) => version);
    const told = usual.map((one) => ({
      version: one.version,
      isHere: !isDisjoint(one.where, place),
      key: this.#keyOf(one.version),
    }));
    const sign = resolution === "highest" ? 1 : -1;
    told.sort((a, b) => {
      if (a.isHere !== b.isHere) return a.isHere ? -1 : 1;
      return a.key === b.key ? 0 : a.key < b.key ? sign : -sign;
    });
    return [...new Set(told.map(({ version }) => version))];
  }

  #keyOf(version: string): string {
    let key = this.#keys.get(version);
    if (key === undefined) this.#keys.set(version, (key = versionKey(version) ?? ""));
    return key;
  }

  #add(name: PackageName, preference: Preference): void {
    const known = this.#byName.get(name);
    if (known) known.push(preference);
    else this.#byName.set(name, [preference]);
  }
}
