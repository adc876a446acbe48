import type { PybunError } from "../../plugin-api/error.ts";
import type { DependencyTable, DistributionMetadata, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import { Candidates, type Obstacle } from "./candidates.ts";
import { type Fit, fitOf } from "./fit.ts";
import type { Question } from "./question.ts";
import { releasesOf } from "./releases.ts";
import type { Universe } from "./universe.ts";

interface Package {
  readonly pages: readonly VersionPage[];
  readonly candidates: Candidates;
  /** By rank; what is not fetched is missing. */
  readonly known: Map<number, KnownRelease>;
}

interface KnownRelease {
  readonly table: DependencyTable;
  /** What applies of it to the question, by extra. */
  readonly requirements: Map<Extra | "", readonly Requirement[]>;
}

const NO_CONSTRAINTS: ReturnType<Universe["constraints"]> = [];

/** All that is known so far of the packages of one resolution. Synchronous; what is missing is `undefined`. */
export class Packages implements Universe {
  readonly question: Question;
  readonly #fit: Fit;
  readonly #packages = new Map<PackageName, Package>();
  #isUnsure = false;

  /** `known`: what was fetched for another question. */
  constructor(question: Question, known?: Packages) {
    this.question = question;
    this.#fit = fitOf(question.request.target);
    for (const [name, { pages, candidates, known: releases }] of known ? known.#packages : []) {
      this.addPages(name, pages);
      const mine = this.#packages.get(name)!.known;
      for (const [rank, { table }] of releases) mine.set(rank, fresh(table));
      for (const { rank, obstacle } of candidates.refusals()) this.refuse(name, rank, obstacle);
    }
  }

  get count(): number {
    return this.#packages.size;
  }

  candidates(name: PackageName): Candidates | undefined {
    return this.#packages.get(name)?.candidates;
  }

  requirements(name: PackageName, rank: number, extra: Extra | ""): readonly Requirement[] | undefined {
    const release = this.#packages.get(name)?.known.get(rank);
    if (!release) return undefined;
    let list = release.requirements.get(extra);
    if (!list) {
      list = this.question.effective(release.table.requirements(extra));
      release.requirements.set(extra, list);
    }
    return list;
  }

  constraints(name: PackageName) {
    const { constraints } = this.question;
    if (constraints.length === 0) return NO_CONSTRAINTS;
    const { candidates } = this.#packages.get(name)!;
    return constraints.flatMap(({ requirement }, index) =>
      requirement.name === name ? [{ index, ranks: candidates.admitted(requirement) }] : [],
    );
  }

  /** Extras that the release has; undefined until its metadata is here. */
  extras(name: PackageName, rank: number): readonly Extra[] | undefined {
    return this.#packages.get(name)?.known.get(rank)?.table.extras;
  }

  /** Logical names of the indexes that were seen to answer, in order of precedence as far as that shows. */
  searchedIndexes(): readonly string[] {
    const pages = [...this.#packages.values()].flatMap((known) => known.pages);
    return [...new Set(pages.filter((page) => !page.source).map((page) => page.index))];
  }

  /** Nothing but the request and the pages of indexes decides: the same pages will lead to the same tomorrow. */
  get isCertain(): boolean {
    const isDirect = [...this.#packages.values()].some(({ pages }) => pages.some(({ source }) => source));
    return !isDirect && !this.#isUnsure;
  }

  /** What was learned of a release may be otherwise tomorrow, though its page stays the same. */
  doubt(): void {
    this.#isUnsure = true;
  }

  addPages(name: PackageName, pages: readonly VersionPage[]): void {
    const candidates = new Candidates(releasesOf(pages), this.question.policyFor(name), this.#fit);
    this.#packages.set(name, { pages, candidates, known: new Map() });
  }

  addMetadata(name: PackageName, rank: number, metadata: DistributionMetadata): void {
    const { requiresPython, dependencies } = metadata;
    if (dependencies.problem !== undefined) this.refuse(name, rank, { kind: "refused", why: dependencies.problem });
    else if (!this.#fit.allowsPython(requiresPython)) this.refuse(name, rank, { kind: "python", requiresPython });
    else this.#packages.get(name)!.known.set(rank, fresh(dependencies));
  }

  refuse(name: PackageName, rank: number, obstacle: Obstacle): void {
    this.#packages.get(name)!.candidates.refuse(rank, obstacle);
  }

  /**
   * Takes out a release that does not build, and all others of the package that would have to be built: as a rule they fail
   * alike, and building one after the other back to the first runs much old code to end with a version nobody wants.
   */
  refuseBuilds(name: PackageName, rank: number, failure: PybunError): void {
    const { candidates, known } = this.#packages.get(name)!;
    for (let other = 0; other < candidates.count; other++)
      if (candidates.isSource(other) && !known.has(other) && !candidates.obstacle(other))
        candidates.refuse(other, { kind: "build", failure, isTried: other === rank });
  }
}

const fresh = (table: DependencyTable): KnownRelease => ({ table, requirements: new Map() });
