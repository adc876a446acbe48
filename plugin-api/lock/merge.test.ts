import { suite } from "uvu";
import * as assert from "uvu/assert";
import { smallLock } from "../../test/harness/small-lock.ts";
import type { Lock } from "../model/lock.ts";
import { mergeLockPins } from "./merge.ts";

const test = suite("merging the pins of locks");

/** Of `a 1, b 2`; a marker stands behind `;`. */
const lockOf = (text: string): Lock =>
  smallLock({
    packages: text
      .split(", ")
      .filter((each) => each !== "")
      .map((each) => {
        const [id, marker] = each.split("; ") as [string, string?];
        return { id: id.trim(), ...(marker !== undefined && { marker }) };
      }),
    roots: [],
  });

for (const [what, ancestor, ours, theirs, expected, conflicts] of [
  ["nothing changed", "a 1", "a 1", "a 1", "a 1", ""],
  ["ours changed", "a 1", "a 2", "a 1", "a 2", ""],
  ["theirs changed", "a 1", "a 1", "a 2", "a 2", ""],
  ["theirs went back", "a 2", "a 2", "a 1", "a 1", ""],
  ["both changed alike", "a 1", "a 2", "a 2", "a 2", ""],
  ["each changed another", "a 1, b 1", "a 2, b 1", "a 1, b 2", "a 2, b 2", ""],
  ["both changed, theirs is higher", "a 1", "a 2", "a 10", "a 10", "a 2|10 theirs"],
  ["both changed, ours is higher", "a 1", "a 1.10", "a 1.9", "a 1.10", "a 1.10|1.9 ours"],
  ["both added", "", "a 1", "a 2", "a 2", "a 1|2 theirs"],
  ["each added one", "a 1", "a 1, b 1", "a 1, c 1", "a 1, b 1, c 1", ""],
  ["theirs removed", "a 1, b 1", "a 1, b 1", "a 1", "a 1", ""],
  ["theirs removed what ours changed", "a 1", "a 2", "", "a 2", ""],
  ["ours removed what theirs changed", "a 1", "", "a 2", "a 2", ""],
  ["theirs forked", "a 1", "a 1", "a 1; os_name == 'nt', a 2; os_name != 'nt'", "a 1, a 2", ""],
  ["only the marker changed", "a 1", "a 1", "a 1; os_name == 'nt'", "a 1", ""],
  ["no ancestor", undefined, "a 1, b 1", "a 1, b 2", "a 1, b 2", "b 1|2 theirs"],
] as const) {
  test(what, () => {
    const merged = mergeLockPins(ancestor === undefined ? undefined : lockOf(ancestor), lockOf(ours), lockOf(theirs));
    assert.is(merged.preferences.packages.map(({ name, version }) => `${name} ${version}`).join(", "), expected);
    const told = merged.conflicts.map((each) => `${each.name} ${each.ours.join()}|${each.theirs.join()} ${each.kept}`);
    assert.is(told.join(", "), conflicts);
  });
}

test("a marker comes with the version that it belongs to", () => {
  const { preferences } = mergeLockPins(lockOf("a 1"), lockOf("a 1"), lockOf("a 1; os_name == 'nt'"));
  assert.is(preferences.packages[0]?.marker, 'os_name == "nt"');
});

test("forks are those of the side that changed them, and found anew when both did", () => {
  const forked = (...forks: string[]): Lock => ({ ...lockOf("a 1"), forks });
  const forksOf = (old: Lock, ours: Lock, theirs: Lock) => mergeLockPins(old, ours, theirs).preferences.forks;
  assert.equal(forksOf(forked(), forked(), forked("x", "y")), ["x", "y"]);
  assert.equal(forksOf(forked(), forked("x", "y"), forked()), ["x", "y"]);
  assert.equal(forksOf(forked(), forked("x", "y"), forked("z")), []);
});

test.run();
