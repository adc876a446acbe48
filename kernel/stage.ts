import { AsyncSeriesBailHook, AsyncSeriesHook, AsyncSeriesWaterfallHook } from "tapable";
import { PybunError } from "../plugin-api/error.ts";
import { answerAtHand, type Handler, rankOf } from "../plugin-api/handler.ts";
import type { Tap, Taps } from "../plugin-api/plugin.ts";
import type { Session } from "../plugin-api/session.ts";
import type { StageName, Stages } from "../plugin-api/stages.ts";
import { attribute } from "./failure.ts";

/** Each plugin gets a session of its own, with its own settings. */
export type SessionOf = (plugin: string) => Session;

/** One step of the pipeline in three beats: rewrite the input, let the first plugin that can answer it, tell the rest. It knows of no run. */
export class Stage<N extends StageName = StageName> {
  readonly name: N;
  readonly #prepare = new AsyncSeriesWaterfallHook<[unknown, SessionOf]>(["input", "sessions"]);
  readonly #perform = new AsyncSeriesBailHook<[unknown, SessionOf], unknown>(["input", "sessions"]);
  readonly #settle = new AsyncSeriesHook<[unknown, unknown, SessionOf]>(["input", "output", "sessions"]);
  readonly #performers: Handler[] = [];

  constructor(name: N, tapped: readonly { readonly plugin: string; readonly taps: Taps<N> }[]) {
    this.name = name;
    for (const { plugin, taps } of tapped) this.#tap(plugin, taps);
    for (const each of this.#performers.sort((a, b) => rankOf(a.tap) - rankOf(b.tap)))
      this.#perform.tapPromise(each.plugin, this.#lazily(each));
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

  /** What `run` would answer, where that takes no waiting; undefined where only `run` can tell. */
  atHand(input: Stages[N]["input"], sessions: SessionOf): Stages[N]["output"] | undefined {
    const isAnswerOnly = !this.#prepare.isUsed() && !this.#settle.isUsed();
    return isAnswerOnly ? (answerAtHand(this.#performers, input, sessions) as Stages[N]["output"]) : undefined;
  }

  #tap(plugin: string, { prepare, perform, settle }: Taps<N>): void {
    const place = (tap: Tap<unknown>) => ({ name: plugin, stage: rankOf(tap) });
    const handler = (tap: Tap<unknown>): Handler => ({ plugin, tap, loaded: {} });
    if (prepare) this.#prepare.tapPromise(place(prepare), this.#lazily(handler(prepare)));
    if (perform) this.#performers.push(handler(perform));
    if (settle) this.#settle.tapPromise(place(settle), this.#lazily(handler(settle)) as () => Promise<void>);
  }

  #lazily({ plugin, tap, loaded }: Handler): (...input: unknown[]) => Promise<unknown> {
    return async (...input) => {
      const session = (input.pop() as SessionOf)(plugin);
      if (tap.when?.(input[0] as never, session.settings) === false) return undefined;
      try {
        if (!loaded.default) Object.assign(loaded, await tap.load());
        return await loaded.default?.(...input, session);
      } catch (error) {
        throw attribute(error, { plugin, stage: this.name });
      }
    };
  }
}
