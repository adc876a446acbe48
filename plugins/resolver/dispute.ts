import type { ClauseId, Clauses, PackageId } from "./clauses.ts";
import { complement, intersect, isDisjoint, isSubset, NONE, type Ranks, SELECTED, union } from "./ranks.ts";

/** Who insists on something: a demand or a constraint of the user's, by its index. */
export interface Party {
  readonly kind: "demand" | "constraint";
  readonly index: number;
}

/** All these releases of one package require one of those of another. */
export interface Step {
  readonly from: PackageId;
  readonly ranks: Ranks;
  readonly to: PackageId;
  readonly allowed: Ranks;
}

/** What a party's requirement leads to: step by step to the disputed package, and what is allowed of that. */
export interface Chain {
  readonly party: Party;
  readonly steps: readonly Step[];
  readonly allowed: Ranks;
}

/** A package of which no release is in all chains' sets, or none that is can be used. */
export interface Dispute {
  readonly package: PackageId;
  readonly chains: readonly Chain[];
  /** Some releases are out because they can't be used, whoever asks. */
  readonly hasUnusable: boolean;
  /** Not where it fails: a party that narrows the choice elsewhere, and without which there would be no conflict. */
  readonly isAside: boolean;
}

/** Something that takes releases of a package out of consideration, in the order it was found. */
type Exclusion =
  | { readonly kind: "claim"; readonly keeps: Ranks; readonly time: number; readonly by: Party | Step }
  | { readonly kind: "unusable"; readonly keeps: Ranks; readonly time: number }
  | { readonly kind: "pruned"; readonly keeps: Ranks; readonly time: number; readonly step: Step };

type Conclusions = "certain" | "impossible" | "certain now";

interface Node {
  possible: Ranks;
  /** Somebody needs it in any case. */
  isClaimed: boolean;
  readonly exclusions: Exclusion[];
}

/**
 * Retells a proof as people would: which package the parties can't agree about, and how each comes to it. It follows what
 * is certain (all releases that are left require it) and drops what is impossible; undefined when the contradiction only
 * shows by trying cases.
 */
export function findDisputes(facts: readonly ClauseId[], clauses: Clauses, baseOf: (id: PackageId) => PackageId) {
  return new Analysis([...facts, ...related(facts, clauses)], clauses, baseOf).run();
}

/** All that is known of how the proof's packages require each other: what holds for all releases may be simpler to say. */
function related(facts: readonly ClauseId[], clauses: Clauses): ClauseId[] {
  const proof = new Set(facts);
  const packages = new Set(facts.flatMap((fact) => clauses.packages[fact]!));
  const more: ClauseId[] = [];
  for (const [id, reason] of clauses.reasons.entries()) {
    if (reason.kind !== "dependency" || proof.has(id)) continue;
    if (packages.has(reason.from) && packages.has(reason.to)) more.push(id);
  }
  return more;
}

class Analysis {
  readonly #facts: readonly ClauseId[];
  readonly #clauses: Clauses;
  readonly #baseOf: (id: PackageId) => PackageId;
  readonly #nodes = new Map<PackageId, Node>();
  /** The dependency facts between two packages. */
  readonly #between = new Map<string, ClauseId[]>();
  #time = 0;
  #empty: PackageId | undefined;

  constructor(facts: readonly ClauseId[], clauses: Clauses, baseOf: (id: PackageId) => PackageId) {
    this.#facts = facts;
    this.#clauses = clauses;
    this.#baseOf = baseOf;
    for (const fact of facts) {
      const reason = clauses.reasons[fact]!;
      if (reason.kind !== "dependency") continue;
      const key = `${reason.from} ${reason.to}`;
      const group = this.#between.get(key);
      if (group) group.push(fact);
      else this.#between.set(key, [fact]);
    }
  }

