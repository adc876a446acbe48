import { test } from "uvu";
import * as assert from "uvu/assert";
import { lineage, members } from "./preset.ts";

test("a preset of settings alone has the plugins of the one it extends", () => {
  const own = { name: "own", plugins: [{ name: "pypi" }, { name: "log" }] } as never;
  const presets = { own, acme: { name: "acme", extends: "own", without: ["log"], locked: { offline: true } } };
  const found = members(lineage(presets, "acme")).map(({ name, origin }) => `${name} of ${origin}`);
  assert.equal(found, ["pypi of preset own"]);
});

test.run();
