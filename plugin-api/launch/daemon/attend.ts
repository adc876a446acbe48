// Imported by the start of the executable: not even node:fs may be imported here, which takes longer than all the rest.
import type { Connection, System } from "../zygote/native.ts";
import { WORD } from "./words.ts";

/** What asks a command to stop, with the numbers of Linux. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
/** Code of a process that ended in the middle (SPEC 1.5, `E_INTERNAL`). */
const UNFINISHED = 70;
/** A signal that another thread of this process took is heard of after this time at most. */
const STEP_MS = 50;
const HINT = "hint: run it once more; what was under way is completed or undone then";

/** Stands for a command that runs elsewhere: hands on what asks it to stop, and ends as it ends. Returns where that did not do it. */
export async function attend(system: System, connection: Connection): Promise<void> {
  const handOn = (signal: NodeJS.Signals): void =>
    void connection.send(Uint8Array.of(SIGNALS[signal as keyof typeof SIGNALS]), []);
  const names = Object.keys(SIGNALS) as (keyof typeof SIGNALS)[];
  const heard = names.filter((name) => !system.isIgnored(SIGNALS[name]));
  for (const signal of heard) process.on(signal, handOn);
  let answer = connection.receive(STEP_MS);
  while (answer === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 0)); // signals are attended to
    answer = connection.receive(STEP_MS);
  }
  const [word, code = UNFINISHED] = answer;
  if (word === WORD.ended) system.exit(code);
  for (const signal of heard) process.off(signal, handOn);
  if (word === WORD.left) return connection.close();
  const { writeOut } = await import("../../system/write-out.ts");
  writeOut(2, `error[E_INTERNAL]: the daemon that ran this command was killed\n${HINT}\n`);
  system.exit(UNFINISHED);
}
