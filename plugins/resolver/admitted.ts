import { parseSpecifier } from "../../plugin-api/python/specifier.ts";
import { BEYOND_KEYS, LOWEST_KEY, versionKey } from "../../plugin-api/python/version-key.ts";
import { END, type Ranks, ranksOf, SELECTED, single } from "./ranks.ts";
import { firstRank, type Releases } from "./releases.ts";

/** Which releases specifiers admit, whoever asks. Equal sets are the same object. */
export class Admitted {
  readonly #releases: Releases;
  readonly #bySpecifier = new Map<string, Ranks>([["", SELECTED]]);
  readonly #byVersion = new Map<string, number>();
  readonly #distinct = new Map<string, Ranks>([[SELECTED.join(), SELECTED]]);

  constructor(releases: Releases) {
    this.#releases = releases;
  }

  by(specifier: string): Ranks {
    let ranks = this.#bySpecifier.get(specifier);
    if (!ranks) {
      ranks = this.#ranksOf(specifier);
      const key = ranks.join();
      const same = this.#distinct.get(key);
      if (same) ranks = same;
      else this.#distinct.set(key, ranks);
      this.#bySpecifier.set(specifier, ranks);
    }
    return ranks;
  }

  /** -1 when there is no such release. */
  rankOf(version: string): number {
    let rank = this.#byVersion.get(version);
    if (rank === undefined) this.#byVersion.set(version, (rank = this.#findRank(version)));
    return rank;
  }

  #findRank(version: string): number {
    const key = versionKey(version);
    if (key === undefined) return -1;
    const rank = firstRank(this.#releases, key);
    return rank < this.#releases.count && this.#releases.key(rank) === key ? rank : -1;
  }

  #ranksOf(specifier: string): Ranks {
    const { count } = this.#releases;
    const { bounds, exactTexts } = parseSpecifier(specifier);
    const ranks: number[] = [];
    for (let i = 0; i < bounds.length; i += 2) {
      const low = bounds[i] === LOWEST_KEY ? 0 : firstRank(this.#releases, bounds[i]!);
      const high = bounds[i + 1] === BEYOND_KEYS ? count : firstRank(this.#releases, bounds[i + 1]!);
      if (low === high) continue;
      if (ranks.at(-1) === low) ranks.pop();
      else ranks.push(low);
      // What lies above the last release is no release: all such sets end alike.
      ranks.push(high === count ? END : high);
    }
    if (!exactTexts) return ranks;
    const isExact = (rank: number): boolean =>
      exactTexts.every((text) => text === this.#releases.version(rank).toLowerCase());
    return [...ranksOf(ranks, count)].filter(isExact).flatMap((rank) => single(rank));
  }
}
