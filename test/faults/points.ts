import fs from "node:fs";
import path from "node:path";
import type { Result } from "../harness/project.ts";
import { type Expected, judge } from "./judge.ts";
import { type Action, behind, type Calls, callProgram, type Provoked, readReport } from "./provoke/system-calls.ts";
import { type OperationName, openScene, type Scene, type SceneOptions } from "./scene.ts";

/** One operation, and what is done at some of its system calls. */
export interface Sweep {
  readonly operation: OperationName;
  readonly calls: Calls;
  readonly action: Action;
  /** At one call alone, or at it and all that follow. */
  readonly lasts: "once" | "on";
  readonly expected: Expected;
  /** At most so many calls, spread over all of them; default every one. */
  readonly points?: number;
  readonly options?: SceneOptions;
}

export interface Swept {
  /** Calls at which something was done. */
  readonly points: number;
  /** Calls there are. */
  readonly calls: number;
  /** What was wrong, with the call it came from. */
  readonly faults: readonly string[];
}

const AT_ONCE = 2;
/** Enough to see what they have in common. */
const MOST_FAULTS = 4;

/** Does something at the system calls of an operation, each time from the same beginning, and judges what comes of it. */
export async function sweep(order: Sweep): Promise<Swept> {
  // A scene takes as long to make as some points take.
  const atOnce = (order.points ?? AT_ONCE * 4) < 4 ? 1 : AT_ONCE;
  const scenes = await Promise.all(Array.from({ length: atOnce }, () => openScene(order.operation, order.options)));
  try {
    const calls = await countCalls(scenes[0] as Scene, order);
    const queue = spread(calls, order.points ?? calls);
    const faults: string[] = [];
    let points = 0;
    const worker = async (scene: Scene): Promise<void> => {
      for (let at = queue.shift(); at !== undefined && faults.length < MOST_FAULTS; at = queue.shift()) {
        const { first, found } = await tryAt(scene, order, at);
        if (first !== "") points++;
        faults.push(...found.map((fault) => `call ${at} of ${calls}, ${first}: ${fault}`));
      }
    };
    await Promise.all(scenes.map(worker));
    return { points, calls, faults };
  } finally {
    for (const scene of scenes) await scene.remove();
  }
}

/** Numbers from 1 to `calls`, at most `points` of them, at equal distances. */
export function spread(calls: number, points: number): number[] {
  const step = Math.max(1, calls / points);
  return Array.from({ length: Math.min(calls, points) }, (_, index) => 1 + Math.floor(index * step + step / 2 - 0.5));
}

async function countCalls(scene: Scene, { calls }: Sweep): Promise<number> {
  const { count } = await runWith(scene, { calls, action: "none", at: 1 });
  return count;
}

async function tryAt(
  scene: Scene,
  { calls, action, lasts, expected }: Sweep,
  at: number,
): Promise<{ readonly first: string; readonly found: readonly string[] }> {
  const { result, first } = await runWith(scene, { calls, action, at, ...(lasts === "once" && { until: at }) });
  return { first: first.replace(scene.place.root, ""), found: await judge(scene, result, expected) };
}

/** What is done at which calls of one run. */
export type Doing = Pick<Provoked, "calls" | "action" | "at"> & Partial<Pick<Provoked, "until" | "root" | "report">>;

/** Runs the scene's operation from its beginning, with something done at its system calls. */
export function runWith(scene: Scene, what: Doing): Promise<Ran> {
  scene.reset();
  return runOn(scene, what);
}

export interface Ran {
  readonly result: Result;
  readonly count: number;
  readonly first: string;
}

/** The same from what there is now. */
export async function runOn(scene: Scene, what: Doing): Promise<Ran> {
  const found = callProgram();
  if (!("program" in found)) throw new Error(found.reason);
  const { root } = scene.place;
  const report = what.report ?? path.join(root, "report");
  fs.rmSync(report, { force: true });
  const result = await scene.run({ behind: behind(found.program, { root, ...what, report }) });
  return { result, ...readReport(report) };
}
