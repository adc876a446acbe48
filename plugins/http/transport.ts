import { fetch, type Response } from "undici";
import { PybunError } from "../../plugin-api/error.ts";
import { letGo } from "../../plugin-api/system/let-go.ts";
import { AttemptFailed, describeFailure, isRetriedStatus, isWithoutHttp2 } from "./failure.ts";
import { type Idle, watchIdle } from "./idle.ts";
import { NotShared } from "./lanes.ts";
import { headersOf } from "./native.ts";
import { nextHop } from "./redirect.ts";
import { retryAfterMs } from "./retry.ts";
import { takeTurn } from "./turns.ts";

/** One GET, with everything decided but the connection. */
export interface Ask {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Over HTTP/2 alone, on connections that others use as well; `NotShared` where the server does not speak it. */
  readonly isShared?: boolean;
}

/** A final answer: no redirect, no status that deserves another attempt. The body is still on its way. */
export interface Reply {
  readonly status: number;
  /** After redirects; without credentials. */
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Decoded body in pieces. Throws `AttemptFailed` when it is cut short. */
  pieces(): AsyncGenerator<Uint8Array>;
  /** The whole decoded body. Throws also `E_LIMIT`. */
  bytes(maxBytes: number): Promise<Uint8Array>;
  discard(): void;
}

/** What the transport needs to know of its surroundings. */
export interface Surroundings {
  /** Further fields for `fetch` that decide how to connect to this URL. */
  readonly wire: (url: URL, isShared: boolean) => object;
  /** `Authorization` for the URL the caller asked for. */
  readonly authorization: (url: string) => string | undefined | Promise<string | undefined>;
  /** Another one for when the server has refused that with 401. */
  readonly afterRefusal: (url: string) => Promise<string | undefined>;
  readonly onExchange: (exchange: {
    readonly url: string;
    readonly status: number;
    readonly durationMs: number;
  }) => void;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  /** Silence after which a connection counts as dead. */
  readonly idleTimeoutMs: number;
  readonly userAgent: string;
}

const MOST_HOPS = 10;
const NOTHING = new Uint8Array(0);
/** So much has to come within the time that a silence may last. */
const AT_ONCE_BYTES = 32 * 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Sends one GET and follows redirects by its own rules. The one place where `fetch` is called. Throws `AttemptFailed`, and
 * the signal's reason when aborted.
 */
