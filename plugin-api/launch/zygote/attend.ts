import fs from "node:fs";
import os from "node:os";
import type { Attended, Declined } from "./ask.ts";

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
] as const;

/** Stands for a program that runs elsewhere: hands signals on, stops when it is stopped, ends as it ends. */
export async function attend({ system, connection, pid }: Attended): Promise<Declined> {
  for (const signal of HANDED_ON) process.on(signal, () => handOn(pid, signal));
  const bytes = Buffer.alloc(64);
  let rest = Buffer.alloc(0);
  for (;;) {
    const length = await read(connection.fd, bytes);
    if (length === 0) break;
    rest = Buffer.concat([rest, bytes.subarray(0, length)]);
    for (; rest.length >= 5; rest = rest.subarray(5)) {
      const status = rest.readInt32LE(1);
      if (rest[0] === "S".charCodeAt(0)) system.stop(status);
      else end(status);
    }
  }
  // The server was killed: nobody can say any more how the program ends.
  tell(pid, "pybun: the fork server that ran this program was killed\n");
  return system.exit(70);

  function end(status: number): void {
    const signal = status & 0x7f;
    if (signal !== 0) system.die(signal);
    system.exit(signal === 0 ? (status >> 8) & 0xff : 128 + signal);
  }
}

/** By the program's own standard error, as this process has let go of it. */
function tell(pid: number, line: string): void {
  try {
    fs.appendFileSync(`/proc/${pid}/fd/2`, line);
  } catch {
    // The program was killed as well.
  }
}

function handOn(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, os.constants.signals[signal]);
  } catch {
    // It has just ended.
  }
}

/** Read in a thread, so that signals are attended to meanwhile. */
const read = (fd: number, bytes: Buffer): Promise<number> =>
  new Promise((resolve) => {
    fs.read(fd, bytes, 0, bytes.length, null, (error, length) => resolve(error ? 0 : length));
  });
