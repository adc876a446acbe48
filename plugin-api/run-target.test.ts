import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readTarget } from "./run-target.ts";

const cwd = fs.mkdtempSync(path.join(os.tmpdir(), "target-"));
test.after(() => fs.rmSync(cwd, { recursive: true }));
for (const name of ["app.py", "tool.pyz", "app.zip", "package/__main__.py", "data/notes.txt"]) {
  fs.mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
  fs.writeFileSync(path.join(cwd, name), "");
}
fs.writeFileSync(path.join(cwd, "script"), "#!/usr/bin/env python3\nprint(1)\n");
fs.writeFileSync(path.join(cwd, "shell"), "#!/bin/sh\n");

const cases: readonly (readonly [
  operands: string,
  kind: string | undefined,
  target?: string,
  args?: string,
  options?: string,
])[] = [
  ["app.py a -b", "script", "app.py", "a -b", ""],
  ["tool.pyz", "script", "tool.pyz", "", ""],
  ["package", "script", "package", "", ""],
  ["script", "script", "script", "", ""],
  ["data", "command", "data", "", ""],
  ["shell", "command", "shell", "", ""],
  ["missing.py", "command", "missing.py", "", ""],
  ["pytest -x", "command", "pytest", "-x", ""],
  ["-c 1 -c 2", "code", "1", "-c 2", ""],
  ["-m http.server 80", "module", "http.server", "80", ""],
  ["- x", "stdin", "-", "x", ""],
  ["-m", undefined],
  ["-Bu -Xdev app.py", "script", "app.py", "", "-Bu -Xdev"],
  ["-BIc 1 2", "code", "1", "2", "-BI"],
  ["-mhttp.server 80", "module", "http.server", "80", ""],
  ["-smhttp.server -m", "module", "http.server", "-m", "-s"],
  ["app.zip", "script", "app.zip", "", ""],
  ["/dev/null x", "script", "/dev/null", "x", ""],
  ["-X dev -O app.py", "script", "app.py", "", "-X dev -O"],
  ["-X dev", undefined],
  ["-c", undefined],
];
for (const [operands, kind, target, args, options] of cases)
  test(`\`run ${operands}\` is ${kind ?? "nothing to run"}`, () => {
    const found = readTarget(operands.split(" "), cwd);
    assert.is(found?.kind, kind);
    if (!found) return;
    assert.equal([found.target, found.args.join(" "), found.pythonOptions.join(" ")], [target, args, options]);
  });

test.run();
