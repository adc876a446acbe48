// Imported by the fast path: not even node:fs and node:path may be imported here.

/** Signals that this process may be sent in place of the program. Those of the terminal reach the program itself. */
const HANDED_ON = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGTERM",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGVTALRM",
  "SIGPROF",
  "SIGTSTP",
  "SIGTTIN",
  "SIGTTOU",
  "SIGWINCH",
  "SIGIO",
  "SIGURG",
] as const satisfies readonly NodeJS.Signals[];

/** The server says that it continues this process before it does: that has been read after so long, also where much is going on. */
const TOLD_MS = 100;

export interface Handing {
  /** The next SIGCONT comes from the server, and is not for the program. */
  expectContinue(): void;
}

/** From now on what this process is sent is for the program that runs in its place. */
export function handSignalsOn(pid: number): Handing {
  for (const signal of HANDED_ON) process.on(signal, () => handOn(pid, signal));
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
