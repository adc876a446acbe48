import { spawn } from "node:child_process";
import path from "node:path";
import { cleanEnvironment } from "./clean-environment.ts";
import { executablePath } from "./executable.ts";
import type { Place } from "./project.ts";
import { requirePython } from "./python.ts";

/** How the terminal is and what happens in it. */
export interface TerminalOptions {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Presses Ctrl-C after so long. */
  readonly interruptAfterMs?: number;
  /** Typed one after the other, each when a question is shown that ends in a colon or a bracket; `^C` presses Ctrl-C. */
  readonly answers?: readonly string[];
  /** Words in front of the executable's path: a program that runs it. */
  readonly behind?: readonly string[];
}

const SCRIPT = path.join(import.meta.dirname, "terminal.py");

/** Runs the executable of a place in a real terminal; both streams come as one text, as a person sees them. */
export function runInTerminal(
  place: Place,
  argv: readonly string[],
  { columns = 80, env = {}, interruptAfterMs, answers = [], behind = [] }: TerminalOptions = {},
): Promise<{ readonly exitCode: number | null; readonly shown: string }> {
  const interrupt = interruptAfterMs === undefined ? [] : ["-i", String(interruptAfterMs / 1000)];
  const typed = answers.flatMap((answer) => ["-t", answer]);
  const words = [SCRIPT, String(columns), ...interrupt, ...typed, ...behind, executablePath(), ...argv];
  const { home, temporary, cwd, data } = place;
  const own = { TERM: "xterm-256color", LANG: "C.UTF-8", LC_ALL: "", PYBUN_HOME: data };
  const child = spawn(requirePython().path, words, {
    cwd,
    env: { ...cleanEnvironment({ home, temporary }), ...own, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => {
      resolve({ exitCode, shown: Buffer.concat(chunks).toString().replaceAll("\r\n", "\n") });
    });
  });
}
