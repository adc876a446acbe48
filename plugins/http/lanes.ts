import { type Gate, gate } from "./gate.ts";

/** Lets a fixed number of requests run at once, and more of them where they share HTTP/2 connections. */
export interface Lanes {
  /** Where a request to this address goes; a promise while it is found out whether the server speaks HTTP/2. */
  to(url: string): Lane | Promise<Lane>;
}

/** Enter it before a request is sent, and leave it when all of the answer is here. */
export interface Lane extends Pick<Gate, "enter" | "leave"> {
  /** To be sent over HTTP/2 alone. */
  readonly isShared: boolean;
  /** The server turned out not to speak it while others waited: they have to ask for another lane. */
  isClosed(): boolean;
  /** What was sent over HTTP/2 alone was answered or not understood; undefined: it failed otherwise. */
  tell(speaksHttp2: boolean | undefined): void;
}

/** The server at this address does not speak HTTP/2, or no longer. */
export class NotShared extends Error {}

/** So many streams stand for a connection of HTTP/1.1, which costs both sides a handshake and carries one request at a time. */
const STREAMS = 5;

/**
 * `places`: requests at once. Whether a server speaks HTTP/2 is asked by a request when half of them are taken, so that it is known
 * when more are wanted; many runs never have so many. `mayShare` says of an address whether it may be asked at all.
 */
export function lanes(places: number, mayShare: (url: string) => boolean): Lanes {
  const own = gate(places);
  const general: Lane = { ...own, isShared: false, isClosed: () => false, tell() {} };
  /** By origin: `general` for those that do not speak it. */
  const known = new Map<string, Lane>();
  const asking = new Map<string, Promise<unknown>>();

  /** The lane of the first that is sent over HTTP/2 alone; others wait until it is known how that went. */
  function trial(origin: string): Lane {
    const { promise, resolve } = Promise.withResolvers<void>();
    asking.set(origin, promise);
    const lane: Lane = {
      ...gate(places * STREAMS),
      isShared: true,
      isClosed: () => known.get(origin) === general,
      tell(speaksHttp2) {
        const former = known.get(origin);
        if (former === undefined) known.set(origin, speaksHttp2 === true ? lane : general);
        else if (speaksHttp2 === false) known.set(origin, general);
        else return;
        asking.delete(origin);
        resolve();
      },
    };
    return lane;
  }

  function to(url: string): Lane | Promise<Lane> {
    const origin = originOf(url);
    const lane = known.get(origin);
    if (lane) return lane;
    const free = own.free();
    if (2 * free > places || !mayShare(url)) return general;
    const asked = asking.get(origin);
    if (!asked) return trial(origin);
    return free > 0 ? general : asked.then(() => to(url));
  }
  return { to };
}

function originOf(url: string): string {
  const end = url.indexOf("/", url.indexOf("//") + 2);
  return end < 0 ? url : url.slice(0, end);
}
