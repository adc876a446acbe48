import os from "node:os";
import { type Ended, type Running, runOpen } from "../kernel/main.ts";
import type { Start } from "../kernel/set-up.ts";
import { Interrupted, type Interruption } from "../plugin-api/error.ts";
import { UNFINISHED } from "../plugin-api/launch/daemon/words.ts";
import type { Preset } from "../plugin-api/preset.ts";
import { isTerminal } from "../plugin-api/system/terminal.ts";
import { writeOut } from "../plugin-api/system/write-out.ts";
import { product } from "./product.ts";

/** What a command line is run with that the process has not told. */
export interface Call {
  readonly argv: readonly string[];
  readonly presets: Readonly<Record<string, Preset>>;
  /** Name of the preset the executable is. */
  readonly preset: string;
  /** When the process started that the user waits for; milliseconds since 1970. */
  readonly startedAtMs: number;
}

/** Time that work under way gets to stop after a signal. */
const GRACE_MS = 5_000;

/** A run that starts from what the process has: its variables, folder and streams. */
export const startOf = (call: Call, signal: AbortSignal): Start => ({
  ...call,
  env: process.env,
  cwd: workingDirectory(),
  home: process.env["HOME"] ?? os.homedir(),
  platform: process.platform,
  arch: process.arch,
  isTerminal: { stdin: isTerminal(0), stdout: isTerminal(1), stderr: isTerminal(2) },
  signal,
  product,
});

/** Runs what was put together, to its exit code; says on standard error what no reporter is left to say. */
export async function runCall(running: Running): Promise<number> {
  let ended: Ended | undefined;
  process.on("exit", () => {
    if (ended === undefined && process.exitCode === UNFINISHED)
      sayLast(
        `error[E_INTERNAL]: ended in the middle of: ${running.sessions.unfinished().join(", ") || "the command"}\n`,
      );
  });
  ended = await runOpen(running);
  if (ended.lostOutput)
    sayLast(`error[${ended.lostOutput.code}]: the output is not whole: ${ended.lostOutput.message}\n`);
  return ended.exitCode;
}

/** The first signal asks the work to stop; the second ends it at once, as does the first after a while. */
export function interrupter(controller: AbortController, end: (code: number) => void): (signal: Interruption) => void {
  return (signal) => {
    const reason = new Interrupted(signal);
    if (controller.signal.aborted) return end(reason.exitCode);
    controller.abort(reason);
    setTimeout(() => end(reason.exitCode), GRACE_MS).unref();
  };
}

/**
 * The folder the call is made in. When it was removed meanwhile, one that does not exist: setting up then says so, and
 * `--directory` helps.
 */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return "/(removed)";
  }
}

/** To standard error, when no reporter is left to do it; without that too there is only the exit code. */
function sayLast(text: string): void {
  try {
    writeOut(2, text);
  } catch {}
}
