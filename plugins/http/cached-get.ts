import { PybunError } from "../../plugin-api/error.ts";
import type { GetOptions, HttpAnswer } from "../../plugin-api/services.ts";
import { cacheFile, type Kept, readKept, renewKept, writeKept } from "./cache-file.ts";
import { type Freshness, freshnessOf } from "./freshness.ts";
import type { Ask, Reply } from "./transport.ts";

/** What a GET needs beside its arguments. */
export interface GetContext {
  readonly folder: string;
  readonly isOffline: boolean;
  readonly nowMs: () => number;
  /** Sends with retries and within the limit of requests; reads the body. */
  readonly request: (ask: Ask, maxBytes: number) => Promise<{ readonly reply: Reply; readonly body: Uint8Array }>;
  readonly onCache: (type: "CacheHit" | "CacheMiss", url: string, bytes?: number) => void;
}

/** Anything larger is no page. */
const MAX_BYTES = 256 * 1024 * 1024;
const NOTHING = new Uint8Array(0);

/** GET through the cache on disk, unless the options say otherwise. */
export async function cachedGet(url: string, options: GetOptions, context: GetContext): Promise<HttpAnswer> {
  const accept = options.accept ?? "*/*";
  const hasOwnCopy = options.etag !== undefined || options.lastModified !== undefined;
  if (options.cache === "bypass" || hasOwnCopy) return uncached({ url, accept, options, context });
  const file = cacheFile(context.folder, url, accept);
  const kept = readKept(file);
  const body = kept?.readBody();
  const nowMs = context.nowMs();
  // What was fetched in the future, by a clock that was wrong then or is now, would else be fresh until that.
  const isInTime = kept !== undefined && kept.fetchedAtMs <= nowMs && kept.freshUntilMs > nowMs;
  const isFresh = options.cache !== "refresh" && isInTime;
  if (kept && body && (isFresh || context.isOffline)) {
    context.onCache("CacheHit", url, body.length);
    return { ...answerOf(kept, body), isFromCache: true };
  }
  context.onCache("CacheMiss", url);
  if (context.isOffline) throw offlineMiss(url);
  return revalidated({ url, accept, options, context }, file, body && kept ? { kept, body } : undefined);
}

interface Getting {
  readonly url: string;
  readonly accept: string;
  readonly options: GetOptions;
  readonly context: GetContext;
}
interface Copy {
  readonly kept: Kept;
  readonly body: Uint8Array;
}

async function uncached({ url, accept, options, context }: Getting): Promise<HttpAnswer> {
  if (context.isOffline) throw offlineMiss(url);
  const { etag, lastModified, maxBytes = MAX_BYTES } = options;
  const { reply, body } = await context.request({ url, headers: asking(accept, { etag, lastModified }) }, maxBytes);
  const fetchedAtMs = context.nowMs();
  const { status } = reply;
  let freshness: Freshness | undefined;
  // Of an answer that is not to be kept most look at the body alone.
  const judged = () => (freshness ??= freshnessOf(reply, accept, fetchedAtMs));
  return {
    status,
    url: reply.url,
    body: status === 304 ? NOTHING : body,
    isFromCache: false,
    fetchedAtMs,
    get headers() {
      return reply.headers;
    },
    get isStorable() {
      return judged().isStorable;
    },
    get freshUntilMs() {
      return judged().freshUntilMs;
    },
  };
}

async function revalidated(getting: Getting, file: string, copy: Copy | undefined): Promise<HttpAnswer> {
  const { url, accept, options, context } = getting;
  const validators = { etag: copy?.kept.headers["etag"], lastModified: copy?.kept.headers["last-modified"] };
  const ask = { url, headers: asking(accept, validators) };
  const { reply, body } = await context.request(ask, options.maxBytes ?? MAX_BYTES);
  const nowMs = context.nowMs();
  const { isStorable, freshUntilMs } = freshnessOf(reply, accept, nowMs);
  const times = { fetchedAtMs: nowMs, freshUntilMs };
  if (reply.status === 304 && copy) {
    renewKept(file, times);
    return { ...answerOf({ ...copy.kept, ...times }, copy.body), isFromCache: true };
  }
  const kept: Kept = { url: reply.url, status: reply.status, headers: reply.headers, ...times };
  if (reply.status === 200 && isStorable) writeKept(file, kept, body);
  return { ...answerOf(kept, body), isStorable };
}

const answerOf = ({ status, url, headers, fetchedAtMs, freshUntilMs }: Kept, body: Uint8Array): HttpAnswer => ({
  status,
  url,
  headers,
  body,
  isFromCache: false,
  isStorable: true,
  fetchedAtMs,
  freshUntilMs,
});

function asking(
  accept: string,
  { etag, lastModified }: { readonly etag?: string | undefined; readonly lastModified?: string | undefined },
): Ask["headers"] {
  if (etag !== undefined) return { accept, "if-none-match": etag };
  return lastModified === undefined ? { accept } : { accept, "if-modified-since": lastModified };
}

/** The error for what only the network could give (`E_OFFLINE_MISS`). */
export function offlineMiss(url: string): PybunError {
  const { host, pathname } = new URL(url);
  return new PybunError("E_OFFLINE_MISS", `${host}${pathname} is not in the cache and --offline is on`, {
    hints: ["run the command once without `--offline`"],
    context: { items: [{ url: `${new URL(url).origin}${pathname}` }] },
  });
}
