import { AsyncSeriesBailHook, AsyncSeriesHook, AsyncSeriesWaterfallHook } from "tapable";
import { PybunError } from "../plugin-api/error.ts";
import type { Order, Tap, Taps } from "../plugin-api/plugin.ts";
import type { Session } from "../plugin-api/session.ts";
import type { StageName, Stages } from "../plugin-api/stages.ts";
import { attribute } from "./failure.ts";

const rank: Record<Order, number> = { pre: -1, post: 1 };

/** Each plugin gets a session of its own, with its own settings. */
export type SessionOf = (plugin: string) => Session;

/** One step of the pipeline in three beats: rewrite the input, let the first plugin that can answer it, tell the rest. It knows of no run. */
export class Stage<N extends StageName = StageName> {
  readonly name: N;
  readonly #prepare = new AsyncSeriesWaterfallHook<[unknown, SessionOf]>(["input", "sessions"]);
  readonly #perform = new AsyncSeriesBailHook<[unknown, SessionOf], unknown>(["input", "sessions"]);
  readonly #settle = new AsyncSeriesHook<[unknown, unknown, SessionOf]>(["input", "output", "sessions"]);

  constructor(name: N, tapped: readonly { readonly plugin: string; readonly taps: Taps<N> }[]) {
    this.name = name;
    for (const { plugin, taps } of tapped) this.#tap(plugin, taps);
  }

  async run(input: Stages[N]["input"], sessions: SessionOf): Promise<Stages[N]["output"]> {
    // tapable writes a function for every hook that is called, also for one that nobody tapped.
    const given = Object.freeze(input);
    const ready = this.#prepare.isUsed() ? Object.freeze(await this.#prepare.promise(given, sessions)) : given;
    const output = this.#perform.isUsed() ? await this.#perform.promise(ready, sessions) : undefined;
    if (output === undefined) throw new PybunError("E_NO_HANDLER", `no plugin can answer the stage \`${this.name}\``);
    Object.freeze(output);
    if (this.#settle.isUsed()) await this.#settle.promise(ready, output, sessions);
    return output as Stages[N]["output"];
  }

  #tap(plugin: string, { prepare, perform, settle }: Taps<N>): void {
    if (prepare) this.#prepare.tapPromise(place(plugin, prepare), this.#lazily(plugin, prepare));
    if (perform) this.#perform.tapPromise(place(plugin, perform), this.#lazily(plugin, perform));
    if (settle) this.#settle.tapPromise(place(plugin, settle), this.#lazily(plugin, settle) as () => Promise<void>);
  }

  #lazily(plugin: string, tap: Tap<unknown>): (...input: unknown[]) => Promise<unknown> {
    let handler: ((...input: unknown[]) => Promise<unknown>) | undefined;
    return async (...input) => {
      const session = (input.pop() as SessionOf)(plugin);
      if (tap.when?.(input[0] as never, session.settings) === false) return undefined;
      try {
        handler ??= (await tap.load()).default as NonNullable<typeof handler>;
        return await handler(...input, session);
      } catch (error) {
        throw attribute(error, { plugin, stage: this.name });
      }
    };
  }
}

const place = (plugin: string, tap: Tap<unknown>) => ({ name: plugin, stage: tap.order ? rank[tap.order] : 0 });
