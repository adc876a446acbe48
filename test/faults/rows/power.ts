import { powerLoss } from "../provoke/power-loss.ts";
import type { FaultRow } from "../row.ts";
import type { OperationName } from "../scene.ts";

const during =
  (row: number, kind: "ext4" | "xfs" | "btrfs", thorough: number) =>
  (operation: OperationName): FaultRow => ({
    row,
    fault: `power loss at a system call, on ${kind}`,
    operation,
    // What was not yet durable may be gone from the store, as long as nothing wrong is left.
    expected: { exit: "any", mayLose: true },
    provoke: powerLoss({ kind, when: "during", points: { thorough } }),
  });
const after =
  (row: number, kind: "ext4" | "xfs") =>
  (operation: OperationName): FaultRow => ({
    row,
    fault: `power loss after it was done, on ${kind}`,
    operation,
    expected: { exit: [0], state: "new", mayLose: true },
    provoke: powerLoss({ kind, when: "after", points: { thorough: 1 } }),
  });

const CHANGES = [
  "install",
  "install with bytecode",
  "install with kept bytecode",
  "upgrade",
  "upgrade by copies",
  "remove",
  "python install",
] as const;

export const POWER_ROWS: readonly FaultRow[] = [
  ...CHANGES.map(during(6, "ext4", 15)),
  ...CHANGES.map(after(7, "ext4")),
  ...(["install", "upgrade", "upgrade by copies", "python install"] as const).map(during(8, "xfs", 12)),
  ...CHANGES.map(after(8, "xfs")),
  ...(["install", "upgrade"] as const).map(during(8, "btrfs", 8)),
];
