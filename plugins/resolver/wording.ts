import type { RootOwner } from "../../plugin-api/model/lock.ts";
import type { Demand, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import type { PackageId } from "./clauses.ts";
import type { Chain, Party, Step } from "./dispute.ts";
import type { Proof } from "./minimize.ts";
import type { Packages } from "./packages.ts";
import { intersect, isSubset, type Ranks, ranksOf } from "./ranks.ts";
import { ownerInWords } from "./remedy/scope.ts";
import { asWritten, spanOf } from "./specifier-words.ts";

/** The words for a proof: names, versions and requirements as users know them. */
export class Wording {
  readonly packages: Packages;
  readonly #proof: Proof;
  readonly #ownerOf: (demand: Demand) => RootOwner | undefined;

  constructor(proof: Proof, ownerOf: (demand: Demand) => RootOwner | undefined) {
    this.packages = proof.packages;
    this.#proof = proof;
    this.#ownerOf = ownerOf;
  }

  /** The part of the project that a party belongs to. */
  ownerOf(party: Party): RootOwner | undefined {
    return party.kind === "constraint" ? undefined : this.#ownerOf(this.demandOf(party));
  }

  /** `boto3`, or `boto3[crt]` for an extra. */
  label(id: PackageId): string {
    const { name, extra } = this.#proof.solver.nodeOf(id);
    return extra === "" ? name : `${name}[${extra}]`;
  }

  nameOf(id: PackageId): PackageName {
    return this.#proof.solver.nodeOf(id).name;
  }

  candidates(id: PackageId) {
    return this.packages.candidates(this.#proof.solver.nodeOf(id).name)!;
  }

  demandOf({ kind, index }: Party): Demand {
    const { question } = this.packages;
    return kind === "demand" ? question.roots[this.#proof.roots[index]!]!.demand : question.constraints[index]!;
  }

  /** As it counts: where there is an override, that is what it asks for. */
  #requirementOf(party: Party): Requirement {
    const { roots } = this.packages.question;
    const isDemand = party.kind === "demand";
    return (isDemand ? roots[this.#proof.roots[party.index]!]! : this.demandOf(party)).requirement;
  }

  /** Where the user said it: `pyproject.toml:8`, `constraint limits.txt:3`. */
  originOf(party: Party): string {
    const { origin } = this.demandOf(party);
    return party.kind === "constraint" && !origin.startsWith("constraint") ? `constraint ${origin}` : origin;
  }

  /** `pyproject.toml:8  pytest>=8  (group dev)`, the first column filled up to a width. */
  partyLine(party: Party, width: number): string {
    const { text, requirement } = this.demandOf(party);
    const notes = [ownerInWords(this.ownerOf(party))];
    if (party.kind === "demand")
      for (const override of this.overridesOf(requirement.name))
        notes.push(`override ${override.origin}: ${override.text}`);
    const told = notes.filter((note) => note !== "").map((note) => `  (${note})`);
    return `${this.originOf(party).padEnd(width)}  ${text}${told.join("")}`;
  }

  overridesOf(name: PackageName): readonly Demand[] {
    return this.packages.question.overridesOf(name);
  }

  /** ` (override pyproject.toml:9)` behind what no release says, but the user; else empty. */
  overrideNote(to: PackageId): string {
    const origins = this.overridesOf(this.nameOf(to)).map(({ origin }) => origin);
    return origins.length === 0 ? "" : ` (override ${[...new Set(origins)].join(", ")})`;
  }

  /** As it stands in a sentence. */
  partyInText(party: Party): string {
    const { text, requirement } = this.demandOf(party);
    if (party.kind === "constraint") return `the constraint \`${text}\``;
    const overrides = this.overridesOf(requirement.name);
    if (overrides.length === 0) return `\`${text}\``;
    const texts = enumerate(overrides.map((override) => `\`${override.text}\``));
    return `the override${overrides.length === 1 ? "" : "s"} ${texts}`;
  }

  /** The releases of the set that could be used; all of them when none could. */
  usable(id: PackageId, ranks: Ranks): readonly number[] {
    const candidates = this.candidates(id);
    const all = [...ranksOf(ranks, candidates.count)];
    const usable = all.filter((rank) => !candidates.obstacle(rank));
    return usable.length > 0 ? usable : all;
  }

  /** `1.32.0`, `1.0 and 1.1`, `1.35.0 to 1.44.5 (all 546)`. */
  versions(id: PackageId, ranks: readonly number[]): string {
    const version = (rank: number): string => this.candidates(id).releases.version(rank);
    const [first, second] = ranks;
    const last = ranks.at(-1);
    if (first === undefined || last === undefined) return "no version";
    if (ranks.length === 1) return version(first);
    if (ranks.length === 2) return `${version(first)} and ${version(second!)}`;
    return `${version(first)} to ${version(last)} (all ${ranks.length})`;
  }

  /**
   * `fastapi 0.165.0 requires starlette>=1.6.0`: one line, or several where versions differ and what they have in common
   * would not show the conflict (`isClear` tells).
   */
  stepLines(step: Step, isClear: (hull: Ranks) => boolean): readonly string[] {
    const from = this.usable(step.from, step.ranks);
    const groups = this.#groupBySpecifier(step, from);
    if (groups.size <= 1) return [this.#stepLine(step, from, [...groups.keys()][0] ?? "")];
    const span = this.#span(step.to, { texts: [...groups.keys()], allowed: step.allowed });
    if (span !== undefined && isClear(span.ranks)) return [this.#stepLine(step, from, span.specifier)];
    const lines = [...groups].map(([specifier, ranks]) => this.#stepLine(step, ranks, specifier));
    return lines.length <= MOST_GROUPS
      ? lines
      : [
          ...lines.slice(0, MOST_GROUPS - 1),
          `and ${lines.length - MOST_GROUPS + 1} other requirements of ${this.label(step.from)}`,
        ];
  }

  /** What requirements have in common: in their own words, or else between the releases that they come to. */
  #span(to: PackageId, { texts, allowed }: { readonly texts: readonly string[]; readonly allowed: Ranks }) {
    const specifier = spanOf(texts);
    const hull = hullOf(allowed);
    if (specifier !== undefined && specifier !== "") {
      const ranks = this.candidates(to).admitted({ specifier });
      // The words may have been those of the releases that can be used, and the ranks those of all.
      if (isSubset(hull, ranks)) return { specifier, ranks };
    }
    return hull.length === 0 ? undefined : { specifier: this.specifierFor(to, hull), ranks: hull };
  }

  #stepLine({ from, to }: Step, ranks: readonly number[], specifier: string): string {
    const verb = ranks.length === 1 ? "requires" : "require";
    return `${this.label(from)} ${this.versions(from, ranks)} ${verb} ${this.label(to)}${specifier}${this.overrideNote(to)}`;
  }

  /** Releases by what they require: the text of the first stands for others that admit the same. */
  #groupBySpecifier({ from, to }: Step, ranks: readonly number[]): Map<string, number[]> {
    const { name, extra } = this.#proof.solver.nodeOf(from);
    const target = this.#proof.solver.nodeOf(to);
    const groups = new Map<string, number[]>();
    const textByAdmitted = new Map<string, string>();
    for (const rank of ranks) {
      const own = (this.packages.requirements(name, rank, extra) ?? []).filter((one) => one.name === target.name);
      const key = own.map((requirement) => this.candidates(to).admitted(requirement).join()).join(";");
      const texts = own.map(({ url, specifier }) => (url === undefined ? specifier : ` @ ${url}`));
      const text = textByAdmitted.get(key) ?? asWritten([...new Set(texts)].filter((one) => one !== "").join(","));
      textByAdmitted.set(key, text);
      const group = groups.get(text);
      if (group) group.push(rank);
      else groups.set(text, [rank]);
    }
    return groups;
  }

  /** `>=0.10.0,<0.20.0`: the shortest specifier for an interval of a package's releases. */
  specifierFor(id: PackageId, ranks: Ranks): string {
    const { releases, count } = this.candidates(id);
    const low = Math.max(0, ranks[0] ?? 0);
    const high = ranks.at(-1) ?? count;
    if (high - low === 1) return `==${releases.version(low)}`;
    const clauses = [low > 0 ? `>=${releases.version(low)}` : "", high < count ? `<${releases.version(high)}` : ""];
    return clauses.filter((clause) => clause !== "").join(",");
  }

  /** What the end of a chain asks of the package. */
  requiredBy(chain: Chain, id: PackageId): string {
    const step = chain.steps.at(-1);
    if (!step) {
      const { url, specifier } = this.#requirementOf(chain.party);
      return url === undefined ? asWritten(specifier) : ` @ ${url}`;
    }
    const groups = [...this.#groupBySpecifier(step, this.usable(step.from, step.ranks)).keys()];
    if (groups.length === 1) return groups[0]!;
    return this.#span(id, { texts: groups, allowed: chain.allowed })?.specifier ?? "";
  }
}

const MOST_GROUPS = 5;

export const hullOf = (ranks: Ranks): Ranks => (ranks.length === 0 ? ranks : [ranks[0]!, ranks.at(-1)!]);

export const areApart = (a: Ranks, b: Ranks): boolean => intersect(a, b).length === 0;

/** `a`, `a and b`, `a, b and c`. */
export function enumerate(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
