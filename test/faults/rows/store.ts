import { constants } from "node:os";
import { type Damage, damaged, MENDED, unreadableStore } from "../provoke/damage.ts";
import type { FaultRow } from "../row.ts";

const row = (number: number, { part, way, isVerified, files }: Damage): FaultRow => ({
  row: number,
  fault: `${way === "a bit" ? "a bit is flipped" : way === "zeros" ? "nothing but zeros" : `a file is ${way}`} in the ${
    part === "caches" ? "caches" : `store's ${part}`
  }: ${isVerified ? "verify finds it, and" : "found in time, and"} it is fetched again`,
  operation: part === "content" ? "upgrade by copies" : "upgrade",
  expected: MENDED,
  provoke: damaged({ part, way, isVerified, files }),
});

export const STORE_ROWS: readonly FaultRow[] = [
  ...(["install", "upgrade", "upgrade by copies"] as const).map(
    (operation): FaultRow => ({
      row: 14,
      fault: "EIO where the store is read: fetched again, or refused in words",
      operation,
      expected: { exit: [0, 9], codes: ["E_DISK_FAULT"], mayLose: true },
      provoke: unreadableStore(constants.errno.EIO, 8),
    }),
  ),
  row(21, { part: "content", way: "a bit", isVerified: true, files: 8 }),
  row(21, { part: "notes", way: "a bit", isVerified: false, files: 16 }),
  row(21, { part: "caches", way: "a bit", isVerified: false, files: 10 }),
  ...(["cut off", "empty", "zeros"] as const).flatMap((way) => [
    row(22, { part: "content", way, isVerified: true, files: 5 }),
    row(22, { part: "notes", way, isVerified: false, files: 12 }),
    row(22, { part: "caches", way, isVerified: false, files: 8 }),
  ]),
];
