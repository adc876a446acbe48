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
import { type DownloadContext, download } from "./download.ts";
import { type AttemptFailed, networkError } from "./failure.ts";
import { gate } from "./gate.ts";
import { lanes } from "./lanes.ts";
import { closeIdle } from "./native.ts";
import { rangeHeaders, readPart } from "./range.ts";
import { type RetryPolicy, withRetries } from "./retry.ts";
import { settings } from "./settings.ts";
import { type Ask, type Reply, type Surroundings, send } from "./transport.ts";

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
  const metadata = lanes(own.concurrentMetadata, (url) => connect.mayShare(new URL(url)));
  const downloads = gate(own.concurrentDownloads);
  const context: GetContext = {
    folder: path.join(host.env["PYBUN_PYPI_CACHE_DIR"] ?? path.join(host.dataDir, "index"), "http"),
    isOffline: host.isOffline,
    nowMs: around.nowMs,
    request: (ask, maxBytes) =>
      metadata.run(ask.url, (isShared) => retry(ask.url, () => whole({ ...ask, isShared }, maxBytes, around))),
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
      const headers = rangeHeaders(part);
      return metadata.run(url, (isShared) =>
        retry(url, async () => readPart(await send({ url, headers, isShared }, around), part)),
      );
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

/** Attempts as the policy says; what then still fails becomes an error for the user. */
const retrying =
  (policy: RetryPolicy, connect: Connections): DownloadContext["retry"] =>
  (url, attempt) => {
    const startMs = performance.now();
    return withRetries(policy, attempt, (failure, attempts) => {
      const bare = withoutLogin(url);
      if (failure.status === 401 || failure.status === 403) return refused(bare, failure.status);
      const durationMs = performance.now() - startMs;
      const { trusted } = connect;
      return networkError({ url: bare, failure, attempts, durationMs, trusted, proxy: connect.proxy(new URL(url)) });
    });
  };

/** What was connected for an earlier command may have died unseen: the next attempt connects anew. */
function letGoOfDead({ kind }: AttemptFailed): void {
  if (kind === "connection") closeIdle();
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
