import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import {
  Clock,
  Credentials,
  Host,
  type Http,
  type HttpAnswer,
  type Login,
  SettingsTable,
} from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { cachedGet, type GetContext, offlineMiss } from "./cached-get.ts";
import { type Connections, connections } from "./connections.ts";
import { download } from "./download.ts";
import { type AttemptFailed, networkError } from "./failure.ts";
import { gate } from "./gate.ts";
import { type Lanes, lanes, NotShared } from "./lanes.ts";
import { closeIdle } from "./native.ts";
import { rangeHeaders, readPart } from "./range.ts";
import { type RetryPolicy, withRetries } from "./retry.ts";
import { settings } from "./settings.ts";
import { speaking } from "./speaking.ts";
import { type Ask, type Reply, type Surroundings, send } from "./transport.ts";

/** Of all runs of this process. */
const SPEAKING = speaking();

/** Makes the `Http` service of a run. Nothing is read or opened before the first request. */
export default async function http(session: Session): Promise<Http> {
  const [host, clock, credentials, table] = await Promise.all([
    session.use(Host),
    session.use(Clock),
    session.use(Credentials),
    session.use(SettingsTable).catch(() => undefined),
  ]);
  const own = settingsOf(session, settings);
  const connect = connections(host.env, own, (key) => table?.get(key)?.origin.name);
  const around = surroundings(session, { host, clock, credentials, connect, idleTimeoutMs: own.httpTimeout * 1000 });
  const policy = { retries: own.httpRetries, clock, signal: session.signal, onFailure: letGoOfDead };
  const retry = retrying(policy, connect);
  const metadata = lanes({
    places: own.concurrentMetadata,
    mayShare: (url) => connect.mayShare(new URL(url)),
    speaking: SPEAKING,
  });
  const downloads = gate(own.concurrentDownloads);
  const context: GetContext = {
    folder: path.join(host.env["PYBUN_PYPI_CACHE_DIR"] ?? path.join(host.dataDir, "index"), "http"),
    isOffline: host.isOffline,
    nowMs: around.nowMs,
    request: (ask, maxBytes) => through(metadata, ask, { attempt: (sent) => whole(sent, maxBytes, around), retry }),
    onCache: (type, url, bytes) =>
      session.emit({ type, cache: "http", key: withoutLogin(url), ...(bytes !== undefined && { bytes }) }),
  };
  const flights = new Map<string, Promise<HttpAnswer>>();
  return {
    get(url, options = {}) {
      const { accept, cache, etag, lastModified, maxBytes } = options;
      if (cache === "bypass") return cachedGet(url, options, context);
      const key = [url, accept, cache, etag, lastModified, maxBytes].join("\n");
      return shared(flights, key, () => cachedGet(url, options, context));
    },
    async range(url, part) {
      if (host.isOffline) throw offlineMiss(url);
      const attempt = async (ask: Ask) => readPart(await send(ask, around), part);
      return through(metadata, { url, headers: rangeHeaders(part) }, { attempt, retry });
    },
    async download(url, path, options = {}) {
      if (host.isOffline) throw offlineMiss(url);
      const work = () => download({ url, path, options }, { send: (ask) => send(ask, around), retry });
      return downloads.run(work, options.sizeBytes);
    },
  };
}

interface Parts {
  readonly host: Host;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly connect: Connections;
  readonly idleTimeoutMs: number;
}

const surroundings = (session: Session, { host, clock, credentials, connect, idleTimeoutMs }: Parts): Surroundings => ({
  wire: connect.wire,
  authorization(url) {
    const login = credentials.for(url);
    return login instanceof Promise ? login.then(basic) : basic(login);
  },
  afterRefusal: async (url) => basic(await credentials.afterRefusal(url)),
  onExchange: ({ url, status, durationMs }) => {
    if (!host.output.isTraced) return;
    const shown = new URL(url);
    shown.search = "";
    session.emit({ type: "NetworkAccess", url: shown.href, op: "GET", status, duration_ms: Math.round(durationMs) });
  },
  nowMs: () => clock.nowMs(),
  signal: session.signal,
  idleTimeoutMs,
  userAgent: `pybun/${host.version} (${host.platform}; ${host.arch})`,
});

