import { setImmediate as tick } from "node:timers/promises";
import { PybunError } from "../../plugin-api/error.ts";
import { counted } from "../../plugin-api/text/units.ts";

/** Something that only the network could give. */
export interface Missed {
  readonly name: string;
  /** `index page`, `3.1.4 wheel, 220K`. */
  readonly what: string;
  /** When the package's index page was last confirmed, seconds since the epoch; undefined: never. */
  readonly seenAtS?: number | undefined;
}

/** Collects what is missing offline, so that one error names all that was asked for at the same time (SPEC CLI-07). */
export class OfflineMisses {
  readonly #items = new Map<string, Missed>();
  readonly #nowS: () => number;

  constructor(nowS: () => number) {
    this.#nowS = nowS;
  }

  /** Waits until everybody who asks at once has said so, then throws `E_OFFLINE_MISS`. */
  async miss(item: Missed): Promise<never> {
    this.#items.set(`${item.name} ${item.what}`, item);
    await tick();
    throw this.#error();
  }

  #error(): PybunError {
    const items = [...this.#items.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const width = (of: (item: Missed) => string): number => Math.max(...items.map((item) => of(item).length));
    const [nameWidth, whatWidth] = [width(({ name }) => name), width(({ what }) => what)];
    const rows = items.map(({ name, what, seenAtS }) => {
      const seen = seenAtS === undefined ? "never fetched" : `index page seen ${ago(this.#nowS() - seenAtS)}`;
      return `${name.padEnd(nameWidth)}  ${what.padEnd(whatWidth)}  ${seen}`;
    });
    const message = `${counted(items.length, "item")} ${items.length === 1 ? "is" : "are"} not in the cache and --offline is on`;
    return new PybunError("E_OFFLINE_MISS", message, {
      evidence: rows,
      hints: ["run the same command once without `--offline`"],
      context: { items: items.map(({ name, what, seenAtS }) => ({ name, what, seen_at: isoTime(seenAtS) })) },
    });
  }
}

const isoTime = (seconds: number | undefined): string | null =>
  seconds === undefined ? null : new Date(seconds * 1000).toISOString();

function ago(seconds: number): string {
  const units = [
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
  ] as const;
  const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, "second"];
  return `${counted(Math.max(0, Math.floor(seconds / size)), unit)} ago`;
}
