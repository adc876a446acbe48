import { atCalls } from "../provoke/at-calls.ts";
import { killedBuild } from "../provoke/builds.ts";
import { fewOpenFiles, heldLock, littleMemory, staleLocks, wrongClock } from "../provoke/surroundings.ts";
import { RENAMING, SYNCING } from "../provoke/system-calls.ts";
import type { FaultRow } from "../row.ts";

export const PROCESS_ROWS: readonly FaultRow[] = [
  {
    row: 4,
    fault: "SIGKILL of the process that builds: told, and nobody of the build is left",
    operation: "upgrade",
    expected: { exit: [7], codes: ["E_BUILD_FAILED"], state: "old" },
    provoke: killedBuild("build"),
  },
  {
    row: 5,
    fault: "SIGKILL of the command that had something built: nobody of the build is left",
    operation: "upgrade",
    expected: { exit: "any", state: "old" },
    provoke: killedBuild("command"),
  },
  ...(["install", "upgrade by copies"] as const).map(
    (operation): FaultRow => ({
      row: 15,
      fault: "few files may be open at once: it takes its time",
      operation,
      expected: { exit: [0], state: "new" },
      provoke: fewOpenFiles([64, 40]),
    }),
  ),
  ...(["install", "upgrade"] as const).map(
    (operation): FaultRow => ({
      row: 16,
      fault: "too little memory: ended by the system, or a fault that is told",
      operation,
      expected: { exit: [0, 70, 137] },
      provoke: littleMemory(160, 12),
    }),
  ),
  {
    row: 24,
    fault: "a lock of a process that is gone, or whose number another has: taken over",
    operation: "upgrade",
    expected: { exit: [0], state: "new" },
    provoke: staleLocks,
  },
  {
    row: 23,
    fault: "the environment is in somebody's hands all the time: told after a minute",
    operation: "upgrade",
    expected: { exit: [8], codes: ["E_LOCK_BUSY"], state: "old" },
    provoke: heldLock,
  },
  {
    row: 26,
    fault: "the clock jumps by a year, there and back",
    operation: "upgrade",
    expected: { exit: [0], state: "new" },
    provoke: wrongClock(["+365d", "-365d"]),
  },
  {
    row: 35,
    fault: "a disk that takes its time for each rename and each sync",
    operation: "upgrade",
    expected: { exit: [0], state: "new" },
    provoke: atCalls({
      calls: [...RENAMING, ...SYNCING],
      action: "delay=40",
      lasts: "on",
      points: { quick: 1, thorough: 1 },
    }),
  },
];
