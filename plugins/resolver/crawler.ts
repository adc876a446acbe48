import { PybunError } from "../../plugin-api/error.ts";
import { compileEagerly } from "../../plugin-api/jit/native.ts";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Extra, PackageName, Requirement } from "../../plugin-api/model/requirement.ts";
import type { Request } from "../../plugin-api/model/resolution.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { MetadataQuery, VersionsQuery } from "../../plugin-api/stages.ts";
import { keyOf, PAGE } from "./library.ts";
import type { Need } from "./outcome.ts";
import type { Packages } from "./packages.ts";
import { intersect, isSame, type Ranks, SELECTED } from "./ranks.ts";
import { fileOf, sourceOf } from "./releases.ts";
import { Walker } from "./walker.ts";

/** So many packages are work enough for the compiler to pay. */
const MANY_PACKAGES = 150;

/** What is asked of a package by all requirements met so far. */
interface Wish {
  ranks: Ranks;
  readonly extras: Set<Extra>;
  /** The release that was followed last. */
  rank: number | undefined;
}

/**
 * Fetches ahead of the solver: the release that each requirement's package would get if nothing conflicted, and what that
 * requires, all at once, each page and each metadata once. What it fetches never changes what the solver decides.
 */
export class Crawler {
  readonly #session: Session;
  readonly #packages: Packages;
  readonly #walker: Walker;
  /** What builds run with, where metadata takes one. */
  readonly #build: Pick<Request, "interpreter">;
  readonly #wishes = new Map<PackageName, Wish>();
  /** Lists of requirements; releases that require the same mostly share one, and to follow it again would change nothing. */
  readonly #followed = new Set<readonly Requirement[]>();
  /** What is still to be followed. */
  readonly #open: Requirement[] = [];
  #isFollowing = false;

  constructor(session: Session, packages: Packages) {
    this.#session = session;
    this.#packages = packages;
    this.#walker = new Walker(packages, (name, rank) => this.metadata(name, rank));
    this.#build = packages.question.build;
  }

  /** Waits for what the solver needs; what is only likely to be needed may arrive later. */
  async fetch({ pages, release }: Need): Promise<void> {
    // What is waited for is asked for before what is not.
    const needed = release && this.metadata(release.name, release.rank);
    if (release) this.#walker.runAhead(release);
    if (pages.length > 0) await Promise.all(pages.map((name) => this.page(name)));
    if (!release) return;
    const sinceMs = performance.now();
    await needed;
    this.#walker.waited(performance.now() - sinceMs);
    this.followRelease(release.name, release.rank);
  }

  /** The solver has come to an end: what is not under way is not fetched ahead any more. */
  rest(): void {
    this.#walker.rest();
  }

