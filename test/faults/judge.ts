import type { Result } from "../harness/project.ts";
import type { Scene } from "./scene.ts";

/** What a fault may lead to. */
export interface Expected {
  /** Exit codes that are right; `any` where the process did not end by itself. */
  readonly exit: readonly number[] | "any";
  /** Codes of errors of which one must be told when the exit code is not 0. */
  readonly codes?: readonly string[];
  /** What the store and the environment are afterwards, before anything is done: `either` is the old or the new. */
  readonly state?: "old" | "new" | "either";
  /** The store may have lost something, which `verify` has to find; nothing wrong may be used all the same. */
  readonly mayLose?: boolean;
}

/**
 * What is wrong after a fault, one line each. At once: readers see the old or the new, and a command that says it is done has
 * done it. After the same command once more: it succeeds, all is the new, nothing temporary is left, and `pybun verify`
 * finds nothing.
 */
export async function judge(scene: Scene, faulty: Result, expected: Expected): Promise<readonly string[]> {
  const faults = [...judgeEnd(faulty, expected), ...judgeState(scene, faulty, expected)];
  const store = await scene.run({}, ["verify", "--store"]);
  if (store.exitCode !== 0 && !(expected.mayLose && store.exitCode === 1))
    faults.push(`verify --store: ${told(store)}`);
  const together = scene.together();
  if (together !== undefined && !["old", "new", "both"].includes(together))
    faults.push(`project, lock and environment after the next command: ${together}`);
  const next = await scene.run();
  const isDone = next.exitCode === 0 || next.exitCode === scene.operation.exitWhenDone;
  if (!isDone) faults.push(`the next run: ${told(next)}`);
  const whole = scene.whole();
  if (whole !== "new" && whole !== "both") faults.push(`after the next run ${whole}`);
  const left = scene.place.leftovers();
  if (left.length > 0) faults.push(`left over: ${left.join(", ")}`);
  const verified = await scene.run({}, ["verify"]);
  if (verified.exitCode !== 0) faults.push(`verify: ${told(verified)}`);
  return faults;
}

function judgeEnd(faulty: Result, { exit, codes }: Expected): string[] {
  if (exit === "any") return [];
  if (faulty.exitCode === null || !exit.includes(faulty.exitCode)) return [`ended with ${told(faulty)}`];
  if (faulty.exitCode === 0 || codes === undefined) return [];
  const errors = faulty.json().diagnostics.filter(({ level }) => level === "error");
  return errors.some(({ code }) => codes.includes(code))
    ? []
    : [`another error than ${codes.join(" or ")}: ${told(faulty)}`];
}

function judgeState(scene: Scene, faulty: Result, { exit, state = "either" }: Expected): string[] {
  const seen = scene.seen();
  const isDone = exit !== "any" && faulty.exitCode === 0;
  const allowed = ["both", ...(isDone ? ["new"] : state === "either" ? ["old", "new", "grown"] : [state])];
  return allowed.includes(seen) ? [] : [`right afterwards (exit code ${faulty.exitCode}) ${seen}`];
}

/** How a command ended, in one line. */
export function told({ exitCode, signal, stdout, stderr }: Result): string {
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  let what = `${last.slice(0, 300)} ${stderr.slice(0, 300)}`;
  try {
    const { diagnostics, data } = JSON.parse(last) as {
      diagnostics: { code: string; message: string }[];
      data: object;
    };
    what = [...diagnostics.map(({ code, message }) => `${code} ${message}`), JSON.stringify(data), stderr].join("; ");
  } catch {
    // no envelope, as when it was killed
  }
  return `${exitCode ?? signal}: ${what.slice(0, 600)}`;
}
