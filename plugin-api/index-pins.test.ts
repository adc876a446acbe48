import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "./error.ts";
import { indexPins } from "./index-pins.ts";
import type { MarkerEnvironment } from "./model/interpreter.ts";

const on = (sys_platform: string) => ({ sys_platform }) as MarkerEnvironment;
const SOURCES = {
  Torch: [
    { index: "cpu", marker: "sys_platform != 'linux'" },
    { index: "cuda", marker: "sys_platform == 'linux'" },
  ],
  only_mac: { index: "mac", marker: "sys_platform == 'darwin'" },
  plain: { index: "corp" },
  other: { git: "https://x.example/" },
};

for (const [name, environment, expected] of [
  ["torch", "linux", ["cuda"]],
  ["torch", "darwin", ["cpu"]],
  ["torch", undefined, ["cpu", "cuda"]],
  ["only-mac", "linux", undefined],
  ["only-mac", undefined, ["mac"]],
  ["plain", "linux", ["corp"]],
  ["other", "linux", undefined],
  ["unknown", undefined, undefined],
] as const)
  test(`${name} on ${environment}`, () =>
    assert.equal(indexPins(SOURCES).of(name as never, environment && on(environment)), expected));

test("no sources, and what is no table, pin nothing", () => {
  for (const sources of [undefined, {}, [], { a: "x" }, { a: [] }])
    assert.is(indexPins(sources).of("a" as never), undefined);
});

test("a marker that is none is refused with the package's name", () => {
  assert.throws(
    () => indexPins({ a: { index: "x", marker: "sys_platform = 1" } }),
    (error: unknown) =>
      error instanceof PybunError && error.code === "E_CONFIG_INVALID" && error.message.includes("`a`"),
  );
});
test.run();
