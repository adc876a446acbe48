import type { Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import { Agenda } from "./agenda.ts";
import { type ClauseId, Clauses, type PackageId } from "./clauses.ts";
import { type FirstChoice, FirstChoices } from "./first-choices.ts";
import { learn } from "./learn.ts";
import type { Outcome, SelectedRelease } from "./outcome.ts";
import {
  ABSENT,
  complement,
  has,
  including,
  intersect,
  isDisjoint,
  isPositive,
  isSubset,
  onlyRank,
  type Ranks,
  SELECTED,
  single,
} from "./ranks.ts";
import {
  CONFLICTS,
  isPin,
  type Node,
  needOf,
  OFTEN_AT_FAULT,
  OFTEN_REJECTED,
  ONE_CHOICE,
  ORDINARY,
  ROOT,
  type Rule,
} from "./solver-node.ts";
import { Trail } from "./trail.ts";
import { DIVIDED, type Universe } from "./universe.ts";

// Results of `#judge` other than the position of the one open term.
const HARMLESS = -1;
const OPEN = -2;
const VIOLATED = -3;
/** So many clauses that need no look are worth to be left out. */
const MANY_PASSED = 32;

/**
 * PubGrub over ranks. Synchronous and without input or output: it returns pins, a conflict or what it needs, and keeps
 * its state. Its course depends on the universe alone, never on when data arrived.
 */
export class Solver {
  readonly clauses = new Clauses();
  readonly statistics = { decisions: 0, givenUp: 0, conflicts: 0 };
  readonly #universe: Universe;
  readonly #demands: readonly Requirement[];
  readonly #trail = new Trail();
  readonly #nodes: Node[] = [];
  readonly #ids = new Map<string, PackageId>();
  readonly #queue: PackageId[] = [];
  /** The clause of a package's releases that require the same of another, by the two and the ranks they allow. */
  readonly #mergeable = new Map<number, Map<Ranks, ClauseId>>();
  readonly #agenda = new Agenda(ORDINARY + 1);
  readonly #rules = new Map<number, readonly Rule[]>();
  readonly #rushed: PackageId[] = [];
  #firstChoices: FirstChoices | undefined;

  constructor(universe: Universe, demands: readonly Requirement[]) {
    this.#universe = universe;
    this.#demands = demands;
    this.#firstChoices = new FirstChoices(universe, demands, this.statistics);
    this.#node("" as PackageName, "");
    this.clauses.add([ROOT], [complement(single(0))], { kind: "root" });
  }

  /** What a number stands for. */
  nodeOf(id: PackageId): { readonly name: PackageName; readonly extra: Extra | ""; readonly base: PackageId } {
    return this.#nodes[id]!;
  }

  /** Packages that mattered at some time, in the order in which they were met. */
  names(): readonly PackageName[] {
    return this.#firstChoices?.names() ?? [...new Set(this.#nodes.slice(1).map(({ name }) => name))];
  }

  /** Releases taken since it was asked last, as long as there was no conflict. */
  taken(): readonly FirstChoice[] {
    return this.#firstChoices?.taken() ?? [];
  }

  /** `limit`: decisions after which to pause with an empty need, so that the caller can look at the clock. */
  solve(limit = Number.POSITIVE_INFINITY): Outcome {
    const outcome = this.#firstChoices?.solve(limit);
    if (outcome) return outcome;
    this.#firstChoices = undefined;
    for (let steps = 0; steps < limit; ) {
      const causes = this.#propagate();
      if (causes) return { kind: "conflict", facts: this.clauses.factsBehind(causes) };
      this.#reconsiderRushed();
      if (!this.#trail.isDecided[ROOT]) {
        const lack = this.#decideRoot();
        if (lack) return lack;
        continue;
      }
      const id = this.#agenda.first(this.#urgencyOf);
      if (id === undefined) return { kind: "pins", pins: this.#pins() };
      if (this.#alignExtras(id)) continue;
      const lack = this.#decide(id);
      if (lack) return lack;
      steps++;
    }
    return needOf({ pages: [] });
  }

  #decideRoot(): Outcome | undefined {
    const pages = this.#missingPages(this.#demands);
    if (pages.length > 0) return needOf({ pages });
    for (const [index, demand] of this.#demands.entries()) {
      for (const [to, allowed] of this.#addRules(demand, [])) {
        this.clauses.add([ROOT, to], [single(0), complement(allowed)], { kind: "demand", index, package: to });
      }
    }
    this.#trail.decide(ROOT, single(0));
    this.#queue.push(ROOT);
    return undefined;
  }

  #decide(id: PackageId): Outcome | undefined {
    const node = this.#nodes[id]!;
    const known = this.#trail.known[id]!;
    const rank = this.#universe.choose(node.name, known);
    if (rank === DIVIDED) return { kind: "divided", decided: this.#pins() };
    if (rank < 0) {
      this.clauses.add([id], [intersect(known, SELECTED)], { kind: "unusable", package: id });
      this.#queue.push(id);
      return undefined;
    }
    let rules = this.#rules.get(ruleKey(id, rank));
    if (!rules) {
      const requirements = this.#universe.requirements(node.name, rank, node.extra);
      if (!requirements) return needOf({ pages: [], release: { name: node.name, rank, among: known } });
      if (this.#universe.isDivided(node.name, rank, node.extra)) {
        return { kind: "divided", decided: this.#pins().set(node.name, { rank, extras: [] }) };
      }
      const pages = this.#missingPages(requirements);
      if (pages.length > 0) return needOf({ pages });
      rules = this.#expand(id, rank, requirements);
    }
    this.statistics.decisions++;
    // A release that breaks a rule already is not worth a decision: propagation rules it out at once.
    if (!this.#breaksRule(id, rules)) this.#trail.decide(id, single(rank));
    this.#queue.push(id);
    return undefined;
  }

  #missingPages(requirements: readonly Requirement[]): PackageName[] {
    const missing: PackageName[] = [];
    for (const { name } of requirements)
      if (!this.#universe.candidates(name) && !missing.includes(name)) missing.push(name);
    return missing;
  }

  #node(name: PackageName, extra: Extra | ""): PackageId {
    const key = extra === "" ? name : `${name}[${extra}]`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const base = extra === "" ? this.#nodes.length : this.#node(name, "");
    const id = this.#nodes.length;
    const candidates = id === ROOT ? undefined : this.#universe.candidates(name);
    this.#nodes.push({
      name,
      extra,
      base,
      extras: [],
      candidates,
      urgency: ORDINARY,
      conflicts: 0,
      isPinned: false,
    });
    this.#ids.set(key, id);
    this.#trail.addPackage();
    this.clauses.of.push([]);
    if (base !== id) this.#nodes[base]!.extras.push(id);
    else if (id !== ROOT) this.#addConstraints(id, name);
    return id;
  }

  #addConstraints(id: PackageId, name: PackageName): void {
    for (const { index, ranks } of this.#universe.constraints(name)) {
      this.clauses.add([id], [intersect(complement(ranks), SELECTED)], { kind: "constraint", index });
      this.#queue.push(id);
    }
  }

  /** A requirement on `a[x,y]` asks for `a` and for each of the extras. */
  #addRules(requirement: Requirement, rules: Rule[]): readonly Rule[] {
    const base = this.#node(requirement.name, "");
    const { candidates } = this.#nodes[base]!;
    const allowed = candidates!.admitted(requirement);
    if (isPin(requirement)) this.#hasten(base);
    rules.push([base, allowed]);
    for (const extra of requirement.extras) rules.push([this.#node(requirement.name, extra), allowed]);
    return rules;
  }

  #expand(id: PackageId, rank: number, requirements: readonly Requirement[]): readonly Rule[] {
    const rules: Rule[] = [];
    for (const requirement of requirements) this.#addRules(requirement, rules);
    for (const rule of rules) this.#require(id, rank, rule);
    this.#rules.set(ruleKey(id, rank), rules);
    return rules;
  }

  /** Neighbouring releases mostly require the same: their clauses are one, with more ranks. */
  #require(from: PackageId, rank: number, [to, allowed]: Rule): void {
    if (from === to) {
      if (!has(allowed, rank)) this.clauses.add([from], [single(rank)], { kind: "dependency", from, to });
      return;
    }
    const pair = from * MOST_PACKAGES + to;
    let clauses = this.#mergeable.get(pair);
    if (!clauses) this.#mergeable.set(pair, (clauses = new Map()));
    const same = clauses.get(allowed);
    if (same !== undefined) this.clauses.widen(same, including(this.clauses.sets[same]![0]!, rank));
    else {
      const reason = { kind: "dependency", from, to } as const;
      clauses.set(allowed, this.clauses.add([from, to], [single(rank), complement(allowed)], reason));
    }
  }

  /** Makes a package and its extras agree before one of them is decided; true when something had to be said. */
  #alignExtras(id: PackageId): boolean {
    const node = this.#nodes[id]!;
    const known = this.#trail.known;
    if (node.base !== id) {
      const base = known[node.base]!;
      if (isPositive(base) && isSubset(known[id]!, base)) return false;
      const sets = isPositive(base) ? [base, intersect(complement(base), SELECTED)] : [[ABSENT, 0], SELECTED];
      this.clauses.add([node.base, id], sets, { kind: "same-version" });
      this.#queue.push(id);
      return true;
    }
    for (const extra of node.extras) {
      const own = known[extra]!;
      if (!isPositive(own) || isSubset(known[id]!, own)) continue;
      this.clauses.add([extra, id], [own, complement(own)], { kind: "same-version" });
      this.#queue.push(id);
      return true;
    }
    return false;
  }

  #breaksRule(id: PackageId, rules: readonly Rule[]): boolean {
    for (const [to, allowed] of rules) {
      if (!isDisjoint(this.#trail.known[to]!, allowed)) continue;
      this.#blame(id, OFTEN_REJECTED);
      if (to !== id) this.#blame(to, OFTEN_AT_FAULT);
      return true;
    }
    return false;
  }

  #blame(id: PackageId, urgency: number): void {
    if (id === ROOT) return;
    const node = this.#nodes[id]!;
    node.conflicts++;
    if (node.conflicts !== CONFLICTS || node.urgency <= urgency) return;
    node.urgency = urgency;
    this.#schedule(id);
    this.#rushed.push(id);
  }

  #hasten(base: PackageId): void {
    const node = this.#nodes[base]!;
    if (node.isPinned) return;
    node.isPinned = true;
    for (const id of [base, ...node.extras]) this.#schedule(id);
  }

  /** A package that turned out to be contested is decided anew, before those it was contested by. */
  #reconsiderRushed(): void {
    let level = Number.POSITIVE_INFINITY;
    for (const id of this.#rushed) {
      if (this.#trail.isDecided[id]) level = Math.min(level, this.#trail.decisionLevel(id) - 1);
    }
    this.#rushed.length = 0;
    if (level < this.#trail.level) this.#backtrack(Math.max(1, level));
  }

  #backtrack(level: number): void {
    this.statistics.givenUp += this.#trail.backtrack(level);
    this.clauses.backtrack(level);
    for (let id = 1; id < this.#nodes.length; id++) this.#schedule(id);
  }

  /** How soon a package is to be decided on; undefined when it is not to be. */
  readonly #urgencyOf = (id: PackageId): number | undefined => {
    const known = this.#trail.known[id]!;
    if (this.#trail.isDecided[id] || !isPositive(known)) return undefined;
    const { urgency, base } = this.#nodes[id]!;
    return urgency === ORDINARY && this.#nodes[base]!.isPinned ? ONE_CHOICE : urgency;
  };

  #schedule(id: PackageId): void {
    const urgency = id === ROOT ? undefined : this.#urgencyOf(id);
    if (urgency !== undefined) this.#agenda.add(id, urgency);
  }

  /** Draws all conclusions; returns the causes of a contradiction that no choice can mend. */
  #propagate(): readonly ClauseId[] | undefined {
    for (let id = this.#queue.pop(); id !== undefined; id = this.#queue.pop()) {
      const about = this.clauses.of[id]!;
      let passed = 0;
      for (let i = about.length - 1; i >= 0; i--) {
        const clause = about[i]!;
        if (this.clauses.isSettled(clause)) {
          passed++;
          continue;
        }
        const position = this.#judge(clause);
        if (position === HARMLESS) this.clauses.settle(clause, this.#trail.level);
        else if (position >= 0) this.#conclude(clause, position);
        else if (position === VIOLATED) {
          const causes = this.#recover(clause);
          if (causes) return causes;
          break;
        }
      }
      if (passed > MANY_PASSED && 2 * passed > about.length) this.clauses.leaveOut(id);
    }
    return undefined;
  }

  /** The position of the clause's only term that is not yet true, or HARMLESS, OPEN (several), VIOLATED (none). */
  #judge(clause: ClauseId): number {
    const packages = this.clauses.packages[clause]!;
    const sets = this.clauses.sets[clause]!;
    let open = VIOLATED;
    for (let i = 0; i < packages.length; i++) {
      const known = this.#trail.known[packages[i]!]!;
      if (isSubset(known, sets[i]!)) continue;
      if (isDisjoint(known, sets[i]!)) return HARMLESS;
      if (open >= 0) return OPEN;
      open = i;
    }
    return open;
  }

  /** All other terms are true, so this one is not. */
  #conclude(clause: ClauseId, position: number): void {
    const id = this.clauses.packages[clause]![position]!;
    this.#trail.assign(id, complement(this.clauses.sets[clause]![position]!), clause);
    this.clauses.settle(clause, this.#trail.level);
    this.#schedule(id);
    if (!this.#queue.includes(id)) this.#queue.push(id);
  }

  /** Goes back to where a conflict could have been seen, with a clause that says so; its causes when nothing helps. */
  #recover(violated: ClauseId): readonly ClauseId[] | undefined {
    this.statistics.conflicts++;
    const { packages, sets, causes, level } = learn(this.clauses, this.#trail, violated);
    if (level === undefined) return causes;
    this.#backtrack(level);
    this.#queue.length = 0;
    const learned = causes.length === 1 ? violated : this.clauses.add(packages, sets, { kind: "learned", causes });
    const open = this.#judge(learned);
    if (open < 0) throw new Error("the learned clause has no open term");
    this.#blameFor(learned, this.clauses.packages[learned]![open]!);
    this.#conclude(learned, open);
    return undefined;
  }

  #blameFor(clause: ClauseId, rejected: PackageId): void {
    this.#blame(rejected, OFTEN_REJECTED);
    for (const id of this.clauses.packages[clause]!) {
      if (id !== rejected && this.#trail.isDecided[id]) this.#blame(id, OFTEN_AT_FAULT);
    }
  }

  #pins(): Map<PackageName, SelectedRelease> {
    const pins = new Map<PackageName, SelectedRelease>();
    for (const [id, node] of this.#nodes.entries()) {
      if (id === ROOT || node.base !== id || !this.#trail.isDecided[id]) continue;
      const extras = node.extras.filter((extra) => this.#trail.isDecided[extra]);
      const names = extras.map((extra) => this.#nodes[extra]!.extra as Extra).sort();
      pins.set(node.name, { rank: onlyRank(this.#trail.known[id]!)!, extras: names });
    }
    return pins;
  }
}

const MOST_PACKAGES = 2 ** 24;
const ruleKey = (id: PackageId, rank: number): number => id * 2 ** 24 + rank;
