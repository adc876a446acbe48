/** Lets a fixed number of calls run at once. */
export interface Gate {
  /** Among those who wait, the heaviest goes first, then whoever came first. */
  run<T>(work: () => Promise<T>, weight?: number): Promise<T>;
  /** Takes a place: at once, or when the promise is kept. Whoever took one has to `leave`. */
  enter(weight?: number): Promise<void> | undefined;
  leave(): void;
  /** How many calls would run at once. */
  free(): number;
}

export function gate(places: number): Gate {
  let free = Math.max(1, Math.floor(places));
  /** In the order in which they go. */
  const waiting: { readonly weight: number; readonly go: () => void }[] = [];
  const wait = (weight: number, go: () => void): void => {
    let at = waiting.length;
    while (at > 0 && waiting[at - 1]!.weight < weight) at--;
    waiting.splice(at, 0, { weight, go });
  };
  const enter: Gate["enter"] = (weight = 0) => {
    if (free > 0) free--;
    else return new Promise<void>((go) => wait(weight, go));
    return undefined;
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next.go();
    else free++;
  };
  return {
    enter,
    leave,
    free: () => free,
    async run(work, weight) {
      await enter(weight);
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
