import type { DistributionMetadata, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { Admitted } from "./admitted.ts";
import type { Obstacle } from "./candidates.ts";
import { type Releases, releasesOf } from "./releases.ts";
import { Surveys, type UniformSurvey, type Verdict } from "./survey.ts";

/** What is known of a package from one source, whichever question it was fetched for. */
export interface Shelf {
  readonly pages: readonly VersionPage[];
  readonly releases: Releases;
  /** By rank; what is not fetched is missing. */
  readonly metadata: Map<number, DistributionMetadata>;
  readonly admitted: Admitted;
  /** For universal resolutions; null where a survey depends on where one looks from. */
  readonly uniform: Surveys<UniformSurvey | null>;
  /** For one environment. */
  readonly surveys: Surveys<Verdict>;
  /** By rank: releases that turned out to be of no use to anybody. */
  readonly faults: Map<number, Obstacle>;
}

/** All that was fetched so far, each page and each metadata once. Several questions may share it, one after the other. */
export class Library {
  readonly #shelves = new Map<string, Shelf>();
  /** By package and by rank; PAGE for the package's own page. */
  readonly #flights = new Map<string, Map<number, Promise<void>>>();
  #isUnsure = false;

  /** Nothing but questions and the pages of indexes decides: the same pages will lead to the same tomorrow. */
  get isCertain(): boolean {
    const isDirect = [...this.#shelves.values()].some(({ pages }) => pages.some(({ source }) => source));
    return !isDirect && !this.#isUnsure;
  }

  /** What was learned of a release may be otherwise tomorrow, though its page stays the same. */
  doubt(): void {
    this.#isUnsure = true;
  }

  get count(): number {
    return this.#shelves.size;
  }

  /** The same, as if what does not build were there and required nothing. */
  withoutBuildFailures(): Library {
    const other = new Library();
    for (const [key, shelf] of this.#shelves) {
      const failed = [...shelf.faults].filter(([, { kind }]) => kind === "build");
      const faults = new Map([...shelf.faults].filter(([, { kind }]) => kind !== "build"));
      const metadata = new Map([...shelf.metadata, ...failed.map(([rank]) => [rank, NOTHING_REQUIRED] as const)]);
      other.#shelves.set(key, { ...shelf, faults, metadata });
    }
    return other;
  }

  /** `origin`: URL of a direct reference, name of a certain index, undefined for what indexes have. */
  shelf(name: PackageName, origin: string | undefined): Shelf | undefined {
    return this.#shelves.get(keyOf(name, origin));
  }

  shelves(): Iterable<Shelf> {
    return this.#shelves.values();
  }

  add(name: PackageName, origin: string | undefined, pages: readonly VersionPage[]): void {
    this.#shelves.set(keyOf(name, origin), {
      pages,
      ...releasesOn(pages),
      metadata: new Map(),
      faults: new Map(),
    });
  }

  /** Whether a release's metadata, or PAGE, was fetched or is being fetched. */
  isBegun(key: string, rank: number): boolean {
    return this.#flights.get(key)?.has(rank) === true;
  }

  /** It was fetched, without waiting. */
  did(key: string, rank: number): void {
    this.#flightsOf(key).set(rank, DONE);
  }

  /** Fetches it once; whoever wants it while it is under way waits for the same. */
  once(key: string, rank: number, work: () => Promise<void>): Promise<void> {
    const flights = this.#flightsOf(key);
    let flight = flights.get(rank);
    if (!flight) {
      flight = work();
      flights.set(rank, flight);
      flight.catch(() => undefined);
    }
    return flight;
  }

  #flightsOf(key: string): Map<number, Promise<void>> {
    let flights = this.#flights.get(key);
    if (!flights) this.#flights.set(key, (flights = new Map()));
    return flights;
  }
}

/** Stands for a package's page where else the rank of a release does. */
export const PAGE = -1;
const DONE = Promise.resolve();

type Listed = Pick<Shelf, "releases" | "admitted" | "uniform" | "surveys">;
/** Of pages that stand alone. Whoever comes to the same page later finds what was looked up on it before. */
const listed = new WeakMap<VersionPage, Listed>();

function releasesOn(pages: readonly VersionPage[]): Listed {
  const [page] = pages;
  const known = page && pages.length === 1 ? listed.get(page) : undefined;
  if (known) return known;
  const releases = releasesOf(pages);
  const made: Listed = {
    releases,
    admitted: new Admitted(releases),
    uniform: new Surveys(),
    surveys: new Surveys(),
  };
  if (page && pages.length === 1) listed.set(page, made);
  return made;
}

const NOTHING_REQUIRED: DistributionMetadata = {
  name: "" as PackageName,
  version: "",
  requiresPython: "",
  dependencies: { extras: [], requirements: () => [] },
};

export const keyOf = (name: PackageName, origin: string | undefined): string =>
  origin === undefined ? name : `${name} ${origin}`;
