import { constants } from "node:os";
import type { Expected } from "../judge.ts";
import { atCalls } from "../provoke/at-calls.ts";
import { type Calls, CHANGING, FILLING, LINKING, SYNCING } from "../provoke/system-calls.ts";
import type { FaultRow } from "../row.ts";
import type { OperationName } from "../scene.ts";

const { ENOSPC, EDQUOT, EIO, EROFS, EXDEV, EPERM, EMLINK } = constants.errno;
/** Done after all, where nothing depended on it (a note of the last use, a cache), or refused in words with the old or the new in place. */
const isFull: Expected = { exit: [9, 0], codes: ["E_DISK_FULL"] };
const isReadOnly: Expected = { exit: [9, 0], codes: ["E_PERMISSION"] };
const isBroken: Expected = { exit: [9, 0], codes: ["E_DISK_FAULT"] };

interface Erring {
  readonly error: number;
  readonly calls: Calls;
  readonly lasts: "once" | "on";
  readonly expected: Expected;
  readonly thorough: number;
}

const erring =
  (row: number, fault: string, how: Erring) =>
  (operation: OperationName): FaultRow => ({
    row,
    fault,
    operation,
    expected: how.expected,
    provoke: atCalls({
      calls: how.calls,
      action: `error=${how.error}`,
      lasts: how.lasts,
      points: { quick: 3, thorough: how.thorough },
    }),
    isQuick: row === 9 && operation === "upgrade",
  });

const full = erring(9, "ENOSPC from a call on", {
  error: ENOSPC,
  calls: FILLING,
  lasts: "on",
  expected: isFull,
  thorough: 40,
});
const quota = erring(12, "EDQUOT from a call on", {
  error: EDQUOT,
  calls: FILLING,
  lasts: "on",
  expected: isFull,
  thorough: 15,
});
const unsynced = erring(13, "EIO when it is made durable", {
  error: EIO,
  calls: SYNCING,
  lasts: "on",
  expected: isBroken,
  thorough: 10,
});
const broken = erring(13, "EIO at one call", {
  error: EIO,
  calls: CHANGING,
  lasts: "once",
  expected: isBroken,
  thorough: 40,
});
const readOnly = erring(18, "EROFS from a call on", {
  error: EROFS,
  calls: CHANGING,
  lasts: "on",
  expected: isReadOnly,
  thorough: 30,
});
const unlinked = (error: number, name: string) =>
  erring(20, `${name} for hard links: files are copied`, {
    error,
    calls: LINKING,
    lasts: "on",
    expected: { exit: [0] },
    thorough: 3,
  });

const ALL: readonly OperationName[] = [
  "install",
  "upgrade",
  "upgrade by copies",
  "add",
  "remove",
  "gc",
  "python install",
  "project add",
  "project remove",
];

export const ERROR_ROWS: readonly FaultRow[] = [
  ...ALL.map(full),
  ...ALL.map(quota),
  ...(["install", "upgrade", "python install", "project add"] as const).map(unsynced),
  ...ALL.map(broken),
  ...ALL.map(readOnly),
  ...[unlinked(EXDEV, "EXDEV"), unlinked(EPERM, "EPERM"), unlinked(EMLINK, "EMLINK")].map((row) => row("upgrade")),
  unlinked(EXDEV, "EXDEV")("upgrade by hard links"),
];
