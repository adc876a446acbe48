import CachePolicy from "http-cache-semantics";

/** How long an answer without any word about caching counts as fresh. */
const UNSAID_MS = 600_000;

/** What a server says about keeping an answer (RFC 9111), for a cache of one user. */
export interface Freshness {
  readonly isStorable: boolean;
  /** Milliseconds since the epoch. */
  readonly freshUntilMs: number;
}

/** Judges an answer that has just come. A 304 is judged by the headers it brings, like the answer it renews. */
export function freshnessOf(
  answer: { readonly url: string; readonly status: number; readonly headers: Readonly<Record<string, string>> },
  accept: string,
  nowMs: number,
): Freshness {
  const status = answer.status === 304 ? 200 : answer.status;
  const request = { url: answer.url, method: "GET", headers: { accept } };
  // Of one moment: its own clock may go on between the looks that it takes at it.
  class Policy extends CachePolicy {
    now(): number {
      return nowMs;
    }
  }
  const policy = new Policy(request, { status, headers: { ...answer.headers } }, { shared: false, cacheHeuristic: 0 });
  const { headers } = answer;
  const isUnsaid = [headers["cache-control"], headers["expires"], headers["pragma"]].every(
    (said) => said === undefined,
  );
  const fresh = isUnsaid && headers["vary"] !== "*" ? UNSAID_MS : policy.timeToLive();
  return { isStorable: policy.storable(), freshUntilMs: nowMs + fresh };
}
