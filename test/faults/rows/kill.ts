import type { Expected } from "../judge.ts";
import { atCalls } from "../provoke/at-calls.ts";
import { CHANGING, RENAMING } from "../provoke/system-calls.ts";
import type { FaultRow } from "../row.ts";
import type { OperationName } from "../scene.ts";

/** Old or new at once, new after the next run. */
const expected: Expected = { exit: "any" };

const everywhere = (operation: OperationName, thorough: number, quick = 0): FaultRow => ({
  row: 1,
  fault: "SIGKILL at a system call that changes the disk",
  operation,
  expected,
  provoke: atCalls({ calls: CHANGING, action: "kill", lasts: "once", points: { quick, thorough } }),
  isQuick: quick > 0,
});

const duringSwap = (operation: OperationName): FaultRow => ({
  row: 2,
  fault: "SIGKILL before each rename: rolled back or forward",
  operation,
  expected,
  provoke: atCalls({ calls: RENAMING, action: "kill", lasts: "once", points: { quick: 1, thorough: 60 } }),
});

const interrupted = (operation: OperationName, signal: number, exitCode: number): FaultRow => ({
  row: 3,
  fault: `signal ${signal} in each phase: it ends by that, clean, or was done already`,
  operation,
  expected: { exit: [exitCode, 0] },
  provoke: atCalls({ calls: CHANGING, action: `signal=${signal}`, lasts: "once", points: { quick: 1, thorough: 25 } }),
});

export const KILL_ROWS: readonly FaultRow[] = [
  everywhere("install", 110, 3),
  everywhere("install with bytecode", 70),
  everywhere("install with kept bytecode", 70),
  everywhere("upgrade", 110, 5),
  everywhere("upgrade by copies", 70),
  everywhere("add", 80),
  everywhere("remove", 80, 4),
  everywhere("project add", 110, 3),
  everywhere("project add, nothing installed yet", 110),
  everywhere("project upgrade by add", 110),
  everywhere("project upgrade --latest", 110, 2),
  everywhere("project add --no-sync", 90),
  everywhere("project remove", 110, 2),
  everywhere("gc", 80, 2),
  everywhere("python install", 50, 3),
  everywhere("python install --reinstall", 60),
  everywhere("python remove", 40),
  duringSwap("install"),
  duringSwap("upgrade"),
  duringSwap("add"),
  duringSwap("remove"),
  duringSwap("project add"),
  duringSwap("project upgrade by add"),
  duringSwap("python install --reinstall"),
  interrupted("install", 2, 130),
  interrupted("upgrade", 15, 143),
  interrupted("remove", 2, 130),
  interrupted("project add", 2, 130),
  interrupted("project remove", 15, 143),
  interrupted("gc", 15, 143),
  interrupted("python install", 2, 130),
];
