// Imported by the fast path: not even node:fs and node:path may be imported here.

import { HANDED_ON, TOLD_MS } from "./words.ts";

export interface Handing {
  /** The next SIGCONT comes from the server, and is not for the program. */
  expectContinue(): void;
}

/** From now on what this process is sent is for the program that runs in its place. */
export function handSignalsOn(pid: number): Handing {
  for (const signal of Object.keys(HANDED_ON) as (keyof typeof HANDED_ON)[])
    process.on(signal, () => handOn(pid, signal));
  let isExpected = false;
  process.on("SIGCONT", () =>
    setTimeout(() => {
      if (!isExpected) handOn(pid, "SIGCONT");
      isExpected = false;
    }, TOLD_MS),
  );
  return {
    expectContinue: () => {
      isExpected = true;
    },
  };
}

function handOn(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}
