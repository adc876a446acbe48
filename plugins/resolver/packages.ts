import type { PybunError } from "../../plugin-api/error.ts";
import type { DistributionMetadata, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import { Candidates, type Obstacle } from "./candidates.ts";
import { Library, type Shelf } from "./library.ts";
import type { Question } from "./question.ts";
import type { Ranks } from "./ranks.ts";
import type { Universe } from "./universe.ts";

interface Package {
  readonly shelf: Shelf;
  readonly candidates: Candidates;
  /** What of each release applies to the question, by extra and rank. */
  readonly requirements: Map<Extra | "", Map<number, readonly Requirement[]>>;
}

const NO_CONSTRAINTS: ReturnType<Universe["constraints"]> = [];

/** The library as a question sees it. Synchronous; what is missing is `undefined`. */
export class Packages implements Universe {
  readonly question: Question;
  readonly library: Library;
  readonly #packages = new Map<PackageName, Package>();
  readonly #effectiveOf = new WeakMap<readonly Requirement[], readonly Requirement[]>();
  readonly #constraints: ReadonlyMap<
    PackageName,
    readonly { readonly index: number; readonly requirement: Requirement }[]
  >;

  constructor(question: Question, library: Library = new Library()) {
    this.question = question;
    this.library = library;
    const constraints = question.constraints.map(({ requirement }, index) => ({ index, requirement }));
    this.#constraints = Map.groupBy(constraints, ({ requirement }) => requirement.name);
  }

  candidates(name: PackageName): Candidates | undefined {
    return this.#package(name)?.candidates;
  }

  choose(name: PackageName, among: Ranks): number {
    const { candidates } = this.#package(name)!;
    const { divider } = this.question;
    return divider ? divider.choose(candidates, among) : candidates.pick(among);
  }

  isDivided(name: PackageName, rank: number, extra: Extra | ""): boolean {
    const { divider } = this.question;
    return divider?.isDivided(name, (other) => this.requirements(name, rank, other) ?? [], extra) ?? false;
  }

  requirements(name: PackageName, rank: number, extra: Extra | ""): readonly Requirement[] | undefined {
    const found = this.#package(name);
    const metadata = found?.shelf.metadata.get(rank);
    if (!found || !metadata) return undefined;
    let byRank = found.requirements.get(extra);
    if (!byRank) found.requirements.set(extra, (byRank = new Map()));
    let list = byRank.get(rank);
    if (!list) {
      const { divider, policy } = this.question;
      if (policy.ignoresDependencies) return [];
      const all = divider ? sortedRequirements(metadata, extra) : metadata.dependencies.requirements(extra);
      list = this.#effective(all);
      byRank.set(rank, list);
    }
    return list;
  }

  /** Releases that require the same mostly have it in one list. */
  #effective(all: readonly Requirement[]): readonly Requirement[] {
    let list = this.#effectiveOf.get(all);
    if (!list) this.#effectiveOf.set(all, (list = this.question.effective(all)));
    return list;
  }

  constraints(name: PackageName) {
    const own = this.#constraints.get(name);
    if (own === undefined) return NO_CONSTRAINTS;
    const { candidates } = this.#package(name)!;
    return own.map(({ index, requirement }) => ({ index, ranks: candidates.admitted(requirement) }));
  }

  /** Extras that the release has; undefined until its metadata is here. */
  extras(name: PackageName, rank: number): readonly Extra[] | undefined {
    return this.#package(name)?.shelf.metadata.get(rank)?.dependencies.extras;
  }

  /** `Requires-Python` as the release publishes it; empty when it does not. */
  requiresPython(name: PackageName, rank: number): string {
    return this.#package(name)?.shelf.metadata.get(rank)?.requiresPython ?? "";
  }

  /** Logical names of the indexes that were seen to answer, in order of precedence as far as that shows. */
  searchedIndexes(): readonly string[] {
    const pages = [...this.library.shelves()].flatMap((shelf) => shelf.pages);
    return [...new Set(pages.filter((page) => !page.source).map((page) => page.index))];
  }

  addPages(name: PackageName, pages: readonly VersionPage[]): void {
    this.library.add(name, this.question.originOf(name), pages);
  }

  addMetadata(name: PackageName, rank: number, metadata: DistributionMetadata): void {
    const { problem } = metadata.dependencies;
    if (problem !== undefined) this.refuse(name, rank, { kind: "refused", why: problem });
    else this.#package(name)!.shelf.metadata.set(rank, metadata);
  }

  refuse(name: PackageName, rank: number, obstacle: Obstacle): void {
    this.#package(name)!.shelf.faults.set(rank, obstacle);
  }

  /**
   * Takes out a release that does not build, and all others of the package that would have to be built: as a rule they fail
   * alike, and building one after the other back to the first runs much old code to end with a version nobody wants.
   */
  refuseBuilds(name: PackageName, rank: number, failure: PybunError): void {
    const { candidates, shelf } = this.#package(name)!;
    for (let other = 0; other < candidates.count; other++)
      if (
        other === rank ||
        (candidates.mayTakeBuild(other) && !shelf.metadata.has(other) && !candidates.obstacle(other))
      )
        this.refuse(name, other, { kind: "build", failure, isTried: other === rank });
  }

  #package(name: PackageName): Package | undefined {
    const known = this.#packages.get(name);
    if (known) return known;
    const shelf = this.library.shelf(name, this.question.originOf(name));
    if (!shelf) return undefined;
    const candidates = new Candidates(shelf, this.question.policyFor(name), this.question.fit);
    const made = { shelf, candidates, requirements: new Map() };
    this.#packages.set(name, made);
    return made;
  }
}

/** A universal resolution looks at requirements by name, as uv does: where it has to be divided depends on the order. */
function sortedRequirements(metadata: DistributionMetadata, extra: Extra | ""): readonly Requirement[] {
  let lists = byName.get(metadata);
  if (!lists) byName.set(metadata, (lists = new Map()));
  let list = lists.get(extra);
  if (!list) {
    const all = metadata.dependencies.requirements(extra);
    lists.set(extra, (list = all.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))));
  }
  return list;
}

const byName = new WeakMap<DistributionMetadata, Map<Extra | "", readonly Requirement[]>>();
