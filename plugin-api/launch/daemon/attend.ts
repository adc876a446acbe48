// Imported by the start of the executable: not even node:fs may be imported here, which takes longer than all the rest.
import type { Becoming } from "../../system/stand-in.ts";
import { become } from "../native.ts";
import type { Connection, System } from "../zygote/native.ts";
import { KILLED, STOPPING, UNFINISHED, WORD } from "./words.ts";

/** A signal that another thread of this process took is heard of after this time at most. */
const STEP_MS = 50;
/** A word and a length. */
const HEAD_BYTES = 5;

/** Has an accepted command run elsewhere and stands for it: hands on what asks it to stop, and ends as it ends. Returns where that did not do it. */
export async function attend(system: System, connection: Connection): Promise<void> {
  const handOn = (signal: NodeJS.Signals): void =>
    void connection.send(Uint8Array.of(STOPPING[signal as keyof typeof STOPPING]), []);
  const names = Object.keys(STOPPING) as (keyof typeof STOPPING)[];
  const heard = names.filter((name) => !system.isIgnored(STOPPING[name]));
  for (const signal of heard) process.on(signal, handOn);
  connection.send(Uint8Array.of(WORD.go), []);
  const answer = await hear(connection);
  const [word, code = UNFINISHED] = answer;
  if (word === WORD.ended) system.exit(code);
  for (const signal of heard) process.off(signal, handOn);
  if (word === WORD.left) return connection.close();
  const program = word === WORD.become ? await programIn(answer, connection) : undefined;
  if (program !== undefined) {
    // Nothing of this process's own may be open in the program.
    connection.close();
    return become(program.argv, program.variables, program.cwd);
  }
  const { writeOut } = await import("../../system/write-out.ts");
  writeOut(2, KILLED);
  system.exit(UNFINISHED);
}

/** What comes next; nothing, where the other end is closed. */
async function hear(connection: Connection): Promise<Uint8Array> {
  for (;;) {
    const bytes = connection.receive(STEP_MS);
    if (bytes !== undefined) return bytes;
    await new Promise((resolve) => setTimeout(resolve, 0)); // signals are attended to
  }
}

/** Undefined where it did not come whole. As presets/serve-call.ts writes it; a fork server has been asked already. */
async function programIn(answer: Uint8Array, connection: Connection): Promise<Becoming | undefined> {
  let bytes = Buffer.from(answer);
  while (bytes.length < HEAD_BYTES || bytes.length < HEAD_BYTES + bytes.readUInt32LE(1)) {
    const more = await hear(connection);
    if (more.length === 0) return undefined;
    bytes = Buffer.concat([bytes, more]);
  }
  const [cwd = "", ...fields] = bytes.subarray(HEAD_BYTES).toString().split("\0");
  const taken = (): readonly string[] => fields.splice(0, Number(fields.shift()));
  const argv = taken();
  const variables = { ...process.env } as Record<string, string>;
  for (const change of taken()) {
    const end = change.indexOf("=", 1);
    if (end < 0) delete variables[change];
    else variables[change.slice(0, end)] = change.slice(end + 1);
  }
  return { argv, variables, cwd };
}
