import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { stays } from "../../plugin-api/system/afterwards.ts";
import type { NeededRelease } from "./outcome.ts";
import type { Packages } from "./packages.ts";
import { complement, countOf, END, including, intersect, NONE, type Ranks } from "./ranks.ts";

/** So long a wait for metadata shows an index that is far away. */
const FAR_MS = 10;

/** How far ahead of the solver to fetch what is walked release by release. */
interface Reach {
  /** A package for whose metadata the solver had to wait so often is walked. */
  readonly waits: number;
  /** So many times what was walked already is asked for before the solver has come to it, */
  readonly growth: number;
  /** and never less or more than this of a package. */
  readonly least: number;
  readonly most: number;
}
/**
 * What is fetched in vain costs as much as what is needed; but the further away an index is, the more a wait costs: there as many
 * are to be under way as are looked at meanwhile.
 */
const NEAR: Reach = { waits: 3, growth: 2, least: 4, most: 64 };
const FAR: Reach = { waits: 1, growth: 4, least: 32, most: 316 };
/** All that is under way takes memory, which a process that stays has already. */
const FAR_ONCE: Reach = { ...FAR, most: 144 };
/** As many as may be asked for at once by any way: what waits longer waits here, where it takes no memory and can be left. */
const MOST_UNDER_WAY = 306;

/** A package's way through its releases. */
interface Walk {
  /** How often the solver had to wait for metadata. */
  waits: number;
  /** Releases whose metadata was asked for. */
  asked: Ranks;
  /** The release at which it is to be seen again how much is in hand; undefined: at the next. */
  turn: number | undefined;
  /** How many releases may still be fetched because others ask for them. */
  steps: number;
  readonly companions: Map<PackageName, Companion>;
}

/** What the releases of a package ask of another that is walked as well. */
interface Companion {
  releases: number;
  readonly sets: Set<Ranks>;
  /** They are walked in step, as boto3 and botocore are: nearly each release of one asks for a release of its own of the other. */
  isInStep: boolean;
}
/** So many releases that ask for different ones show it. */
const ENOUGH = 3;

/**
 * Decides which releases the solver will most likely want next, where it goes through a package release by release: the longer it
 * has walked, the more of them. When they are asked for depends on when answers came; what is decided does not.
 */
export class Walker {
  readonly #packages: Packages;
  readonly #fetch: (name: PackageName, rank: number) => Promise<void>;
  readonly #walks = new Map<PackageName, Walk>();
  #reach = NEAR;
  /** What is to be asked for, in this order. */
  readonly #queue: (readonly [name: PackageName, rank: number])[] = [];
  #underWay = 0;

  /** `fetch`: has a release's metadata brought; its failures are met by the solver, if it gets there. */
  constructor(packages: Packages, fetch: (name: PackageName, rank: number) => Promise<void>) {
    this.#packages = packages;
    this.#fetch = fetch;
  }

  /** A release's metadata was asked for, by whomever. */
  asked(name: PackageName, rank: number): void {
    const walk = this.#walkOf(name);
    walk.asked = including(walk.asked, rank);
  }

  /** The solver has waited so long for a release. */
  waited(durationMs: number): void {
    if (durationMs > FAR_MS) this.#reach = stays() ? FAR : FAR_ONCE;
  }

  /** The solver is going to wait for a release: asks for those that are likely to come next, in the order in which they would. */
  runAhead({ name, rank, among }: NeededRelease): void {
    const walk = this.#walkOf(name);
    const { waits, growth, least, most } = this.#reach;
    if (walk.waits++ < waits) return;
    const candidates = this.#packages.candidates(name)!;
    const { turn } = walk;
    if (turn !== undefined && (candidates.policy.isLowest ? rank < turn : rank > turn)) return;
    const inHand = countOf(intersect(walk.asked, among)) - 1;
    const wanted = Math.min(Math.max(growth * (countOf(walk.asked) - inHand), least), most);
    const enough = wanted - (wanted >> 3);
    if (inHand >= enough) return;
    const next = candidates.next(intersect(among, complement(walk.asked)), wanted - inHand);
    walk.turn = next[Math.min(next.length - 1, enough - inHand)];
    const lists: (readonly [PackageName, readonly number[]])[] = [[name, next]];
    for (const [other, { isInStep }] of walk.companions)
      if (isInStep) lists.push([other, this.#nextInStep(other, countOf(walk.asked) + next.length)]);
    const longest = Math.max(...lists.map(([, { length }]) => length));
    for (let i = 0; i < longest; i++)
      for (const [each, ranks] of lists) if (i < ranks.length) this.#ask(each, ranks[i]!);
  }

  /**
   * As many releases of what is walked in step with a package as of itself, before it is known which each of its own asks for:
   * else each step would take the way to the index twice, one after the other.
   */
  #nextInStep(name: PackageName, count: number): readonly number[] {
    const { asked } = this.#walkOf(name);
    const candidates = this.#packages.candidates(name)!;
    const beyond: Ranks = candidates.policy.isLowest ? [asked.at(-1) ?? 0, END] : [0, asked[0] ?? END];
    return candidates.next(beyond, count - countOf(asked));
  }

  #ask(name: PackageName, rank: number): void {
    // What may take a build waits until the solver asks.
    if (this.#packages.candidates(name)!.mayTakeBuild(rank)) return;
    this.asked(name, rank);
    this.#queue.push([name, rank]);
    this.#send();
  }

  #send(): void {
    while (this.#underWay < MOST_UNDER_WAY) {
      const next = this.#queue.shift();
      if (!next) return;
      this.#underWay++;
      const ended = (): void => {
        this.#underWay--;
        this.#send();
      };
      this.#fetch(...next).then(() => {
        ended();
        this.#arrived(...next);
      }, ended);
    }
  }

  /** The solver wants no more: what is not under way yet is not asked for. */
  rest(): void {
    this.#queue.length = 0;
  }

  /**
   * What goes with a release that the solver may walk to. Releases arrive in any order: what one can't use, because what it asks
   * for was asked for already, is left to those behind it.
   */
  #arrived(name: PackageName, rank: number): void {
    const walk = this.#walkOf(name);
    for (const requirement of this.#packages.requirements(name, rank, "") ?? []) {
      const other = requirement.name;
      const otherWalk = this.#walks.get(other);
      if (!otherWalk || otherWalk.waits === 0) continue;
      const companion = companionOf(walk, other);
      if (companion.isInStep) continue;
      const candidates = this.#packages.candidates(other)!;
      const admitted = candidates.admitted(requirement);
      companion.releases++;
      companion.sets.add(admitted);
      companion.isInStep = companion.sets.size >= ENOUGH && 2 * companion.sets.size >= companion.releases;
      if (companion.isInStep) {
        for (const one of this.#nextInStep(other, countOf(walk.asked))) this.#ask(other, one);
        continue;
      }
      if (otherWalk.waits < NEAR.waits) continue;
      const next = candidates.next(intersect(admitted, complement(otherWalk.asked)), ++otherWalk.steps);
      otherWalk.steps -= next.length;
      for (const one of next) this.#ask(other, one);
    }
  }

  #walkOf(name: PackageName): Walk {
    let walk = this.#walks.get(name);
    if (!walk)
      this.#walks.set(name, (walk = { waits: 0, asked: NONE, turn: undefined, steps: 0, companions: new Map() }));
    return walk;
  }
}

function companionOf({ companions }: Walk, other: PackageName): Companion {
  let companion = companions.get(other);
  if (!companion) companions.set(other, (companion = { releases: 0, sets: new Set(), isInStep: false }));
  return companion;
}