  /** The package's page: throws what `fetch.versions` throws. */
  page(name: PackageName): Promise<void> {
    return this.#packages.library.once(this.#keyOf(name), PAGE, async () => {
      const query = this.#pageQuery(name);
      this.#addPages(query, await this.#session.run("fetch.versions", query));
    });
  }

  /** The same at once, where nothing has to be waited for. */
  #takePage(name: PackageName): boolean {
    const { library } = this.#packages;
    const key = this.#keyOf(name);
    if (library.isBegun(key, PAGE)) return false;
    const query = this.#pageQuery(name);
    const pages = this.#session.atHand?.("fetch.versions", query);
    if (!pages) return false;
    library.did(key, PAGE);
    this.#addPages(query, pages);
    return true;
  }

  #keyOf(name: PackageName): string {
    return keyOf(name, this.#packages.question.originOf(name));
  }

  #pageQuery(name: PackageName): VersionsQuery {
    const { question } = this.#packages;
    const [url, index] = [question.directUrl(name), question.indexFor(name)];
    const requirement: Requirement | undefined =
      url === undefined ? undefined : { name, extras: [], specifier: "", marker: "", url };
    const where = requirement ? { requirement } : index === undefined ? {} : { index };
    return { name, ...where, ...this.#build };
  }

  #addPages({ name, requirement }: VersionsQuery, pages: readonly VersionPage[]): void {
    this.#packages.addPages(name, requirement ? pages : [...this.#packages.question.present(name), ...pages]);
    const packages = this.#packages.library.count;
    if (packages === MANY_PACKAGES) compileEagerly();
    this.#session.emit({ type: "ResolveProgress", packages, name });
  }

  /** A release's metadata. A release whose metadata can't be had is refused; other errors are thrown. */
  metadata(name: PackageName, rank: number): Promise<void> {
    this.#walker.asked(name, rank);
    return this.#packages.library.once(this.#keyOf(name), rank, async () => {
      const query = this.#metadataQuery(name, rank);
      try {
        this.#packages.addMetadata(name, rank, await this.#session.run("fetch.metadata", query));
      } catch (error) {
        if (!isReleaseAtFault(error)) throw error;
        this.#packages.library.doubt();
        if (error.code.startsWith("E_BUILD")) this.#packages.refuseBuilds(name, rank, error);
        else this.#packages.refuse(name, rank, { kind: "refused", why: error.message });
      }
    });
  }

  /** The same at once, where nothing has to be waited for. */
  #takeMetadata(name: PackageName, rank: number): boolean {
    const { library } = this.#packages;
    const key = this.#keyOf(name);
    if (library.isBegun(key, rank)) return false;
    const metadata = this.#session.atHand?.("fetch.metadata", this.#metadataQuery(name, rank));
    if (!metadata) return false;
    this.#walker.asked(name, rank);
    library.did(key, rank);
    this.#packages.addMetadata(name, rank, metadata);
    return true;
  }

  #metadataQuery(name: PackageName, rank: number): MetadataQuery {
    const candidates = this.#packages.candidates(name)!;
    const chosen = candidates.metadataFile(rank)!;
    const [file, source, version] = [fileOf(chosen), sourceOf(chosen), candidates.releases.version(rank)];
    if (file.sha256 === undefined) this.#packages.library.doubt();
    return { name, version, file, source, ...this.#build };
  }

  /** Fetches ahead what these requirements lead to. Its own failures are silent: the solver meets them if it gets there. */
  follow(requirements: readonly Requirement[]): void {
    this.#open.push(...requirements);
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    // One after the other as they were met: however deep a graph is that is all at hand, no call is within another's.
    for (const requirement of this.#open) {
      try {
        this.#take(requirement);
      } catch {}
    }
    this.#open.length = 0;
    this.#isFollowing = false;
  }

  #take(requirement: Requirement): void {
    const { name } = requirement;
    if (this.#packages.candidates(name) || this.#takePage(name)) this.#visit(requirement);
    else this.#quietly(this.page(name).then(() => this.follow([requirement])));
  }

  /** As `follow`, for what a release requires. */
  followRelease(name: PackageName, rank: number): void {
    const extras = this.#wishes.get(name)?.extras ?? [];
    for (const extra of ["" as const, ...extras]) {
      const requirements = this.#packages.requirements(name, rank, extra);
      if (!requirements || this.#followed.has(requirements)) continue;
      this.#followed.add(requirements);
      this.follow(requirements);
    }
  }

  #visit(requirement: Requirement): void {
    const { name } = requirement;
    const candidates = this.#packages.candidates(name)!;
    const wish = this.#wishes.get(name) ?? this.#firstWish(name);
    const ranks = intersect(wish.ranks, candidates.admitted(requirement));
    const extras = requirement.extras.filter((extra) => !wish.extras.has(extra));
    if (wish.rank !== undefined && extras.length === 0 && isSame(ranks, wish.ranks)) return;
    wish.ranks = ranks;
    for (const extra of extras) wish.extras.add(extra);
    const rank = candidates.pick(ranks);
    wish.rank = rank;
    if (rank < 0) return;
    if (this.#packages.requirements(name, rank, "")) this.followRelease(name, rank);
    else if (this.#isCheap(name, rank)) {
      if (this.#takeMetadata(name, rank)) this.followRelease(name, rank);
      else this.#quietly(this.metadata(name, rank).then(() => this.followRelease(name, rank)));
    }
  }

  /** What may take a build waits until the solver asks. */
  #isCheap(name: PackageName, rank: number): boolean {
    return !this.#packages.candidates(name)!.mayTakeBuild(rank);
  }

  #firstWish(name: PackageName): Wish {
    const constraints = this.#packages.constraints(name).map((constraint) => constraint.ranks);
    const wish: Wish = { ranks: constraints.reduce(intersect, SELECTED), extras: new Set(), rank: undefined };
    this.#wishes.set(name, wish);
    return wish;
  }

  #quietly(work: Promise<void>): void {
    work.catch(() => undefined);
  }
}

/** The release itself is of no use, as against a network or machine that fails. */
function isReleaseAtFault(error: unknown): error is PybunError {
  if (!(error instanceof PybunError)) return false;
  return error.code === "E_NO_HANDLER" || error.code === "E_METADATA" || error.code.startsWith("E_BUILD");
}
