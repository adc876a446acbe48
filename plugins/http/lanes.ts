import { type Gate, gate } from "./gate.ts";
import type { Speaking } from "./speaking.ts";

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
const STREAMS = 6;

interface Terms {
  /** Requests at once. */
  readonly places: number;
  /** Whether the server at an address may be asked for HTTP/2 at all. */
  readonly mayShare: (url: string) => boolean;
  readonly speaking: Speaking;
}

/**
 * Whether a server speaks HTTP/2 is asked by a request when half of the places are taken, so that it is known when more are wanted;
 * many runs never have so many.
 */
export function lanes({ places, mayShare, speaking }: Terms): Lanes {
  const own = gate(places);
  const general: Lane = { ...own, isShared: false, isClosed: () => false, tell() {} };
  /** By origin: `general` for those that do not speak it. */
  const known = new Map<string, Lane>();
  const asking = new Map<string, Promise<unknown>>();

  /** The lane over HTTP/2; `found` is called when it is known whether the server speaks it. */
  function shared(origin: string, found: () => void): Lane {
    const lane: Lane = {
      ...gate(places * STREAMS),
      isShared: true,
      isClosed: () => known.get(origin) === general,
      tell(speaksHttp2) {
        const former = known.get(origin);
        if (former === undefined) known.set(origin, speaksHttp2 === true ? lane : general);
        else if (speaksHttp2 === false) known.set(origin, general);
        else return;
        if (speaksHttp2 !== undefined) speaking.note(origin, speaksHttp2);
        found();
      },
    };
    return lane;
  }

  /** The lane of the first that is sent over HTTP/2 alone; others wait until it is known how that went. */
  function trial(origin: string): Lane {
    const { promise, resolve } = Promise.withResolvers<void>();
    asking.set(origin, promise);
    return shared(origin, () => {
      asking.delete(origin);
      resolve();
    });
  }

  /** The lane that earlier commands have found to be the right one. */
  function remembered(origin: string): Lane | undefined {
    const speaksHttp2 = speaking.of(origin);
    if (speaksHttp2 === undefined) return undefined;
    const lane = speaksHttp2 ? shared(origin, () => {}) : general;
    known.set(origin, lane);
    return lane;
  }

  function to(url: string): Lane | Promise<Lane> {
    const origin = originOf(url);
    const lane = known.get(origin);
    if (lane) return lane;
    const free = own.free();
    if (2 * free > places || !mayShare(url)) return general;
    const asked = asking.get(origin);
    if (!asked) return remembered(origin) ?? trial(origin);
    return free > 0 ? general : asked.then(() => to(url));
  }
  return { to };
}

function originOf(url: string): string {
  const end = url.indexOf("/", url.indexOf("//") + 2);
  return end < 0 ? url : url.slice(0, end);
}