  run(): readonly Dispute[] | undefined {
    // What is said of all releases is simplest. What is certain only because some are impossible comes last: to follow it
    // one would have to be told first why they are.
    while (
      this.#empty === undefined &&
      (this.#pass("certain") || this.#pass("impossible") || this.#pass("certain now"))
    );
    if (this.#empty === undefined) return undefined;
    const disputes = this.#disputesAt({ node: this.#empty, time: this.#time + 1, arriving: undefined });
    const told = disputes.map((dispute) => ({ ...dispute, chains: dispute.chains.toSorted(compareChains) }));
    return [...told.sort(compareDisputes), ...this.#asides(told).sort(compareDisputes)];
  }

  /** The proof's parties that have no chain to what fails. */
  #asides(disputes: readonly Dispute[]): Dispute[] {
    const shown = new Set(disputes.flatMap(({ chains }) => chains.map(({ party }) => `${party.kind} ${party.index}`)));
    const claims = [...this.#nodes].flatMap(([id, { exclusions }]) =>
      exclusions.flatMap((one) =>
        one.kind === "claim" && "index" in one.by ? [{ id, by: one.by, keeps: one.keeps }] : [],
      ),
    );
    return claims.flatMap(({ id, by, keeps }) => {
      if (shown.has(`${by.kind} ${by.index}`)) return [];
      shown.add(`${by.kind} ${by.index}`);
      const chains = [{ party: by, steps: [], allowed: keeps }];
      return [{ package: this.#baseOf(id), chains, hasUnusable: false, isAside: true }];
    });
  }

  /** Applies every fact once; true when something was learned. */
  #pass(what: Conclusions): boolean {
    const before = this.#time;
    for (const fact of this.#facts) if (this.#empty === undefined) this.#apply(fact, what);
    return this.#time !== before;
  }

  #node(id: PackageId): Node {
    let node = this.#nodes.get(id);
    if (!node) this.#nodes.set(id, (node = { possible: SELECTED, isClaimed: false, exclusions: [] }));
    return node;
  }

  /** An extra has the releases of its package, less those that the extra itself rules out. */
  #possible(id: PackageId): Ranks {
    const base = this.#baseOf(id);
    const own = this.#node(id).possible;
    return base === id ? own : intersect(own, this.#node(base).possible);
  }

  #exclude(id: PackageId, exclusion: Exclusion): void {
    const node = this.#node(id);
    const possible = intersect(node.possible, exclusion.keeps);
    const isNews = exclusion.kind === "claim" && !("kind" in exclusion.by && exclusion.by.kind === "constraint");
    if (isSubset(node.possible, possible) && (node.isClaimed || !isNews)) return;
    const told = node.isClaimed ? node.exclusions.length : 0;
    node.possible = possible;
    node.isClaimed ||= isNews;
    node.exclusions.push(exclusion);
    this.#time = exclusion.time;
    const base = this.#baseOf(id);
    // Who needs the extra needs its package in the same release.
    if (base !== id && node.isClaimed) {
      for (const one of node.exclusions.slice(told)) this.#exclude(base, { ...one, time: this.#time + 1 });
    }
    if (node.isClaimed && this.#possible(id).length === 0) this.#empty ??= base;
  }

  #apply(fact: ClauseId, what: Conclusions): void {
    const reason = this.#clauses.reasons[fact]!;
    const packages = this.#clauses.packages[fact]!;
    const sets = this.#clauses.sets[fact]!;
    const time = this.#time + 1;
    if (reason.kind === "demand") {
      const keeps = sets.length === 2 ? complement(sets[1]!) : NONE;
      this.#exclude(reason.package, { kind: "claim", keeps, time, by: reason });
    } else if (reason.kind === "constraint") {
      this.#exclude(packages[0]!, { kind: "claim", keeps: complement(sets[0]!), time, by: reason });
    } else if (reason.kind === "unusable") {
      this.#exclude(reason.package, { kind: "unusable", keeps: complement(sets[0]!), time });
    } else if (reason.kind === "dependency") {
      const step = { ...reason, ranks: sets[0]!, allowed: sets.length === 2 ? complement(sets[1]!) : NONE };
      if (what === "impossible") this.#prune(step);
      else if (what === "certain now" || !this.#isPruned(step.from)) this.#claimFor(step);
    }
  }

  #prune(step: Step): void {
    const { from, to, allowed } = step;
    // An extra of the same package is needed in the same release.
    const isOwn = this.#baseOf(from) === this.#baseOf(to);
    const ranks = isOwn ? intersect(step.ranks, complement(this.#possible(to))) : step.ranks;
    if (isDisjoint(this.#possible(from), ranks) || (!isOwn && !isDisjoint(this.#possible(to), allowed))) return;
    const pruned = isOwn ? { ...step, ranks, allowed: ranks } : step;
    this.#exclude(from, { kind: "pruned", keeps: complement(ranks), time: this.#time + 1, step: pruned });
  }

  #claimFor(step: Step): void {
    const possible = this.#possible(step.from);
    if (!this.#node(step.from).isClaimed || isDisjoint(possible, step.ranks)) return;
    const certain = this.#certain(step, possible);
    if (certain) this.#exclude(step.to, { kind: "claim", keeps: certain.allowed, time: this.#time + 1, by: certain });
  }

  #isPruned(id: PackageId): boolean {
    return this.#node(id).exclusions.some((one) => one.kind === "pruned");
  }

  /** What all releases that are left require of the same package, taken together. */
  #certain({ from, to }: Step, possible: Ranks): Step | undefined {
    let [covered, allowed]: [Ranks, Ranks] = [NONE, NONE];
    for (const fact of this.#between.get(`${from} ${to}`)!) {
      const [ranks, refused] = this.#clauses.sets[fact] as [Ranks, Ranks | undefined];
      if (isDisjoint(ranks, possible)) continue;
      covered = union(covered, ranks);
      if (refused) allowed = union(allowed, complement(refused));
    }
    return isSubset(possible, covered) ? { from, ranks: possible, to, allowed } : undefined;
  }

  /** Disputes that leave the package without a release, counting only what was known before a time. */
  #disputesAt(place: Place): Dispute[] {
    const needed = this.#neededAt(place);
    const pruned = groupByTarget(needed.flatMap((one) => (one.kind === "pruned" ? [one] : [])));
    const chains = needed.flatMap((one) => (one.kind === "claim" ? [this.#chainOf(one)] : []));
    if (place.arriving) chains.unshift(place.arriving);
    else if (!chains.some(({ party }) => party.kind === "demand"))
      chains.push(...this.#firstClaim(this.#baseOf(place.node)));
    if (pruned.length === 0) {
      return [
        {
          package: this.#baseOf(place.node),
          chains,
          hasUnusable: needed.some((one) => one.kind === "unusable"),
          isAside: false,
        },
      ];
    }
    const [first] = chains;
    if (!first) return [];
    return pruned.flatMap(({ step, time }) => {
      const arriving = { party: first.party, steps: [...first.steps, step], allowed: step.allowed };
      return this.#disputesAt({ node: step.to, time, arriving });
    });
  }

  /** As few exclusions as leave nothing, the early and simple ones. */
  #neededAt({ node: id, time, arriving }: Place): Exclusion[] {
    const base = this.#baseOf(id);
    const own = [...this.#nodes].filter(
      ([other, { isClaimed }]) => other === id || other === base || (isClaimed && this.#baseOf(other) === base),
    );
    const all = own.flatMap(([, node]) => node.exclusions).filter((exclusion) => exclusion.time < time);
    let needed = [...ofKind(all, "unusable"), ...ofKind(all, "claim"), ...ofKind(all, "pruned")];
    const leavesNothing = (list: readonly Exclusion[]): boolean =>
      list.reduce<Ranks>((left, { keeps }) => intersect(left, keeps), arriving?.allowed ?? SELECTED).length === 0;
    for (const exclusion of needed.toReversed()) {
      const without = needed.filter((one) => one !== exclusion);
      if (leavesNothing(without)) needed = without;
    }
    return needed;
  }

  #firstClaim(id: PackageId): Chain[] {
    const claim = this.#node(id).exclusions.find((one) => one.kind === "claim" && !isConstraint(one.by));
    return claim?.kind === "claim" ? [this.#chainOf(claim)] : [];
  }

  #chainOf(claim: Extract<Exclusion, { readonly kind: "claim" }>): Chain {
    const steps: Step[] = [];
    let by = claim.by;
    while ("from" in by) {
      const { from } = by;
      steps.unshift(by);
      const { exclusions } = this.#node(from);
      const earlier = exclusions.find((one) => one.kind === "claim" && one.time < claim.time && !isConstraint(one.by));
      if (earlier?.kind !== "claim") throw new Error("a claim came from a package that nobody claims");
      by = earlier.by;
    }
    return { party: by, steps, allowed: claim.keeps };
  }
}

interface Place {
  /** A package, or the extra that is needed of it. */
  readonly node: PackageId;
  readonly time: number;
  /** The chain that leads here, when the releases it needs are what is missing. */
  readonly arriving: Chain | undefined;
}

const isConstraint = (by: Party | Step): boolean => "kind" in by && by.kind === "constraint";

const ofKind = (list: readonly Exclusion[], kind: Exclusion["kind"]): readonly Exclusion[] =>
  list.filter((one) => one.kind === kind);

function groupByTarget(pruned: readonly { readonly step: Step; readonly time: number }[]) {
  const groups = new Map<PackageId, { step: Step; time: number }>();
  for (const { step, time } of pruned) {
    const group = groups.get(step.to);
    if (!group) groups.set(step.to, { step, time });
    else {
      group.time = Math.max(group.time, time);
      group.step = {
        ...step,
        ranks: union(group.step.ranks, step.ranks),
        allowed: union(group.step.allowed, step.allowed),
      };
    }
  }
  return [...groups.values()];
}

/** By the versions of the package on the way that fail there, oldest first. */
function compareDisputes(a: Dispute, b: Dispute): number {
  const [first, second] = [a.chains[0]!, b.chains[0]!];
  const oldest = (chain: Chain): number => chain.steps.at(-1)?.ranks[0] ?? 0;
  return compareParties(first.party, second.party) || oldest(first) - oldest(second) || a.package - b.package;
}

/** As the user listed them, constraints last. */
export function compareParties(a: Party, b: Party): number {
  if (a.kind !== b.kind) return a.kind === "demand" ? -1 : 1;
  return a.index - b.index;
}

/** By party; of one party in the order in which packages were met. */
function compareChains(a: Chain, b: Chain): number {
  const parties = compareParties(a.party, b.party);
  if (parties !== 0) return parties;
  const fork = a.steps.findIndex((step, i) => step.to !== b.steps[i]?.to);
  return fork < 0 ? -1 : a.steps[fork]!.to - (b.steps[fork]?.to ?? 0);
}
