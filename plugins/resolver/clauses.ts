import { ALL, END, isSame, type Ranks } from "./ranks.ts";

/** Number of a package or of a package's extra within one solve; 0 is what the user asks for. */
export type PackageId = number;
export type ClauseId = number;

/** Why a clause holds. All but `learned` are facts of the request or of the index. */
export type Reason =
  | { readonly kind: "root" }
  | { readonly kind: "demand"; readonly index: number; readonly package: PackageId }
  | { readonly kind: "constraint"; readonly index: number }
  /** Releases of `from` need `to`; the clause's own sets say which and what. */
  | { readonly kind: "dependency"; readonly from: PackageId; readonly to: PackageId }
  /** No usable release of the package is in the clause's set. */
  | { readonly kind: "unusable"; readonly package: PackageId }
  /** A package and its extras have one version. */
  | { readonly kind: "same-version" }
  | { readonly kind: "learned"; readonly causes: readonly ClauseId[] };

/** The level of what is given and not chosen, which nothing goes back behind. */
const GIVEN = 1;

/**
 * Incompatibilities (PubGrub): a clause says that its terms are never all true. A term is a package and the ranks it is
 * in. Clauses only ever become stronger: `widen` grows one term's set.
 */
export class Clauses {
  readonly packages: (readonly PackageId[])[] = [];
  readonly sets: Ranks[][] = [];
  readonly reasons: Reason[] = [];
  /** Clauses that speak of a package, in order; without those that `leaveOut` has left out. */
  readonly of: ClauseId[][] = [];
  /** Decision level at which the clause was seen to be harmless or used up; END when it has to be looked at. */
  readonly #settledAt: number[] = [];
  readonly #settled: ClauseId[] = [];

  get count(): number {
    return this.packages.length;
  }

  /** A term that is true in any case is left out. */
  add(packages: readonly PackageId[], sets: readonly Ranks[], reason: Reason): ClauseId {
    const id = this.packages.length;
    this.packages.push(packages.filter((_, i) => !isSame(sets[i]!, ALL)));
    this.sets.push(sets.filter((set) => !isSame(set, ALL)));
    this.reasons.push(reason);
    this.#settledAt.push(END);
    for (const p of this.packages[id]!) this.of[p]!.push(id);
    return id;
  }

  /** The clause now holds for more ranks of its first package. */
  widen(id: ClauseId, ranks: Ranks): void {
    this.sets[id]![0] = ranks;
    if (this.#isSettledForGood(id)) for (const p of this.packages[id]!) putBack(this.of[p]!, id);
    this.#settledAt[id] = END;
  }

  /** Leaves out of a package's list what was settled for good: of a package that is walked release by release nearly all. */
  leaveOut(id: PackageId): void {
    this.of[id] = this.of[id]!.filter((clause) => !this.#isSettledForGood(clause));
  }

  #isSettledForGood(id: ClauseId): boolean {
    return this.#settledAt[id]! <= GIVEN;
  }

  isSettled(id: ClauseId): boolean {
    return this.#settledAt[id] !== END;
  }

  settle(id: ClauseId, level: number): void {
    this.#settledAt[id] = level;
    this.#settled.push(id);
  }

  /** Forgets what was seen above the level. Levels rise along the list, so only its end is looked at. */
  backtrack(level: number): void {
    const settled = this.#settled;
    while (settled.length > 0) {
      const last = settled.at(-1)!;
      const at = this.#settledAt[last]!;
      if (at !== END && at <= level) break;
      this.#settledAt[last] = END;
      settled.pop();
    }
  }

  /** The facts that a derivation rests on, each once, in the order they were found. */
  factsBehind(causes: readonly ClauseId[]): ClauseId[] {
    const seen = new Set<ClauseId>();
    const facts: ClauseId[] = [];
    const open = causes.toReversed();
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const reason = this.reasons[id]!;
      if (reason.kind === "learned") open.push(...reason.causes.toReversed());
      else facts.push(id);
    }
    return facts;
  }
}

function putBack(list: ClauseId[], id: ClauseId): void {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! < id) low = middle + 1;
    else high = middle;
  }
  if (list[low] !== id) list.splice(low, 0, id);
}
