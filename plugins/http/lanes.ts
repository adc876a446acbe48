import { type Gate, gate } from "./gate.ts";

/** Lets a fixed number of requests run at once, and more of them where they share HTTP/2 connections. */
export interface Lanes {
  /** `isShared`: to be sent over HTTP/2 alone; throws `NotShared` where the server does not speak it. */
  run<T>(url: string, work: (isShared: boolean) => Promise<T>): Promise<T>;
}

/** The server at this address does not speak HTTP/2, or no longer. */
export class NotShared extends Error {}

/** So many streams stand for a connection of HTTP/1.1, which costs both sides a handshake and carries one request at a time. */
const STREAMS = 4;

/**
 * `places`: requests at once. Whether a server speaks HTTP/2 is asked by the first request that would have to wait: most runs
 * never have so many. `mayShare` says of an address whether it may be asked at all.
 */
export function lanes(places: number, mayShare: (url: string) => boolean): Lanes {
  const general = gate(places);
  /** By origin; undefined for those that do not speak it. */
  const shared = new Map<string, Gate | undefined>();
  const asking = new Map<string, Promise<void>>();

  const isNotShared = (origin: string): boolean => shared.has(origin) && shared.get(origin) === undefined;

  async function share<T>(origin: string, lane: Gate, work: (isShared: boolean) => Promise<T>): Promise<T> {
    try {
      const done = await lane.run(() => {
        // Others may have found out while this one waited.
        if (isNotShared(origin)) throw new NotShared();
        return work(true);
      });
      if (!shared.has(origin)) shared.set(origin, lane);
      return done;
    } catch (error) {
      if (!(error instanceof NotShared)) throw error;
      shared.set(origin, undefined);
    }
    return general.run(() => work(false));
  }

  /** The first that is sent over HTTP/2 alone; others wait until it is known how that went. */
  function ask<T>(origin: string, work: (isShared: boolean) => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<void>();
    asking.set(origin, promise);
    const told = (): void => {
      asking.delete(origin);
      resolve();
    };
    const answer = share(origin, gate(places * STREAMS), (isShared) => {
      // It is sent again over another connection: by then it is known that it has to be.
      if (!isShared) told();
      return work(isShared);
    });
    answer.then(told, told);
    return answer;
  }

  async function run<T>(url: string, work: (isShared: boolean) => Promise<T>): Promise<T> {
    const origin = originOf(url);
    for (;;) {
      const lane = shared.get(origin);
      if (lane) return share(origin, lane, work);
      if (general.hasPlace() || isNotShared(origin) || !mayShare(url)) return general.run(() => work(false));
      const asked = asking.get(origin);
      if (!asked) return ask(origin, work);
      await asked;
    }
  }
  return { run };
}

function originOf(url: string): string {
  const end = url.indexOf("/", url.indexOf("//") + 2);
  return end < 0 ? url : url.slice(0, end);
}
