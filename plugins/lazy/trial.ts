import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Session } from "../../plugin-api/session.ts";
import type { Invocation, Outcome } from "../../plugin-api/stages.ts";
import { RECORD } from "./bootstrap.ts";
import "./invocation.ts";
import type { LazyPolicy } from "./policy.ts";

/** An import that waited in a run. */
export interface Waited {
  readonly importer: string;
  readonly line: number;
  /** Modules that it imports. */
  readonly modules: readonly string[];
  /** Whether it was carried out in the end. */
  readonly isUsed: boolean;
}
/** One run of the program, as far as others are compared with it. */
export interface Trial {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  /** Undefined where the program ended without telling. */
  readonly waited: readonly Waited[] | undefined;
}
/** Runs the program, with imports waiting as a policy says. */
export type Try = (policy: LazyPolicy, env?: Readonly<Record<string, string>>) => Promise<Trial>;

const ADDED = new Set(["bootstraps", "accelerations", "stopwatch", "addedOptions", "isLazySuggestion", "onOutput"]);

/** What a run is started from: what plugins added to it is added anew each time. */
export function triesOf(invocation: Invocation, session: Session): Try {
  const kept = Object.entries(invocation).filter(([name]) => !ADDED.has(name));
  const plain = Object.fromEntries(kept) as unknown as Invocation;
  return async (policy, env = {}) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pybun-lazy-"));
    const file = path.join(folder, "waited.json");
    try {
      const startMs = performance.now();
      const outcome = await session.run("run", {
        ...plain,
        env: { ...plain.env, ...env, ...(policy.mode !== "off" && { [RECORD]: file }) },
        isCaptured: true,
        isStreamed: false,
        cleanUps: [],
        lazyImports: { policy, isRecorded: true },
      });
      return trialOf(outcome, performance.now() - startMs, waitedIn(file));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  };
}

const trialOf = (outcome: Outcome, ms: number, waited: readonly Waited[] | undefined): Trial => ({
  exitCode: outcome.exitCode,
  stdout: outcome.stdout ?? "",
  stderr: outcome.stderr ?? "",
  ms,
  waited,
});

function waitedIn(file: string): readonly Waited[] | undefined {
  try {
    const rows = JSON.parse(fs.readFileSync(file, "utf8")) as [string, number, string[], number | null, number][];
    return rows.map(([importer, line, modules, usedAt]) => ({ importer, line, modules, isUsed: usedAt !== null }));
  } catch {
    return undefined;
  }
}

/** Addresses differ from run to run. */
const steady = (text: string): string => text.replaceAll(/0x[0-9a-f]{6,}/g, "0x…");

/** The first way in which two runs differ; undefined for none. */
export function difference(one: Trial, other: Trial): string | undefined {
  if (one.exitCode !== other.exitCode) return `exit code ${one.exitCode}, then ${other.exitCode}`;
  for (const stream of ["stdout", "stderr"] as const) {
    const [before, after] = [steady(one[stream]).split("\n"), steady(other[stream]).split("\n")];
    const at = before.findIndex((line, index) => line !== after[index]);
    const first = at < 0 && after.length > before.length ? before.length : at;
    if (first >= 0) return `${stream}, line ${first + 1}: \`${before[first] ?? ""}\`, then \`${after[first] ?? ""}\``;
  }
  return undefined;
}
