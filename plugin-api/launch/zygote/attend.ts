import fs from "node:fs";
import { UNFINISHED } from "../daemon/words.ts";
import type { Attended, Declined } from "./ask.ts";
import { SERVER_KILLED } from "./words.ts";

const [CONTINUED, STOPPED, ENDED] = ["C", "S", "X"].map((letter) => letter.charCodeAt(0));
/** A kind, and a number of 4 bytes. */
const MESSAGE_BYTES = 5;

/** Stands for a program that runs elsewhere: stops when it is stopped, goes on as it goes on, ends as it ends. */
export async function attend({ system, connection, pid, handing }: Attended): Promise<Declined> {
  const bytes = Buffer.alloc(64);
  let rest = Buffer.alloc(0);
  for (;;) {
    const length = await read(connection.fd, bytes);
    if (length === 0) break;
    rest = Buffer.concat([rest, bytes.subarray(0, length)]);
    for (; rest.length >= MESSAGE_BYTES; rest = rest.subarray(MESSAGE_BYTES)) {
      const status = rest.readInt32LE(1);
      if (rest[0] === ENDED) end(status);
      if (rest[0] === CONTINUED) handing.expectContinue();
      // Where more has come, it has gone on since.
      if (rest[0] === STOPPED && rest.length === MESSAGE_BYTES) system.stop(status);
    }
  }
  // The server was killed: nobody can say any more how the program ends.
  tell(pid, SERVER_KILLED);
  return system.exit(UNFINISHED);

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

/** Read in a thread, so that signals are attended to meanwhile. */
const read = (fd: number, bytes: Buffer): Promise<number> =>
  new Promise((resolve) => {
    fs.read(fd, bytes, 0, bytes.length, null, (error, length) => resolve(error ? 0 : length));
  });
