import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "./error.ts";
import { readIndexPins } from "./index-pins.ts";

test("names as they are compared, markers as they are written down; other sources are passed over", () => {
  const sources = {
    Torch: [
      { index: "cpu", marker: "sys_platform!='linux'" },
      { index: "cuda", marker: "sys_platform=='linux'" },
      { index: "rocm", extra: "rocm" },
      { index: "dev", group: "dev" },
    ],
    plain_one: { index: "corp" },
    other: { git: "https://x.example/" },
  };
  assert.equal(readIndexPins(sources), [
    { name: "torch", index: "cpu", marker: 'sys_platform != "linux"' },
    { name: "torch", index: "cuda", marker: 'sys_platform == "linux"' },
    { name: "plain-one", index: "corp", marker: "" },
  ]);
});

test("no sources, and what is no table, pin nothing", () => {
  for (const sources of [undefined, {}, [], { a: "x" }, { a: [] }]) assert.equal(readIndexPins(sources), []);
});

test("a marker that is none is refused with the package's name", () => {
  assert.throws(
    () => readIndexPins({ a: { index: "x", marker: "sys_platform = 1" } }),
    (error: unknown) =>
      error instanceof PybunError && error.code === "E_CONFIG_INVALID" && error.message.includes("`a`"),
  );
});
test.run();
