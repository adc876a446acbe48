import fs from "node:fs";

const STEP_MS = 10;

/**
 * Ends processes that still work on something below a folder which is about to be removed, such as one that compiles in
 * the background, and waits until they are gone. Does nothing where the system has no /proc.
 */
export function endStragglers(folder: string): void {
  for (const pid of processesBelow(folder)) end(pid);
  waitForStragglers(folder, 5000);
}

/** Waits until no process works on anything below the folder any more, or the patience is at its end. */
export function waitForStragglers(folder: string, patienceMs: number, isMeant: IsMeant = () => false): void {
  for (let waitedMs = 0; waitedMs < patienceMs && processesBelow(folder, isMeant).length > 0; waitedMs += STEP_MS) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STEP_MS);
  }
}

/** Whether a process with these arguments is one that goes on beyond what started it. */
export type IsMeant = (argv: readonly string[]) => boolean;
export const isServer: IsMeant = (argv) =>
  argv.some((word) => word.endsWith("/_pybun_zygote.py") || word === "__daemon");

/** Processes that have something below a folder among their words, by number. None where the system has no /proc. */
export function processesBelow(folder: string, isMeant: IsMeant = () => false): number[] {
  if (!fs.existsSync("/proc/self/cmdline")) return [];
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      const argv = readArguments(name);
      return argv.some((word) => word.startsWith(`${folder}/`)) && !isMeant(argv);
    })
    .map(Number);
}

function readArguments(pid: string): string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return []; // it has ended
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended
  }
}
