import type { Pack } from "../../plugin-api/pack/pack.ts";

/** What was learned of a server by trying, as it is kept: `1` yes, `0` no. */
interface Traits {
  /** Answers ranges. */
  ranges?: boolean;
  /** How often `.metadata` was there although no page said so, and how often not. */
  metadataHits: number;
  metadataMisses: number;
  /** Has the JSON of single releases. */
  json?: boolean;
}

/** After so many misses without a hit, a server is not asked for `.metadata` again; a hit makes up for several misses. */
const FREE_MISSES = 2;
const MISSES_PER_HIT = 4;

/** Capabilities of servers by origin, remembered across runs (SPEC IDX-04). */
export class HostTraits {
  readonly #records: Pack;
  readonly #known = new Map<string, Traits>();

  constructor(records: Pack) {
    this.#records = records;
  }

  mayHaveRanges(url: string): boolean {
    return this.#of(url).ranges !== false;
  }

  /** Whether to try a `.metadata` file that the page does not mention. */
  mayHaveMetadata(url: string): boolean {
    const { metadataHits, metadataMisses } = this.#of(url);
    return metadataMisses < FREE_MISSES + MISSES_PER_HIT * metadataHits;
  }

  sawRanges(url: string, ranges: boolean): void {
    const traits = this.#of(url);
    if (traits.ranges === ranges) return;
    traits.ranges = ranges;
    this.#keep(url, traits);
  }

  sawMetadata(url: string, isThere: boolean): void {
    const traits = this.#of(url);
    if (isThere) traits.metadataHits++;
    else traits.metadataMisses++;
    // Exact numbers are of no use; what decides is settled early.
    if (traits.metadataHits + traits.metadataMisses <= 2 * FREE_MISSES || !this.mayHaveMetadata(url))
      this.#keep(url, traits);
  }

  mayHaveJson(url: string): boolean {
    return this.#of(url).json !== false;
  }

  sawJson(url: string, json: boolean): void {
    const traits = this.#of(url);
    if (traits.json === json) return;
    traits.json = json;
    this.#keep(url, traits);
  }

  #of(url: string): Traits {
    const { origin } = new URL(url);
    let traits = this.#known.get(origin);
    if (!traits) {
      const [ranges, hits = "0", misses = "0", json] = this.#records.find(keyOf(origin))?.note.split(" ") ?? [];
      traits = { metadataHits: Number(hits), metadataMisses: Number(misses) };
      if (ranges === "1" || ranges === "0") traits.ranges = ranges === "1";
      if (json === "1" || json === "0") traits.json = json === "1";
      this.#known.set(origin, traits);
    }
    return traits;
  }

  #keep(url: string, { ranges, metadataHits, metadataMisses, json }: Traits): void {
    const note = `${digit(ranges)} ${metadataHits} ${metadataMisses} ${digit(json)}`;
    const key = keyOf(new URL(url).origin);
    this.#records.put({ key, note, value: new Uint8Array(0), checkedAtS: 0, freshUntilS: 0 });
  }
}

const digit = (trait: boolean | undefined): string => (trait === undefined ? "-" : String(Number(trait)));
const keyOf = (origin: string): string => `host ${origin}`;
