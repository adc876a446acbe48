import { commandWord } from "../plugin-api/launch/command-word.ts";
import { askDaemon, socketOfDaemon } from "../plugin-api/launch/daemon/ask.ts";
import { SERVE, UNFINISHED } from "../plugin-api/launch/daemon/words.ts";
import { workingDirectory } from "../plugin-api/launch/native.ts";
import { say } from "../plugin-api/launch/say.ts";
import type { Preset } from "../plugin-api/preset.ts";
import type { Answer } from "./fast-renewal.ts";
import { begin, type Ready } from "./fast-start.ts";
import { isBuilt, product } from "./product.ts";

/** What an executable is made of: loaded only when the call needs it. */
export interface Parts {
  /** Name of the preset the executable is. */
  readonly preset: string;
  readonly presets: () => Promise<Readonly<Record<string, Preset>>>;
  /** Of commands that become a program, what finds one that they became before. */
  readonly ready: Readonly<Record<string, Ready>>;
  /** Of commands that find nothing to do, what says so as before. */
  readonly notes: Readonly<Record<string, Answer>>;
  /** Of commands that make an environment, what makes it as it was made before. */
  readonly renewals: Readonly<Record<string, Answer>>;
  /** First words of commands that a daemon may run. */
  readonly served: ReadonlySet<string>;
}

/**
 * The start of every executable, behind its client. `--version` is answered before anything else loads; a repeated `run` by its own small
 * module; what finds nothing to do as before by a note; a command that a daemon may run by that; an environment that was made before, without the kernel; all else by it. The
 * failing exit code stands from the first instant, so a lost promise can't look like success.
 */
export async function launch(parts: Parts): Promise<void> {
  process.exitCode = UNFINISHED;
  const argv = process.argv.slice(2);
  const first = argv[0];
  if (argv.length === 1 && (first === "--version" || first === "-V")) {
    // Loading node:fs for one line would cost a fifth of the whole call.
    console.log(`${product.name} ${product.version}`);
    process.exit(0);
  }
  await beginReady(argv, parts);
  if (await isAnswered(argv, parts.notes)) process.exit(0);
  if (first === SERVE) return (await import("./serve.ts")).serve(argv[1] ?? "", parts);
  const command = commandWord(argv, product.taking);
  const missing = isBuilt && parts.served.has(command) ? await missingDaemon(command, argv) : undefined;
  if (await isAnswered(argv, parts.renewals)) process.exit(0);
  const [{ runProcess }, presets] = await Promise.all([import("./process.ts"), parts.presets()]);
  await runProcess({ argv, presets, preset: parts.preset }, async () => {
    const socket = await missing?.();
    if (socket !== undefined) (await import("../plugins/daemon/start.ts")).startDaemon(socket, process.env);
  });
}

/** Returns where there is no program that the command became before, or the system refuses it. */
async function beginReady([first = "", ...argv]: readonly string[], { ready }: Parts): Promise<void> {
  const cwd = first in ready ? workingDirectory() : undefined;
  if (cwd === undefined) return;
  const caller = { env: process.env, cwd };
  const start = await ready[first]?.(argv, caller);
  if (start !== undefined) await begin(start, caller);
}

/** Returns only where no daemon has run the command: what tells the socket of one that would have, if it were there. */
async function missingDaemon(command: string, argv: readonly string[]): Promise<() => Promise<string | undefined>> {
  const { env } = process;
  if (product.asked.includes(command)) return () => socketOfDaemon(argv, env);
  const cwd = workingDirectory();
  const missing = cwd === undefined ? undefined : (await askDaemon({ argv, env, cwd })).missing;
  return async () => missing;
}

async function isAnswered([first = "", ...argv]: readonly string[], answers: Parts["notes"]): Promise<boolean> {
  const answer = answers[first];
  const cwd = answer && workingDirectory();
  const said = cwd === undefined ? undefined : await answer?.(argv, { cwd, env: process.env });
  if (said !== undefined) await say(said, process.env);
  return said !== undefined;
}
