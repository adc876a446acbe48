import type { Clock } from "../../plugin-api/services.ts";
import { AttemptFailed } from "./failure.ts";

/** How often to try, and what to wait with. */
export interface RetryPolicy {
  /** Further attempts after the first. */
  readonly retries: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Is told of each attempt that failed. */
  readonly onFailure: (failure: AttemptFailed) => void;
  /** A number in [0, 1); spreads the attempts of many clients. */
  readonly random?: () => number;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Runs `attempt` until it succeeds, fails for good, or was tried often enough; pauses double and are spread between half
 * and whole. A server that asks for a longer pause than a minute is not waited for. Throws what `inTheEnd` makes of the last failure.
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  attempt: () => Promise<T>,
  inTheEnd: (failure: AttemptFailed, attempts: number) => Error,
): Promise<T> {
  for (let number = 1; ; number++) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof AttemptFailed) policy.onFailure(error);
      policy.signal.throwIfAborted();
      if (!(error instanceof AttemptFailed)) throw error;
      const pauseMs = error.retryAfterMs ?? backOffMs(number, policy.random ?? Math.random);
      if (!error.mayPass || number > policy.retries || pauseMs > LONGEST_PAUSE_MS) throw inTheEnd(error, number);
      await policy.clock.wait(pauseMs, policy.signal);
    }
  }
}

const backOffMs = (number: number, random: () => number): number => FIRST_PAUSE_MS * 2 ** (number - 1) * (1 + random());

/** `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
