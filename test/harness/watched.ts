import fs from "node:fs";
import type { Place, Result, RunOptions } from "./project.ts";
import { until } from "./until.ts";

// Programs under test write lines to `said.txt`; what PyBun did is read from its NDJSON.

/** Python: `say` writes a line that `said` gives. */
export const SAY = "def say(*words):\n    with open('said.txt', 'a') as file:\n        print(*words, file=file)\n";
export const said = (place: Place): readonly string[] =>
  place.exists("said.txt")
    ? place
        .read("said.txt")
        .split("\n")
        .filter((line) => line !== "")
    : [];

export interface Reload {
  readonly action: string;
  readonly reason: string;
  readonly paths: readonly string[];
}

export const eventsIn = (result: Result) =>
  result.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Reload & { type?: string });
export const reloads = (result: Result): readonly Reload[] => eventsIn(result).filter(({ type }) => type === "Reload");

/** Waits until the program has said so many lines, and gives the last. */
export const lines = (place: Place, count: number) =>
  until(() => said(place).length >= count && said(place).at(-1), `${count} lines`);

const QUIET_MS = 800;
const QUIET_TICKS = 2;

/** Waits until a process has hardly worked for a while, by which it counts as started. */
export async function quiet(pid = ""): Promise<void> {
  for (let before = Number.NEGATIVE_INFINITY, now = ticksOf(pid); now - before > QUIET_TICKS; now = ticksOf(pid)) {
    before = now;
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
}

/** Processor time in hundredths of a second (proc_pid_stat(5)). */
function ticksOf(pid: string): number {
  if (!fs.existsSync("/proc/self/stat")) return 0;
  const [user = "", system = ""] =
    fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ").slice(11) ?? [];
  return Number(user) + Number(system);
}

export interface Watching extends RunOptions {
  readonly words: readonly string[];
}

/** Runs a command that watches until the body has ended. */
export async function watched(
  place: Place,
  order: readonly string[] | Watching,
  body: () => Promise<void>,
): Promise<Result> {
  const { words, ...options } = "words" in order ? order : { words: order };
  const running = place.start(["--format=ndjson", ...words], options);
  try {
    await body();
  } finally {
    running.kill("SIGINT");
  }
  return running.ended;
}
