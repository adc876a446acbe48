import os from "node:os";
import { type Ended, runOpen } from "../kernel/main.ts";
import { INTERRUPTIONS, Interrupted, type Interruption } from "../plugin-api/error.ts";
import { rememberDescriptors } from "../plugin-api/launch/exec/descriptors.ts";
import type { Preset } from "../plugin-api/preset.ts";
import { inheritedDescriptors, isIgnored } from "../plugin-api/system/inherited.ts";
import { isTerminal } from "../plugin-api/system/terminal.ts";
import { writeOut } from "../plugin-api/system/write-out.ts";
import { openWhole } from "./open-whole.ts";
import { product } from "./product.ts";

interface Call {
  readonly argv: readonly string[];
  readonly presets: Readonly<Record<string, Preset>>;
  readonly preset: string;
}

/** Set by `launch` before anything else; whoever ends the process on purpose sets another one. */
const UNFINISHED = 70;

/** Time that work under way gets to stop after a signal. */
const GRACE_MS = 5_000;

/** One run as a process of the operating system: signals in, exit code out, and nothing waited for afterwards. */
export async function runProcess(call: Call): Promise<never> {
  rememberDescriptors(inheritedDescriptors());
  const controller = new AbortController();
  // What is ignored stays so, here and in the program that this process becomes.
  for (const signal of Object.keys(INTERRUPTIONS) as Interruption[])
    if (!isIgnored(signal)) process.on(signal, () => interrupt(controller, signal));
  const running = await openWhole({
    ...call,
    env: process.env,
    cwd: workingDirectory(),
    home: process.env["HOME"] ?? os.homedir(),
    platform: process.platform,
    arch: process.arch,
    isTerminal: { stdin: isTerminal(0), stdout: isTerminal(1), stderr: isTerminal(2) },
    startedAtMs: Date.now() - process.uptime() * 1000,
    signal: controller.signal,
    product,
  });
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
  process.exit(ended.exitCode);
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

/** The first signal asks the work to stop; the second ends the process at once. */
function interrupt(controller: AbortController, signal: Interruption): void {
  const reason = new Interrupted(signal);
  if (controller.signal.aborted) process.exit(reason.exitCode);
  controller.abort(reason);
  setTimeout(() => process.exit(reason.exitCode), GRACE_MS).unref();
}
