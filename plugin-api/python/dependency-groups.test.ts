import { test } from "uvu";
import * as assert from "uvu/assert";
import { InvalidSyntax } from "../error.ts";
import { expandDependencyGroup, includedGroups } from "./dependency-groups.ts";

const include = (name: string): unknown => ({ "include-group": name });

test("includes are expanded in place, duplicates kept", () => {
  const groups = {
    Dev: ["a", include("TEST_x"), include("docs"), "b>=1"],
    "test-x": ["c", include("docs")],
    docs: ["d"],
  };
  assert.equal(expandDependencyGroup(groups, "dev"), ["a", "c", "d", "d", "b>=1"]);
});

test("what a group includes, itself or through others", () => {
  const groups = { Dev: ["a", include("TEST_x")], "test-x": ["c", include("docs"), include("docs")], docs: ["d"] };
  assert.equal(
    [...includedGroups(groups)].map(([name, included]) => [name, ...included]),
    [["dev", "test-x", "docs"], ["test-x", "docs"], ["docs"]],
  );
});

test("faults are reported for the groups needed", () => {
  const invalid = [
    [{}, "does not exist"],
    [{ a: "x" }, "not a list"],
    [{ a: [1] }, "entry"],
    [{ a: [{ "include-group": "b", x: 1 }], b: [] }, "entry"],
    [{ a: [{ "include-group": 1 }] }, "entry"],
    [{ a: ["x ! y"] }, "x ! y"],
    [{ a: [include("b")] }, "`b` does not exist"],
    [{ a: [include("b")], b: [include("c")], c: [include("A")] }, "a → b → c → a"],
    [{ a: [], B: [], b: [] }, "two dependency groups"],
  ] as const;
  for (const [groups, why] of invalid) {
    const isRefusal = (error: unknown): boolean => error instanceof InvalidSyntax && error.message.includes(why);
    assert.throws(() => expandDependencyGroup(groups, "a"), isRefusal, JSON.stringify(groups));
  }
  assert.equal(expandDependencyGroup({ a: ["x"], b: [1], c: [include("c")] }, "a"), ["x"]);
});

test("includes that multiply are stopped", () => {
  const groups: Record<string, unknown> = { g0: ["x"] };
  for (let i = 1; i <= 40; i++) groups[`g${i}`] = [include(`g${i - 1}`), include(`g${i - 1}`)];
  assert.throws(
    () => expandDependencyGroup(groups, "g40"),
    (error: unknown) => error instanceof InvalidSyntax,
  );
});

test.run();
