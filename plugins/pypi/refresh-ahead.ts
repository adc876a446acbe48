import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Demand, PackageName, PageName } from "../../plugin-api/model/requirement.ts";
import { pagesOf } from "./pages.ts";
import type { IndexState } from "./state.ts";

/** What is asked of a resolution, for one environment or for all. */
export interface Asked {
  readonly demands: readonly Demand[];
  readonly constraints?: readonly Demand[];
}
/** A request that is being resolved, and the pages looked up since, as `toText` writes them. */
interface Active {
  readonly asked: Set<string>;
  isStarted: boolean;
}

/** A name holds no blank. */
const toText = ({ name, index }: PageName): string => (index === undefined ? name : `${name} ${index}`);
const fromText = (text: string): PageName => {
  const [, name, index] = /^(\S*) ?(.*)$/.exec(text) as unknown as [string, PackageName, string];
  return index === "" ? { name } : { name, index };
};

/**
 * Remembers which packages a request led to. When the same request comes again and the first page turns out stale, all of
 * them are asked for at once: one burst on an open connection instead of a chain as long as the graph is deep.
 */
export class RefreshAhead {
  /** By key. Several at once: a build in the middle of a resolution resolves its own requirements. */
  readonly #active = new Map<string, Active>();

  /** A request is about to be resolved. */
  begin(request: Asked): void {
    this.#active.set(keyOf(request), { asked: new Set(), isStarted: false });
  }

  /** A package is looked up. */
  saw(page: PageName): void {
    for (const { asked } of this.#active.values()) asked.add(toText(page));
  }

  /** A page is stale and will be fetched: so will the others be, now. What fails is met again when it is needed. */
  start(state: IndexState): void {
    for (const [key, active] of this.#active) {
      if (active.isStarted) continue;
      active.isStarted = true;
      for (const text of state.records.find(key)?.note.split("\n") ?? [])
        if (!active.asked.has(text)) pagesOf(fromText(text), state).catch(() => undefined);
    }
  }

  /** The request was resolved. */
  end(request: Asked, state: IndexState): void {
    const key = keyOf(request);
    const asked = this.#active.get(key)?.asked;
    this.#active.delete(key);
    if (!asked || asked.size === 0) return;
    const note = [...asked].sort().join("\n");
    if (state.records.find(key)?.note === note) return;
    state.records.put({ key, note, value: new Uint8Array(0), checkedAtS: state.nowS(), freshUntilS: 0 });
  }
}

function keyOf({ demands, constraints = [] }: Asked): string {
  const texts = [...demands, ...constraints].map(({ text }) => text).sort();
  return `asked ${sha256Of(texts.join("\n"))}`;
}
