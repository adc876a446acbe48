import CachePolicy from "http-cache-semantics";

/** How long an answer without any word about caching counts as fresh. */
const UNSAID_MS = 600_000;

/** What a server says about keeping an answer (RFC 9111), for a cache of one user. */
export interface Freshness {
  readonly isStorable: boolean;
  /** Milliseconds since the epoch. */
  readonly freshUntilMs: number;
}
type Answer = { readonly url: string; readonly status: number; readonly headers: Readonly<Record<string, string>> };
interface Judgement {
  readonly isStorable: boolean;
  readonly freshMs: number;
}

/** By all that decides: thousands of answers of one server say the same. */
const judgements = new Map<string, Judgement>();
const MOST_JUDGEMENTS = 1000;

/** Judges an answer that has just come. A 304 is judged by the headers it brings, like the answer it renews. */
export function freshnessOf(answer: Answer, accept: string, nowMs: number): Freshness {
  const { status, headers } = answer;
  const { "cache-control": said, pragma, age, vary, expires } = headers;
  const key = `${status}\n${said}\n${pragma}\n${age}\n${vary}`;
  let judgement = judgements.get(key);
  // How far away the moment of `Expires` is, the time of the answer says as well.
  if (!judgement || expires !== undefined) {
    judgement = judge(answer, accept, nowMs);
    if (judgements.size >= MOST_JUDGEMENTS) judgements.clear();
    if (expires === undefined) judgements.set(key, judgement);
  }
  return { isStorable: judgement.isStorable, freshUntilMs: nowMs + judgement.freshMs };
}

function judge({ url, headers, ...answer }: Answer, accept: string, nowMs: number): Judgement {
  const status = answer.status === 304 ? 200 : answer.status;
  const request = { url, method: "GET", headers: { accept } };
  // Of one moment: its own clock may go on between the looks that it takes at it.
  class Policy extends CachePolicy {
    now(): number {
      return nowMs;
    }
  }
  const policy = new Policy(request, { status, headers: { ...headers } }, { shared: false, cacheHeuristic: 0 });
  const isUnsaid = [headers["cache-control"], headers["expires"], headers["pragma"]].every(
    (said) => said === undefined,
  );
  const freshMs = isUnsaid && headers["vary"] !== "*" ? UNSAID_MS : policy.timeToLive();
  return { isStorable: policy.storable(), freshMs };
}
