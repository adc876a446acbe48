import fs from "node:fs";
import os from "node:os";
import { INTERRUPTIONS, type Interruption } from "../../error.ts";
import { isIgnored } from "../../system/inherited.ts";
import { writeOut } from "../../system/write-out.ts";
import type { Connection, System } from "../zygote/native.ts";
import { WORD } from "./words.ts";

/** Code of a process that ended in the middle (SPEC 1.5, `E_INTERNAL`). */
const UNFINISHED = 70;

/** Stands for a command that runs elsewhere: hands on what asks it to stop, and ends as it ends. Returns where that did not do it. */
export async function attend(system: System, connection: Connection): Promise<void> {
  const handOn = (signal: Interruption): void => void connection.send(Uint8Array.of(os.constants.signals[signal]), []);
  const heard = (Object.keys(INTERRUPTIONS) as Interruption[]).filter((signal) => !isIgnored(signal));
  for (const signal of heard) process.on(signal, handOn);
  const bytes = Buffer.alloc(2);
  const length = await read(connection.fd, bytes);
  if (length === 2 && bytes[0] === WORD.ended) system.exit(bytes[1] ?? UNFINISHED);
  for (const signal of heard) process.off(signal, handOn);
  if (length > 0 && bytes[0] === WORD.left) return connection.close();
  writeOut(2, `error[E_INTERNAL]: the daemon that ran this command was killed\n${HINT}\n`);
  system.exit(UNFINISHED);
}

const HINT = "hint: run it once more; what was under way is completed or undone then";

/** Read in a thread, so that signals are attended to meanwhile. */
const read = (fd: number, bytes: Buffer): Promise<number> =>
  new Promise((resolve) => {
    fs.read(fd, bytes, 0, bytes.length, null, (error, length) => resolve(error ? 0 : length));
  });
