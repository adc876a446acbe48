/** Lets a fixed number of calls run at once. */
export interface Gate {
  /** Among those who wait, the heaviest goes first, then whoever came first. */
  run<T>(work: () => Promise<T>, weight?: number): Promise<T>;
}

export function gate(places: number): Gate {
  let free = Math.max(1, Math.floor(places));
  const waiting: { readonly weight: number; readonly go: () => void }[] = [];
  const next = (): (() => void) | undefined => {
    const most = Math.max(...waiting.map(({ weight }) => weight));
    const [first] = waiting.splice(
      Math.max(
        0,
        waiting.findIndex(({ weight }) => weight === most),
      ),
      1,
    );
    return first?.go;
  };
  return {
    async run(work, weight = 0) {
      if (free > 0) free--;
      else await new Promise<void>((go) => waiting.push({ weight, go }));
      try {
        return await work();
      } finally {
        const go = next();
        if (go) go();
        else free++;
      }
    },
  };
}
