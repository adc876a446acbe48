import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { warning } from "../../plugin-api/diagnostic.ts";
import type { Profile } from "../../plugin-api/profile.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Invocation, Stopwatch } from "../../plugin-api/stages.ts";
import source from "./python/timings.py" with { type: "text" };

/** Names the file into which the Python process writes what importing took; it is taken away before the program begins. */
const VARIABLE = "PYBUN_RUN_TIMINGS";

/** A run whose phases are measured: PyBun's own start, the environment, imports, and the rest of the program (SPEC PRF-04). */
export function timed(invocation: Invocation, profile: Profile, session: Session): Invocation {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pybun-timings-"));
  const file = path.join(folder, "timings");
  process.once("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
  return {
    ...invocation,
    env: { ...invocation.env, [VARIABLE]: file },
    bootstraps: [...(invocation.bootstraps ?? []), { name: "timings", source, config: VARIABLE }],
    stopwatch: stopwatch(file, profile, session),
  };
}

/** `performance.now()` counts from the start of the process. */
function stopwatch(file: string, { timing, tracing }: Profile, session: Session): Stopwatch {
  const startMs = performance.now();
  let beganMs = startMs;
  return {
    begin: () => {
      beganMs = performance.now();
    },
    end: () => {
      const wholeMs = performance.now() - beganMs;
      const imports = importsMs(file);
      const timings = {
        start: round(startMs),
        environment: round(beganMs - startMs),
        imports: imports === undefined ? null : round(imports),
        run: round(wholeMs - (imports ?? 0)),
      };
      const known = Object.entries(timings).flatMap(([phase, ms]) => (ms === null ? [] : [[phase, ms] as const]));
      if (tracing) for (const [phase, ms] of known) session.emit({ type: "RunPhase", phase, duration_ms: ms });
      const words = known.map(([phase, ms]) => `${phase} ${ms} ms`).join(", ");
      if (timing)
        session.emit({ type: "Diagnostic", diagnostic: warning("I_RUN_TIMINGS", words, { context: timings }) });
      return timings;
    },
  };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

/** Undefined where the program was ended before it could tell, or was no Python. */
function importsMs(file: string): number | undefined {
  try {
    const ms = Number(fs.readFileSync(file, "utf8"));
    return Number.isFinite(ms) ? ms : undefined;
  } catch {
    return undefined;
  }
}
