import { test } from "uvu";
import * as assert from "uvu/assert";
import { editDistance, nearest, nearestCommand } from "./nearest.ts";

const COMMANDS = ["add", "env activate", "gc", "install", "lock", "python list", "remove", "run", "sync", "tree", "x"];

const meant: readonly (readonly [string, string | undefined])[] = [
  ["instal", "install"],
  ["isntall", "install"],
  ["snyc", "sync"],
  ["lok", "lock"],
  ["ad", "add"],
  ["pyton", "python"],
  ["sun", "run"],
  ["god", undefined],
  ["zzz", undefined],
  ["q", "x"],
  ["uninstall", "remove"],
  ["i", "install"],
  ["list", "tree"],
  ["shell", "env activate"],
  ["constructor", undefined],
];
for (const [typed, wanted] of meant)
  test(`${typed} means ${wanted ?? "nothing"}`, () => assert.is(nearestCommand(typed, COMMANDS), wanted));

test("a synonym whose command is not in the product is not offered", () => {
  assert.is(nearestCommand("uninstall", ["run", "pip uninstall"]), "pip uninstall");
  assert.is(nearestCommand("uninstall", ["run"]), undefined);
});

test("a swap of neighbours is one edit, and the first by alphabet wins among equals", () => {
  assert.is(editDistance("forzen", "frozen"), 1);
  assert.is(editDistance("", "abc"), 3);
  assert.is(nearest("bat", ["rat", "cat"]), "cat");
});

test.run();
