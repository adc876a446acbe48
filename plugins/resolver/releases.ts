import type { DistributionFile, Source, VersionPage } from "../../plugin-api/model/distribution.ts";

/** Files `[first, end)` of one page that belong to a release. */
export interface Part {
  readonly page: VersionPage;
  readonly first: number;
  readonly end: number;
}

/** The releases of one package: those of its page, or of several pages merged into one ranked list. */
export interface Releases {
  readonly count: number;
  key(rank: number): string;
  version(rank: number): string;
  /** In order of the pages' precedence. */
  parts(rank: number): readonly Part[];
}

export interface ChosenFile {
  readonly page: VersionPage;
  readonly row: number;
  decoded?: DistributionFile;
}
export const fileOf = (chosen: ChosenFile): DistributionFile => (chosen.decoded ??= chosen.page.file(chosen.row));
export const sourceOf = ({ page }: ChosenFile): Source => page.source ?? { kind: "index", index: page.index };

export function releasesOf(pages: readonly VersionPage[]): Releases {
  const [page] = pages;
  return page && pages.length === 1 ? ofOne(page) : merged(pages);
}

function ofOne(page: VersionPage): Releases {
  // Searches start at the same ranks every time, and the same releases are taken in most regions.
  const once = (read: (rank: number) => string) => {
    const known = new Map<number, string>();
    return (rank: number): string => {
      let text = known.get(rank);
      if (text === undefined) known.set(rank, (text = read(rank)));
      return text;
    };
  };
  return {
    count: page.count,
    key: once((rank) => page.key(rank)),
    version: once((rank) => page.version(rank)),
    parts: (rank) => [partOf(page, rank)],
  };
}

function partOf(page: VersionPage, rank: number): Part {
  const [first, end] = page.rows(rank);
  return { page, first, end };
}

function merged(pages: readonly VersionPage[]): Releases {
  const byKey = new Map<string, (readonly [page: VersionPage, rank: number])[]>();
  for (const page of pages) {
    for (let rank = 0; rank < page.count; rank++) {
      const key = page.key(rank);
      const places = byKey.get(key);
      if (places) places.push([page, rank]);
      else byKey.set(key, [[page, rank]]);
    }
  }
  const keys = [...byKey.keys()].sort();
  const places = keys.map((key) => byKey.get(key)!);
  return {
    count: keys.length,
    key: (rank) => keys[rank]!,
    version: (rank) => places[rank]![0]![0].version(places[rank]![0]![1]),
    parts: (rank) => places[rank]!.map(([page, at]) => partOf(page, at)),
  };
}

/** The first rank whose key is not below. */
export function firstRank(releases: Releases, key: string): number {
  let low = 0;
  let high = releases.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (releases.key(middle) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
