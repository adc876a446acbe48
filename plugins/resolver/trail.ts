import type { ClauseId, PackageId } from "./clauses.ts";
import { ALL, intersect, isSubset, type Ranks } from "./ranks.ts";

/** Cause of an assignment that is a guess. */
export const DECISION: ClauseId = -1;

/** The partial solution: what is known of each package, in the order it became known, with its decision level. */
export class Trail {
  level = 0;
  /** What is known of each package now. */
  readonly known: Ranks[] = [];
  readonly isDecided: boolean[] = [];
  readonly #package: PackageId[] = [];
  readonly #known: Ranks[] = [];
  readonly #own: Ranks[] = [];
  readonly #level: number[] = [];
  readonly #cause: ClauseId[] = [];
  /** Places of each package's assignments. */
  readonly #places: number[][] = [];

  addPackage(): void {
    this.known.push(ALL);
    this.isDecided.push(false);
    this.#places.push([]);
  }

  assign(id: PackageId, own: Ranks, cause: ClauseId): void {
    const known = intersect(this.known[id]!, own);
    this.#places[id]!.push(this.#package.length);
    this.#package.push(id);
    this.#known.push(known);
    this.#own.push(own);
    this.#level.push(this.level);
    this.#cause.push(cause);
    this.known[id] = known;
  }

  decide(id: PackageId, ranks: Ranks): void {
    this.level++;
    this.isDecided[id] = true;
    this.assign(id, ranks, DECISION);
  }

  /** Takes back everything above the level; returns how many decisions were given up. */
  backtrack(level: number): number {
    let end = this.#package.length;
    let givenUp = 0;
    while (end > 0 && this.#level[end - 1]! > level) {
      end--;
      const id = this.#package[end]!;
      const places = this.#places[id]!;
      places.pop();
      this.known[id] = places.length > 0 ? this.#known[places.at(-1)!]! : ALL;
      if (this.#cause[end] === DECISION) {
        this.isDecided[id] = false;
        givenUp++;
      }
    }
    for (const list of [this.#package, this.#known, this.#own, this.#level, this.#cause]) list.length = end;
    this.level = level;
    return givenUp;
  }

  levelAt(place: number): number {
    return this.#level[place]!;
  }
  causeAt(place: number): ClauseId {
    return this.#cause[place]!;
  }
  ownAt(place: number): Ranks {
    return this.#own[place]!;
  }
  /** The level at which the package was decided on. */
  decisionLevel(id: PackageId): number {
    const place = this.#places[id]!.find((at) => this.#cause[at] === DECISION);
    return place === undefined ? this.level : this.#level[place]!;
  }

  /** The first place from which on what is known of the package (and `within`) lies inside the set; -1 before any. */
  satisfier(id: PackageId, set: Ranks, within?: Ranks): number {
    if (isSubset(within ?? ALL, set)) return -1;
    const places = this.#places[id]!;
    // What is known only ever shrinks from one assignment to the next.
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const known = this.#known[places[middle]!]!;
      if (isSubset(within ? intersect(known, within) : known, set)) high = middle;
      else low = middle + 1;
    }
    return places[low] ?? -1;
  }
}
