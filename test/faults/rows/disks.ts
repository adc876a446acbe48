import type { Expected } from "../judge.ts";
import { fullDisk, otherFileSystem, readOnlyStore, usedUpQuota } from "../provoke/full-disk.ts";
import { becomesReadOnly } from "../provoke/read-only.ts";
import type { FaultRow } from "../row.ts";

const isFull: Expected = { exit: [9, 0], codes: ["E_DISK_FULL"] };
const isReadOnly: Expected = { exit: [9, 0], codes: ["E_PERMISSION"] };
const isDone: Expected = { exit: [0], state: "new" };

export const DISK_ROWS: readonly FaultRow[] = [
  ...(["install", "upgrade", "upgrade by copies", "add", "python install"] as const).map(
    (operation): FaultRow => ({
      row: 9,
      fault: "the store's disk is full",
      operation,
      expected: isFull,
      provoke: fullDisk({ what: "data", limit: "bytes", amounts: 8 }),
    }),
  ),
  ...(["install", "upgrade", "upgrade by copies", "add", "remove"] as const).map(
    (operation): FaultRow => ({
      row: 10,
      fault: "the environment's disk is full: rolled back",
      operation,
      expected: isFull,
      provoke: fullDisk({ what: "cwd", limit: "bytes", amounts: 8 }),
    }),
  ),
  ...(["data", "cwd"] as const).flatMap((what) =>
    (["install", "upgrade", "upgrade by copies", "remove"] as const).map(
      (operation): FaultRow => ({
        row: 11,
        fault: `no more files can be made where the ${what === "data" ? "store" : "environment"} is`,
        operation,
        expected: isFull,
        provoke: fullDisk({ what, limit: "files", amounts: 8 }),
      }),
    ),
  ),
  ...(["install", "upgrade by copies"] as const).map(
    (operation): FaultRow => ({
      row: 12,
      fault: "the quota is used up",
      operation,
      expected: isFull,
      provoke: usedUpQuota([0, 16, 64, 160, 320]),
    }),
  ),
  ...(["install", "upgrade", "upgrade by copies", "remove"] as const).map(
    (operation): FaultRow => ({
      row: 17,
      fault: "the store is read-only, and has all that is needed",
      operation,
      expected: isDone,
      provoke: readOnlyStore,
    }),
  ),
  ...(["data", "cwd"] as const).flatMap((what) =>
    (["install", "upgrade", "remove"] as const).map(
      (operation): FaultRow => ({
        row: 18,
        fault: `the ${what === "data" ? "store" : "environment"}'s disk becomes read-only meanwhile`,
        operation,
        expected: isReadOnly,
        provoke: becomesReadOnly(what, 10),
      }),
    ),
  ),
  ...(["install", "upgrade by hard links", "upgrade by copies", "remove"] as const).map(
    (operation): FaultRow => ({
      row: 19,
      fault: "the store is on another file system: files are copied",
      operation,
      expected: isDone,
      provoke: otherFileSystem,
    }),
  ),
];
