import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { filesOf } from "./task-files.ts";

const FILES = [
  "src/a.py",
  "src/deep/b.py",
  "src/deep/b.txt",
  "src/__pycache__/a.pyc",
  ".git/HEAD",
  ".pybun/x",
  "README.md",
];

for (const [patterns, expected] of [
  [["src"], ["src/a.py", "src/deep/b.py", "src/deep/b.txt"]],
  [["src/*.py"], ["src/a.py"]],
  [["src/**/*.py"], ["src/a.py", "src/deep/b.py"]],
  [
    ["**/*.py", "README.md"],
    ["README.md", "src/a.py", "src/deep/b.py"],
  ],
  [["./src/deep/", "!**/*.txt"], ["src/deep/b.py"]],
  [["src", "!src/deep"], ["src/a.py"]],
  [["missing", "no/*.py"], []],
  [["**"], ["README.md", "src/a.py", "src/deep/b.py", "src/deep/b.txt"]],
] as const)
  test(patterns.join(" "), () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "task-files-"));
    for (const file of FILES) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), "");
    }
    try {
      assert.equal(filesOf(folder, patterns), expected);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

test.run();
