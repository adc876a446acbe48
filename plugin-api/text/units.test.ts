import { test } from "uvu";
import * as assert from "uvu/assert";
import { counted, formatDuration, formatSize } from "./units.ts";

for (const [ms, wanted] of [
  [0.25, "0ms"],
  [32.4, "32ms"],
  [99.6, "0.1s"],
  [900, "0.9s"],
  [5500, "5.5s"],
  [59_960, "1m 00s"],
  [72_000, "1m 12s"],
  [3_599_900, "1h 00m"],
  [3_780_000, "1h 03m"],
] as const)
  test(`${ms} ms is ${wanted}`, () => assert.is(formatDuration(ms), wanted));

for (const [bytes, wanted] of [
  [0, "0B"],
  [1023, "1023B"],
  [1024, "1K"],
  [901_120, "880K"],
  [1_048_500, "1.0M"],
  [32_925_286, "31.4M"],
  [1_073_740_000, "1.0G"],
  [2_254_857_830, "2.1G"],
] as const)
  test(`${bytes} bytes are ${wanted}`, () => assert.is(formatSize(bytes), wanted));

test("counts agree with their noun and have their thousands marked", () => {
  assert.is(counted(1, "package"), "1 package");
  assert.is(counted(0, "package"), "0 packages");
  assert.is(counted(12_097, "file"), "12,097 files");
  assert.is(counted(2, "dependency", "dependencies"), "2 dependencies");
});

test.run();
