import { AttemptFailed } from "./failure.ts";

/** Watches that something keeps coming: after so long a silence, the signal aborts. */
export interface Idle {
  readonly signal: AbortSignal;
  /** Something came. */
  touch(): void;
  /** Nothing more is waited for. */
  end(): void;
  /** Throws the outer signal's reason, or `AttemptFailed` after a silence; nothing when it was neither. */
  throwIfOver(): void;
}

/**
 * Bun's own timeout counts in steps of four seconds and comes up to eight late, which is felt where somebody has set it to
 * one. `outer` aborts as well.
 */
export function watchIdle(timeoutMs: number, outer: AbortSignal): Idle {
  const own = new AbortController();
  let isSilent = false;
  const timer = setTimeout(() => {
    isSilent = true;
    own.abort();
  }, timeoutMs);
  const stop = (): void => own.abort(outer.reason);
  if (outer.aborted) stop();
  outer.addEventListener("abort", stop);
  return {
    signal: own.signal,
    touch: () => void timer.refresh(),
    end() {
      clearTimeout(timer);
      outer.removeEventListener("abort", stop);
    },
    throwIfOver() {
      outer.throwIfAborted();
      if (isSilent) throw new AttemptFailed({ kind: "connection", reason: "no answer in time", mayPass: true });
    },
  };
}
