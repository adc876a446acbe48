import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { treeState } from "./tree-state.ts";

let tree = "";
const at = (name: string): string => path.join(tree, name);
function write(name: string, text = ""): void {
  fs.mkdirSync(path.dirname(at(name)), { recursive: true });
  fs.writeFileSync(at(name), text);
}
const tick = (): Promise<void> => new Promise((done) => setTimeout(done, 60));

test.before.each(async () => {
  tree = fs.mkdtempSync(path.join(os.tmpdir(), "state-"));
  for (const name of ["pyproject.toml", "src/a/__init__.py", "src/a/data/x.txt", "README.md"]) write(name, name);
  await tick();
});
test.after.each(() => fs.rmSync(tree, { recursive: true }));

const CHANGES: readonly (readonly [what: string, change: () => void])[] = [
  ["a file is written", () => write("src/a/data/x.txt", "another text")],
  [
    "a file gets another of the same size and time in its place",
    () => {
      const { atime, mtime } = fs.statSync(at("README.md"));
      fs.writeFileSync(at("new"), "readme.md");
      fs.utimesSync(at("new"), atime, mtime);
      fs.renameSync(at("new"), at("README.md"));
    },
  ],
  ["a file is added", () => write("src/a/data/y.txt")],
  ["a folder is added", () => fs.mkdirSync(at("src/b"))],
  ["a file is written in a folder that is only called as one for builds", () => write("src/a/build/x.py")],
  ["a file is removed", () => fs.rmSync(at("README.md"))],
  ["a file is renamed", () => fs.renameSync(at("README.md"), at("README"))],
  ["a file may be run now", () => fs.chmodSync(at("README.md"), 0o755)],
];
for (const [what, change] of CHANGES)
  test(`the state is another one when ${what}`, async () => {
    const before = treeState(tree);
    assert.type(before, "string");
    assert.is(treeState(tree), before);
    change();
    await tick();
    assert.type(treeState(tree), "string");
    assert.is.not(treeState(tree), before);
  });

test("environments, caches, version control and what builds write say nothing", async () => {
  const before = treeState(tree);
  for (const name of [
    ".venv/x",
    ".git/index",
    "src/a.egg-info/PKG-INFO",
    "src/a/__pycache__/m.pyc",
    "build/x",
    ".mypy_cache/x",
  ])
    write(name);
  await tick();
  assert.is(treeState(tree), before);
});

test("what a link leads to counts; where it leads to a folder, nothing is told", async () => {
  const outside = fs.mkdtempSync(path.join(os.tmpdir(), "state-"));
  try {
    fs.writeFileSync(path.join(outside, "x"), "1");
    fs.symlinkSync(path.join(outside, "x"), at("linked"));
    await tick();
    const before = treeState(tree);
    fs.writeFileSync(path.join(outside, "x"), "22");
    await tick();
    assert.is.not(treeState(tree), before);
    fs.symlinkSync(outside, at("folder"));
    assert.is(treeState(tree), undefined);
  } finally {
    fs.rmSync(outside, { recursive: true });
  }
});

test("nothing is told of what was changed since a certain time", () => {
  const { mtimeMs } = fs.statSync(at("README.md"));
  assert.is(treeState(tree, mtimeMs - 1), undefined);
  assert.is(treeState(tree, mtimeMs + 1000), treeState(tree));
});

test("nothing is told of a file that may still be written to in the same instant", () => {
  write("late");
  assert.is(treeState(tree), undefined);
});

test.run();