export async function send(ask: Ask, around: Surroundings): Promise<Reply> {
  const asked = new URL(ask.url);
  const known = around.authorization(ask.url);
  let authorization = known instanceof Promise ? await known : known;
  if (/[@#]/.test(ask.url)) {
    asked.username = "";
    asked.password = "";
    asked.hash = "";
  }
  let at = asked;
  let url = asked.href;
  let isHome = true;
  let isRefused = false;
  for (let hop = 0; ; hop++) {
    // Once it has led elsewhere, a redirect never regains the credentials, not even by leading back.
    isHome &&= at === asked || at.origin === asked.origin;
    const headers: Record<string, string> = { "user-agent": around.userAgent, ...ask.headers };
    if (isHome && authorization) headers["authorization"] = authorization;
    const { response, idle } = await exchange({ at, headers, isShared: isHome && ask.isShared === true }, around);
    if (response.status === 401 && isHome && !isRefused) {
      isRefused = true;
      const other = await around.afterRefusal(ask.url);
      if (other !== undefined && other !== authorization) {
        drop(response, idle);
        authorization = other;
        continue;
      }
    }
    if (!REDIRECTS.has(response.status)) return reply(response, { url, idle, nowMs: around.nowMs });
    drop(response, idle);
    const next = nextHop(url, response.headers.get("location") ?? undefined);
    const refusal = "refusal" in next ? next.refusal : hop >= MOST_HOPS ? "it redirects in a circle" : undefined;
    if (refusal !== undefined) throw new AttemptFailed({ kind: "redirect", reason: refusal, mayPass: false });
    url = (next as { readonly url: string }).url;
    at = new URL(url);
  }
}

function drop(response: Response, idle: Idle): void {
  idle.end();
  void response.body?.cancel().catch(() => {});
}

interface Sent extends Pick<Ask, "headers"> {
  readonly at: URL;
  readonly isShared: boolean;
}

async function exchange(
  { at, headers, isShared }: Sent,
  around: Surroundings,
): Promise<{ readonly response: Response; readonly idle: Idle }> {
  const idle = watchIdle(around.idleTimeoutMs, around.signal);
  const wire = around.wire(at, isShared);
  const url = at.href;
  const startMs = performance.now();
  let status = 0;
  try {
    const response = await fetch(url, {
      redirect: "manual",
      headers,
      signal: idle.signal,
      ...wire,
    });
    status = response.status;
    const turn = takeTurn();
    if (turn) await turn;
    idle.touch(Number.POSITIVE_INFINITY);
    return { response, idle };
  } catch (error) {
    idle.end();
    idle.throwIfOver();
    const failure = describeFailure(error);
    if (isShared && isWithoutHttp2(failure)) throw new NotShared();
    throw failure;
  } finally {
    around.onExchange({ url, status, durationMs: performance.now() - startMs });
  }
}

interface Arrival {
  readonly url: string;
  readonly idle: Idle;
  readonly nowMs: () => number;
}

function reply(response: Response, { url, idle, nowMs }: Arrival): Reply {
  const { status } = response;
  const discard = (): void => drop(response, idle);
  if (isRetriedStatus(status)) {
    discard();
    const waitMs = retryAfterMs(response.headers.get("retry-after") ?? undefined, nowMs());
    throw new AttemptFailed({
      kind: "status",
      reason: `status ${status}`,
      status,
      mayPass: true,
      ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    });
  }
  const announced = announcedBytes(response);
  let headers: Reply["headers"] | undefined;
  const pieces = () => readPieces(response, announced, idle);
  return {
    status,
    url,
    // Of most answers nobody looks at them.
    get headers() {
      return (headers ??= headersOf(response.headers));
    },
    pieces,
    discard,
    bytes: (maxBytes) => {
      // It never has a body, and nothing is waited for any more.
      if (status === 304) {
        idle.end();
        return Promise.resolve(NOTHING);
      }
      return announced !== undefined && announced <= Math.min(maxBytes, AT_ONCE_BYTES)
        ? readAtOnce(response, announced, idle)
        : readWhole({ pieces, announced, maxBytes, url });
    },
  };
}

/** Bytes the body will have; undefined when it is not said, or said of a compressed form. */
function announcedBytes({ headers }: Response): number | undefined {
  const length = headers.get("content-length");
  const encoding = headers.get("content-encoding") ?? "identity";
  return length !== null && /^\d+$/.test(length) && encoding === "identity" ? Number(length) : undefined;
}

/** A body as small as most metadata: what watches over the silence between its pieces would cost more than they do. */
async function readAtOnce(response: Response, announced: number, idle: Idle): Promise<Uint8Array> {
  let body: Uint8Array;
  try {
    body = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    idle.throwIfOver();
    throw describeFailure(error);
  } finally {
    idle.end();
  }
  checkLength(body.length, announced);
  return body;
}

async function* readPieces(response: Response, announced: number | undefined, idle: Idle): AsyncGenerator<Uint8Array> {
  let received = 0;
  try {
    for await (const piece of response.body ?? []) {
      idle.touch((piece as Uint8Array).length);
      received += (piece as Uint8Array).length;
      yield piece as Uint8Array;
    }
  } catch (error) {
    idle.throwIfOver();
    throw describeFailure(error);
  } finally {
    idle.end();
  }
  if (announced !== undefined) checkLength(received, announced);
}

function checkLength(received: number, announced: number): void {
  if (received === announced) return;
  throw new AttemptFailed({ kind: "body", reason: `${received} of ${announced} bytes came`, mayPass: true });
}

interface Reading {
  readonly pieces: () => AsyncGenerator<Uint8Array>;
  readonly announced: number | undefined;
  readonly maxBytes: number;
  readonly url: string;
}

async function readWhole({ pieces, announced = 0, maxBytes, url }: Reading): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  if (announced <= maxBytes)
    for await (const piece of pieces()) {
      parts.push(piece);
      size += piece.length;
      if (size > maxBytes) break;
    }
  if (Math.max(size, announced) > maxBytes) throw tooLarge(url, maxBytes);
  if (parts.length === 1) return parts[0] as Uint8Array;
  const whole = Buffer.concat(parts, size);
  for (const part of parts) letGo(part);
  return whole;
}

/** The error for a body beyond its limit (`E_LIMIT`). */
export const tooLarge = (url: string, maxBytes: number): PybunError =>
  new PybunError("E_LIMIT", `the answer of ${url} is larger than ${maxBytes} bytes`, { context: { url, maxBytes } });
