import { AttemptFailed } from "./failure.ts";

/** Watches that something keeps coming: after so long a silence, the signal aborts. */
export interface Idle {
  readonly signal: AbortSignal;
  /** So many bytes came; too few of them in all that time are as good as none. */
  touch(bytes: number): void;
  /** Nothing more is waited for. */
  end(): void;
  /** Throws the outer signal's reason, or `AttemptFailed` after a silence; nothing when it was neither. */
  throwIfOver(): void;
}

/** Some bytes a second at the usual timeout: no line is that slow, but a server may be that hostile. */
const LEAST_BYTES = 1024;

/** All that is watched for one signal and with one limit: one listener and one timer, however many there are. */
interface Watches {
  readonly timeoutMs: number;
  readonly all: Set<Watch>;
  timer: ReturnType<typeof setTimeout> | undefined;
}
const watchesOf = new WeakMap<AbortSignal, Watches[]>();

function watchesUnder(outer: AbortSignal, timeoutMs: number): Watches {
  let known = watchesOf.get(outer);
  if (!known) watchesOf.set(outer, (known = []));
  let watches = known.find((each) => each.timeoutMs === timeoutMs);
  if (!watches) {
    const { all } = (watches = { timeoutMs, all: new Set(), timer: undefined });
    known.push(watches);
    outer.addEventListener("abort", () => {
      for (const watch of all) watch.stop();
    });
  }
  return watches;
}

/**
 * Bun's own timeout counts in steps of four seconds and comes up to eight late, which is felt where somebody has set it to
 * one. `outer` aborts as well.
 */
export function watchIdle(timeoutMs: number, outer: AbortSignal): Idle {
  const watches = watchesUnder(outer, timeoutMs);
  const watch = new Watch(watches, outer);
  if (outer.aborted) watch.stop();
  watches.all.add(watch);
  watches.timer ??= setTimeout(look, timeoutMs, watches);
  return watch;
}

/** Ends what has been silent for too long; looks again when the next one will have been. */
function look(watches: Watches): void {
  const { timeoutMs, all } = watches;
  const nowMs = performance.now();
  let nextMs = timeoutMs;
  for (const watch of all) {
    const leftMs = watch.heardMs + timeoutMs - nowMs;
    if (leftMs < 1) watch.silence();
    else nextMs = Math.min(nextMs, leftMs);
  }
  watches.timer = all.size > 0 ? setTimeout(look, nextMs, watches) : undefined;
}

class Watch implements Idle {
  readonly #own = new AbortController();
  readonly #watches: Watches;
  readonly #outer: AbortSignal;
  heardMs = performance.now();
  #bytes = 0;
  #isSilent = false;

  constructor(watches: Watches, outer: AbortSignal) {
    this.#watches = watches;
    this.#outer = outer;
  }

  get signal(): AbortSignal {
    return this.#own.signal;
  }

  touch(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < LEAST_BYTES) return;
    this.#bytes = 0;
    this.heardMs = performance.now();
  }

  end(): void {
    const { all, timer } = this.#watches;
    all.delete(this);
    if (all.size > 0 || timer === undefined) return;
    clearTimeout(timer);
    this.#watches.timer = undefined;
  }

  stop(): void {
    this.#own.abort(this.#outer.reason);
  }

  silence(): void {
    this.#isSilent = true;
    this.#watches.all.delete(this);
    this.#own.abort();
  }

  throwIfOver(): void {
    this.#outer.throwIfAborted();
    if (this.#isSilent) throw new AttemptFailed({ kind: "connection", reason: "no answer in time", mayPass: true });
  }
}
