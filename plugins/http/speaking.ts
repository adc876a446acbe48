/** Whether servers speak HTTP/2, by origin, as it turned out: a process that runs many commands finds it out once. */
export interface Speaking {
  /** Undefined where nobody has found out lately. */
  of(origin: string): boolean | undefined;
  note(origin: string, speaksHttp2: boolean): void;
  forget(): void;
}

/** So long it is believed: later the network may be another. */
const LASTS_MS = 60_000;
const MOST_ORIGINS = 100;

/** `nowMs`: a clock that goes on while the machine sleeps. */
export function speaking(nowMs: () => number = Date.now): Speaking {
  const known = new Map<string, { readonly speaksHttp2: boolean; readonly atMs: number }>();
  return {
    of(origin) {
      const found = known.get(origin);
      return found && Math.abs(nowMs() - found.atMs) <= LASTS_MS ? found.speaksHttp2 : undefined;
    },
    note(origin, speaksHttp2) {
      if (known.size >= MOST_ORIGINS) known.clear();
      known.set(origin, { speaksHttp2, atMs: nowMs() });
    },
    forget: () => known.clear(),
  };
}
