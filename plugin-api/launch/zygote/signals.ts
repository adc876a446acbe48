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

/** From now on what this process is sent is for the program that runs in its place; SIGCONT, by which it is continued itself, apart. */
export function handSignalsOn(pid: number): void {
  for (const signal of HANDED_ON) process.on(signal, () => handOn(pid, signal));
}

export function handOn(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
}
