import { test } from "uvu";
import * as assert from "uvu/assert";
import { counted, formatAge, formatDuration, formatSize, parseAge, parseSize } from "./units.ts";

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
  [1_099_511_000_000, "1.0T"],
] as const)
  test(`${bytes} bytes are ${wanted}`, () => assert.is(formatSize(bytes), wanted));

for (const [text, wanted] of [
  ["0", 0],
  ["512", 512],
  ["512B", 512],
  ["1K", 1024],
  ["10KB", 10_240],
  ["1.5k", 1536],
  ["500M", 524_288_000],
  ["1 GiB", 1_073_741_824],
  ["2t", 2_199_023_255_552],
  ["", undefined],
  ["G", undefined],
  ["-1G", undefined],
  ["1E", undefined],
  ["1GB2", undefined],
  ["1.G", undefined],
] as const)
  test(`\`${text}\` is ${wanted} bytes`, () => assert.is(parseSize(text), wanted));

for (const [text, wanted] of [
  ["0", 0],
  ["45s", 45_000],
  ["30m", 1_800_000],
  ["12H", 43_200_000],
  ["90d", 7_776_000_000],
  ["1.5w", 907_200_000],
  ["90", undefined],
  ["d", undefined],
  ["-1d", undefined],
  ["1y", undefined],
] as const)
  test(`\`${text}\` is an age of ${wanted} ms`, () => assert.is(parseAge(text), wanted));

test("ages are told in one unit", () => {
  assert.equal([-5, 12_000, 300_000, 3 * 3_600_000, 94.5 * 86_400_000].map(formatAge), [
    "0s",
    "12s",
    "5m",
    "3h",
    "94d",
  ]);
});

test("counts agree with their noun and have their thousands marked", () => {
  assert.is(counted(1, "package"), "1 package");
  assert.is(counted(0, "package"), "0 packages");
  assert.is(counted(12_097, "file"), "12,097 files");
  assert.is(counted(2, "dependency", "dependencies"), "2 dependencies");
});

test.run();
