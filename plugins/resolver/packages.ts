import type { DependencyTable, DistributionMetadata, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import { Candidates, type Obstacle } from "./candidates.ts";
import { type Fit, fitOf } from "./fit.ts";
import type { Question } from "./question.ts";
import { releasesOf } from "./releases.ts";
import type { Universe } from "./universe.ts";

/** All that is known so far of the packages of one resolution. Synchronous; what is missing is `undefined`. */
export class Packages implements Universe {
  readonly question: Question;
  readonly #fit: Fit;
  readonly #candidates = new Map<PackageName, Candidates>();
  readonly #tables = new Map<PackageName, DependencyTable[]>();
  readonly #pages = new Map<PackageName, readonly VersionPage[]>();
  readonly #indexes = new Set<string>();
  readonly #requirements = new Map<string, readonly Requirement[]>();

  /** `known`: what was fetched for another question. */
  constructor(question: Question, known?: Packages) {
    this.question = question;
    this.#fit = fitOf(question.request.target);
    if (known) this.#take(known);
  }

  #take(known: Packages): void {
    for (const [name, pages] of known.#pages) this.addPages(name, pages);
    for (const [name, tables] of known.#tables) this.#tables.set(name, [...tables]);
    for (const [name, candidates] of known.#candidates) {
      for (const { rank, obstacle } of candidates.refusals()) this.refuse(name, rank, obstacle);
    }
  }

  candidates(name: PackageName): Candidates | undefined {
    return this.#candidates.get(name);
  }

  requirements(name: PackageName, rank: number, extra: Extra | ""): readonly Requirement[] | undefined {
    const table = this.#tables.get(name)?.[rank];
    if (!table) return undefined;
    const key = `${name} ${rank} ${extra}`;
    let list = this.#requirements.get(key);
    if (!list) {
      list = table.requirements(extra).flatMap(this.question.effective);
      this.#requirements.set(key, list);
    }
    return list;
  }

  constraints(name: PackageName) {
    const candidates = this.#candidates.get(name)!;
    return this.question.constraints.flatMap(({ requirement }, index) =>
      requirement.name === name ? [{ index, ranks: candidates.admitted(requirement) }] : [],
    );
  }

  /** Extras that the release has; undefined until its metadata is here. */
  extras(name: PackageName, rank: number): readonly Extra[] | undefined {
    return this.#tables.get(name)?.[rank]?.extras;
  }

  /** Logical names of the indexes that were seen to answer, in order of precedence as far as that shows. */
  searchedIndexes(): readonly string[] {
    return [...this.#indexes];
  }

  addPages(name: PackageName, pages: readonly VersionPage[]): void {
    for (const page of pages) if (!page.source) this.#indexes.add(page.index);
    this.#pages.set(name, pages);
    this.#candidates.set(name, new Candidates(releasesOf(pages), this.question.policyFor(name), this.#fit));
    this.#tables.set(name, []);
  }

  addMetadata(name: PackageName, rank: number, metadata: DistributionMetadata): void {
    const { requiresPython, dependencies } = metadata;
    if (dependencies.problem !== undefined) this.refuse(name, rank, { kind: "refused", why: dependencies.problem });
    else if (!this.#fit.allowsPython(requiresPython)) this.refuse(name, rank, { kind: "python", requiresPython });
    else this.#tables.get(name)![rank] = dependencies;
  }

  refuse(name: PackageName, rank: number, obstacle: Obstacle): void {
    this.#candidates.get(name)!.refuse(rank, obstacle);
  }
}
