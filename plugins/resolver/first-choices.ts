import type { Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import { Agenda } from "./agenda.ts";
import type { PackageId } from "./clauses.ts";
import type { Outcome, SelectedRelease } from "./outcome.ts";
import { has, intersect, type Ranks, SELECTED, single } from "./ranks.ts";
import { isPin, needOf, ONE_CHOICE, ORDINARY } from "./solver-node.ts";
import { type CandidateList, DIVIDED, type Universe } from "./universe.ts";

/** A package, or an extra of one, that something asks for. */
interface Choice {
  readonly id: PackageId;
  readonly name: PackageName;
  readonly extra: Extra | "";
  /** The package itself, for an extra. */
  readonly base: Choice | undefined;
  readonly extras: Choice[];
  readonly candidates: CandidateList;
  /** What all who ask so far admit; once decided, the one release. */
  known: Ranks;
  /** -1 until it is decided. */
  rank: number;
  isPinned: boolean;
}

/** A release that was taken, or an extra of it. */
export type FirstChoice = Readonly<Pick<Choice, "name" | "extra" | "rank">>;

const CONFLICT = "conflict";

/**
 * Takes for each package what comes first, and never goes back. It decides in the order in which the solver would, so that up to
 * the first conflict both come to the same; but it needs no clauses, and so a fraction of the time. Most questions have no
 * conflict at all, those of a lock's regions hardly ever, since each prefers what the one before it took.
 */
export class FirstChoices {
  readonly #universe: Universe;
  readonly #demands: readonly Requirement[];
  readonly #statistics: { decisions: number };
  readonly #choices: Choice[] = [];
  readonly #bases = new Map<PackageName, Choice>();
  readonly #agenda = new Agenda(ORDINARY + 1);
  readonly #taken: FirstChoice[] = [];
  #isBegun = false;

  /** `statistics`: where decisions are counted. */
  constructor(universe: Universe, demands: readonly Requirement[], statistics: { decisions: number }) {
    this.#universe = universe;
    this.#demands = demands;
    this.#statistics = statistics;
  }

  /** Undefined at a conflict: then a solver has to begin anew. `limit`: decisions after which to pause. */
  solve(limit: number): Outcome | undefined {
    if (!this.#isBegun) {
      const lack = this.#lackOf(this.#demands);
      if (lack) return lack;
      if (!this.#enter(this.#demands)) return undefined;
      this.#isBegun = true;
    }
    for (let steps = 0; steps < limit; steps++) {
      const id = this.#agenda.first(this.#urgencyOf);
      if (id === undefined) return { kind: "pins", pins: this.#pins() };
      const stop = this.#decide(this.#choices[id]!);
      if (stop) return stop === CONFLICT ? undefined : stop;
    }
    return needOf({ pages: [] });
  }

  /** What was taken since it was asked last. */
  taken(): readonly FirstChoice[] {
    return this.#taken.splice(0);
  }

  /** In the order in which they were met. */
  names(): readonly PackageName[] {
    return [...this.#bases.keys()];
  }

  #decide(choice: Choice): Outcome | typeof CONFLICT | undefined {
    const { name, extra } = choice;
    const known = aligned(choice);
    const rank = known.length === 0 ? -1 : this.#universe.choose(name, known);
    if (rank === DIVIDED) return { kind: "divided", decided: this.#pins() };
    if (rank < 0) return CONFLICT;
    const requirements = this.#universe.requirements(name, rank, extra);
    if (!requirements) return needOf({ pages: [], release: { name, rank, among: known } });
    if (this.#universe.isDivided(name, rank, extra))
      return { kind: "divided", decided: this.#pins().set(name, { rank, extras: [] }) };
    const lack = this.#lackOf(requirements);
    if (lack) return lack;
    this.#statistics.decisions++;
    choice.rank = rank;
    choice.known = single(rank);
    this.#taken.push(choice);
    return this.#enter(requirements) ? undefined : CONFLICT;
  }

  #lackOf(requirements: readonly Requirement[]): Outcome | undefined {
    const pages: PackageName[] = [];
    for (const { name } of requirements)
      if (!this.#bases.has(name) && !this.#universe.candidates(name) && !pages.includes(name)) pages.push(name);
    return pages.length > 0 ? needOf({ pages }) : undefined;
  }

  /** Adds what is asked for to what is known; false when that leaves nothing of a package. */
  #enter(requirements: readonly Requirement[]): boolean {
    for (const requirement of requirements) {
      const base = this.#bases.get(requirement.name) ?? this.#newBase(requirement.name);
      const allowed = base.candidates.admitted(requirement);
      if (!base.isPinned && isPin(requirement)) this.#hasten(base);
      if (!this.#narrow(base, allowed)) return false;
      for (const extra of requirement.extras) if (!this.#narrow(this.#extraOf(base, extra), allowed)) return false;
    }
    return true;
  }

  #narrow(choice: Choice, allowed: Ranks): boolean {
    if (choice.rank >= 0) return has(allowed, choice.rank);
    if (allowed !== SELECTED) choice.known = intersect(choice.known, allowed);
    this.#schedule(choice);
    return choice.known.length > 0;
  }

  #newBase(name: PackageName): Choice {
    const known = this.#universe.constraints(name).reduce((ranks, one) => intersect(ranks, one.ranks), SELECTED);
    const base = this.#add({ name, extra: "", base: undefined, candidates: this.#universe.candidates(name)!, known });
    this.#bases.set(name, base);
    return base;
  }

  #extraOf(base: Choice, extra: Extra): Choice {
    const known = base.extras.find((one) => one.extra === extra);
    if (known) return known;
    const added = this.#add({ name: base.name, extra, base, candidates: base.candidates, known: SELECTED });
    base.extras.push(added);
    return added;
  }

  #add({ name, extra, base, candidates, known }: Omit<Choice, "id" | "extras" | "rank" | "isPinned">): Choice {
    const id = this.#choices.length;
    const choice: Choice = { id, name, extra, base, extras: [], candidates, known, rank: -1, isPinned: false };
    this.#choices.push(choice);
    return choice;
  }

  #hasten(base: Choice): void {
    base.isPinned = true;
    this.#schedule(base);
    for (const extra of base.extras) this.#schedule(extra);
  }

  #schedule({ id }: Choice): void {
    const urgency = this.#urgencyOf(id);
    if (urgency !== undefined) this.#agenda.add(id, urgency);
  }

  /** Undefined once it is decided. */
  readonly #urgencyOf = (id: PackageId): number | undefined => {
    const choice = this.#choices[id]!;
    if (choice.rank >= 0) return undefined;
    return (choice.base ?? choice).isPinned ? ONE_CHOICE : ORDINARY;
  };

  #pins(): Map<PackageName, SelectedRelease> {
    const pins = new Map<PackageName, SelectedRelease>();
    for (const [name, { rank, extras }] of this.#bases) {
      if (rank < 0) continue;
      const decided = extras.filter((one) => one.rank >= 0).map(({ extra }) => extra as Extra);
      pins.set(name, { rank, extras: decided.sort() });
    }
    return pins;
  }
}

/** A package and its extras have one version. */
function aligned({ known, base, extras }: Choice): Ranks {
  if (base) return intersect(known, base.known);
  return extras.reduce((ranks, extra) => intersect(ranks, extra.known), known);
}
