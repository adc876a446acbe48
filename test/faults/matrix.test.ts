import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DISK_ROWS } from "./rows/disks.ts";
import { ERROR_ROWS } from "./rows/errors.ts";
import { KILL_ROWS } from "./rows/kill.ts";
import { NETWORK_ROWS } from "./rows/network.ts";
import { POWER_ROWS } from "./rows/power.ts";
import { PROCESS_ROWS } from "./rows/processes.ts";
import { STORE_ROWS } from "./rows/store.ts";

const ROWS = [KILL_ROWS, ERROR_ROWS, POWER_ROWS, DISK_ROWS, STORE_ROWS, PROCESS_ROWS, NETWORK_ROWS].flat();
/** Rows that are a test of their own. */
const ELSEWHERE: Readonly<Record<number, string>> = { 23: "thorough/sixteen.test.ts", 25: "collect-race.test.ts" };
const MOST = 36;

test("every row of the fault matrix is checked by something", () => {
  const checked = new Set([...ROWS.map(({ row }) => row), ...Object.keys(ELSEWHERE).map(Number)]);
  const missing = Array.from({ length: MOST }, (_, index) => index + 1).filter((number) => !checked.has(number));
  assert.equal(missing, []);
  for (const file of Object.values(ELSEWHERE)) assert.ok(fs.existsSync(path.join(import.meta.dirname, file)), file);
});

test("no two rows are the same", () => {
  const names = ROWS.map(({ row, fault, operation }) => `${row} ${fault} ${operation}`);
  assert.equal(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test.run();