/** A first attempt that was made already. */
interface Failed {
  readonly error: unknown;
  readonly startMs: number;
}
type Retry = <T>(url: string, attempt: () => Promise<T>, first?: Failed) => Promise<T>;

/** Attempts as the policy says; what then still fails becomes an error for the user. */
const retrying =
  (policy: RetryPolicy, connect: Connections): Retry =>
  (url, attempt, first) => {
    const startMs = first?.startMs ?? performance.now();
    return withRetries(policy, first ? after(first, attempt) : attempt, (failure, attempts) => {
      const bare = withoutLogin(url);
      if (failure.status === 401 || failure.status === 403) return refused(bare, failure.status);
      const durationMs = performance.now() - startMs;
      const { trusted } = connect;
      return networkError({ url: bare, failure, attempts, durationMs, trusted, proxy: connect.proxy(new URL(url)) });
    });
  };

interface Sending<T> {
  readonly attempt: (ask: Ask) => Promise<T>;
  readonly retry: Retry;
}

/** Sends when there is a place, and again where that may help. Most of thousands are answered at once: for them it is one step. */
async function through<T>(lanes: Lanes, ask: Ask, sending: Sending<T>): Promise<T> {
  const found = lanes.to(ask.url);
  const lane = found instanceof Promise ? await found : found;
  const sent = lane.isShared ? { ...ask, isShared: true } : ask;
  const waiting = lane.enter();
  if (waiting) await waiting;
  if (lane.isClosed()) {
    lane.leave();
    return through(lanes, ask, sending);
  }
  const startMs = performance.now();
  try {
    const answer = await sending.attempt(sent);
    lane.tell(true);
    return answer;
  } catch (error) {
    const isUnderstood = !(error instanceof NotShared);
    lane.tell(isUnderstood ? undefined : false);
    if (isUnderstood) return await again({ error, startMs }, sent, sending);
  } finally {
    lane.leave();
  }
  return through(lanes, ask, sending);
}

/** After a first attempt that failed. A server that meanwhile speaks no HTTP/2 any more has the request over other connections. */
const again = <T>(first: Failed, ask: Ask, { attempt, retry }: Sending<T>): Promise<T> =>
  retry(
    ask.url,
    () =>
      attempt(ask).catch((failure: unknown) => {
        if (failure instanceof NotShared) return attempt({ ...ask, isShared: false });
        throw failure;
      }),
    first,
  );

/** The attempts with the first one before them. */
function after<T>({ error }: Failed, attempt: () => Promise<T>): () => Promise<T> {
  let isTold = false;
  return () => {
    if (isTold) return attempt();
    isTold = true;
    return Promise.reject(error);
  };
}

/** What was connected for an earlier command may have died unseen: the next attempt connects anew. */
function letGoOfDead({ kind }: AttemptFailed): void {
  if (kind !== "connection") return;
  closeIdle();
  SPEAKING.forget();
}

/** A body that is cut short is worth another attempt, so reading it is part of the attempt. */
async function whole(
  ask: Ask,
  maxBytes: number,
  around: Surroundings,
): Promise<{ readonly reply: Reply; readonly body: Uint8Array }> {
  const reply = await send(ask, around);
  return { reply, body: await reply.bytes(maxBytes) };
}

/** One promise for all who want the same at the same time (SPEC FET-12). */
function shared<T>(flights: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  let flight = flights.get(key);
  if (!flight) {
    flight = work().finally(() => flights.delete(key));
    flights.set(key, flight);
  }
  return flight;
}

const basic = (login: Login | undefined): string | undefined =>
  login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;

function withoutLogin(url: string): string {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare.href;
}

const refused = (url: string, status: number): PybunError =>
  new PybunError("E_AUTH", `${new URL(url).host} refused the credentials or wants some (${status})`, {
    context: { url, status },
  });
