import fs from "node:fs";
import type { Place, Result } from "../harness/project.ts";

export interface MeasureOptions {
  readonly env: Readonly<Record<string, string>>;
  /** No file may grow beyond this: the system stops the process (RLIMIT_FSIZE). */
  readonly maxFileBytes: number | undefined;
  readonly timeoutMs: number;
}

export interface Measured {
  readonly result: Result;
  /** Most memory the process held beyond what it holds for an empty command. */
  readonly peakBytes: number;
}

let emptyPeak: number | undefined;

/** Runs the executable and watches how much memory it takes, where the system tells (Linux). */
export async function measured(place: Place, argv: readonly string[], options: MeasureOptions): Promise<Measured> {
  emptyPeak ??= (await watch(place, ["--version"], { env: {}, maxFileBytes: undefined, timeoutMs: 30_000 })).peakBytes;
  const run = await watch(place, argv, options);
  return { ...run, peakBytes: Math.max(0, run.peakBytes - emptyPeak) };
}

async function watch(place: Place, argv: readonly string[], options: MeasureOptions): Promise<Measured> {
  const { env, timeoutMs, maxFileBytes } = options;
  const limits = maxFileBytes === undefined ? {} : { maxFileBytes };
  const running = place.start(argv, { env, timeoutMs, ...limits });
  let peakBytes = 0;
  const look = (): void => {
    peakBytes = Math.max(peakBytes, residentPeak(running.pid));
  };
  const timer = setInterval(look, 10);
  try {
    return { result: await running.ended, peakBytes };
  } finally {
    clearInterval(timer);
  }
}

/** High-water mark of the resident set. It never falls, so that looking now and then misses only the very end. */
function residentPeak(pid: number): number {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
    return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  } catch {
    return 0; // it has ended
  }
}
