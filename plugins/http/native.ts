// What undici's fetch has no word for: Bun takes proxy, certificates and protocol as further fields of the same call, and
// gives headers as an object in a tenth of the time that going through them takes.
import type { Headers, RequestInit } from "undici";

/** Headers of an answer, by lower-case name; without cookies, which nobody sends back. */
export function headersOf(headers: Headers): Readonly<Record<string, string>> {
  const all = (headers as Headers & { toJSON(): Record<string, string> }).toJSON();
  delete all["set-cookie"];
  return all;
}

/** How the connections of a group of requests are made. */
export interface Wire {
  /** URL of a proxy; undefined: connect directly, whatever the environment of the process says. */
  readonly proxy: string | undefined;
  /** PEM texts of the authorities to trust; undefined: those the runtime brings. */
  readonly authorities: readonly string[] | undefined;
  readonly clientCertificate: { readonly cert: string; readonly key: string } | undefined;
  readonly isVerified: boolean;
  /** Never HTTP/2. */
  readonly isHttp1: boolean;
  readonly idleTimeoutMs: number;
}

/** So long after their last use connections are of no worth: most servers have closed them, and the network may be another. */
const IDLE_S = 60;
/** Groups of requests that connect in different ways; more than that a process hardly meets. */
const MOST_SESSIONS = 8;

interface Known {
  readonly session: Bun.FetchSession;
  usedMs: number;
}
/** By all that decides a connection but its host, used last at the end: a process that runs many commands connects once. */
const sessions = new Map<string, Known>();

/** Fields for `fetch` that make one pool of connections for all calls that use them. */
export function wireInit(wire: Wire): Pick<RequestInit, "dispatcher"> {
  const init = {
    session: sessionFor(wire),
    proxy: wire.proxy === undefined ? false : { url: wire.proxy, respectNoProxy: false },
    ...(wire.isHttp1 && { protocol: "http1.1" }),
    timeout: wire.idleTimeoutMs,
  };
  return init as Pick<RequestInit, "dispatcher">;
}

/** The same connections, as far as they speak HTTP/2. */
export const overHttp2 = (init: object): object => ({ ...init, protocol: "http2" });

function sessionFor({ proxy, authorities, clientCertificate, isVerified, isHttp1 }: Wire): Bun.FetchSession {
  const tls = {
    ...(authorities && { ca: [...authorities] }),
    ...(clientCertificate && { cert: clientCertificate.cert, key: clientCertificate.key }),
    ...(!isVerified && { rejectUnauthorized: false }),
  };
  const isPlain = Object.keys(tls).length === 0;
  const key = JSON.stringify([proxy, tls, isHttp1]);
  const nowMs = Date.now();
  const known = sessions.get(key);
  // The engine's own clock stands still while the machine sleeps.
  if (known && Math.abs(nowMs - known.usedMs) > IDLE_S * 1000) known.session.close();
  const session =
    known?.session ?? new Bun.FetchSession({ keepAlive: { idleTimeout: IDLE_S }, ...(!isPlain && { tls }) });
  sessions.delete(key);
  sessions.set(key, { session, usedMs: nowMs });
  for (const [oldest, { session: old }] of sessions) {
    if (sessions.size <= MOST_SESSIONS) break;
    sessions.delete(oldest);
    old.close();
  }
  return session;
}

/** Lets go of all connections that wait: where one is dead, the others may be too. */
export function closeIdle(): void {
  for (const { session } of sessions.values()) session.close();
}
