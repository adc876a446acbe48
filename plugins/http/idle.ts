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

/** What is to end with each signal: one listener for all, since a signal looks through those it has for each that goes. */
const endings = new WeakMap<AbortSignal, Set<() => void>>();

function endingsOf(signal: AbortSignal): Set<() => void> {
  const known = endings.get(signal);
  if (known) return known;
  const all = new Set<() => void>();
  endings.set(signal, all);
  signal.addEventListener("abort", () => {
    for (const end of all) end();
  });
  return all;
}

/**
 * Bun's own timeout counts in steps of four seconds and comes up to eight late, which is felt where somebody has set it to
 * one. `outer` aborts as well.
 */
export function watchIdle(timeoutMs: number, outer: AbortSignal): Idle {
  const own = new AbortController();
  let isSilent = false;
  let bytes = 0;
  const timer = setTimeout(() => {
    isSilent = true;
    own.abort();
  }, timeoutMs);
  const stop = (): void => own.abort(outer.reason);
  if (outer.aborted) stop();
  const others = endingsOf(outer).add(stop);
  return {
    signal: own.signal,
    touch(more) {
      bytes += more;
      if (bytes < LEAST_BYTES) return;
      bytes = 0;
      timer.refresh();
    },
    end() {
      clearTimeout(timer);
      others.delete(stop);
    },
    throwIfOver() {
      outer.throwIfAborted();
      if (isSilent) throw new AttemptFailed({ kind: "connection", reason: "no answer in time", mayPass: true });
    },
  };
}
