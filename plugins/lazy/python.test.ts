import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pythons, requirePython } from "../../test/harness/python.ts";

const here = (...parts: string[]) => path.join(import.meta.dirname, ...parts);
const home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "lazy-")));
test.after(() => fs.rmSync(home, { recursive: true }));

function run(python: string, words: readonly string[]): string {
  const { stdout, stderr } = spawnSync(python, ["-B", ...words], { encoding: "utf8" });
  assert.is(stderr, "");
  return stdout;
}

test("names are guarded exactly where the compiler says that they are the module's", () => {
  const { path: python } = requirePython();
  const library = run(python, ["-c", "import os; print(os.path.dirname(os.__file__))"]).trim();
  const said = run(python, [
    here("scopes.fixture.py"),
    here("python", "rewrite.py"),
    library,
    path.join(library, "asyncio"),
  ]);
  const [count = "", ...rest] = said.trim().split("\n").toReversed();
  assert.equal(rest, []);
  assert.ok(Number(count) > 200, count);
});

const FILES = {
  "app.py": `import csv, json
import string
import glob
import typing
from fractions import Fraction
import unused
from missing import x
try:
    import decimal
except ImportError: pass
def f(a: json.A): return csv, json, string, glob, typing, Fraction, x, decimal
`,
  "pack/__init__.py": "from . import one, two\nfrom .three import four\n__all__ = ['one', 'two', 'four']\n",
  "pack/one.py": "",
  "pack/two.py": "",
  "pack/three.py": "four = 4\n",
};
const answers: readonly (readonly [importer: string, name: string, taken: readonly string[] | null, waits: boolean])[] =
  [
    ["app", "csv", null, true],
    ["app", "json", null, false],
    ["app", "string", null, false],
    ["app", "glob", null, false],
    ["app", "typing", null, false],
    ["app", "fractions", ["Fraction"], true],
    ["app", "fractions", ["Fraction", "gcd"], false],
    ["app", "unused", null, false],
    ["app", "missing", ["x"], false],
    ["app", "decimal", null, false],
    ["pack", "pack", ["one", "two"], true],
    ["pack", "pack.three", ["four"], true],
    ["os", "csv", null, false],
    ["nowhere", "csv", null, false],
  ];

for (const { path: python, version } of pythons())
  test(`${version.join(".")}: the filter for lazy imports of the interpreter follows the same rules`, () => {
    for (const [name, text] of Object.entries(FILES)) {
      fs.mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
      fs.writeFileSync(path.join(home, name), text);
    }
    const asked = JSON.stringify(answers.map(([importer, name, taken]) => [importer, name, taken]));
    const words = [here("native.fixture.py"), here("python", "runtime.py"), here("python", "rewrite.py"), home, asked];
    const [mode, ...said] = JSON.parse(run(python, words)) as unknown[];
    assert.is(mode, "all");
    assert.equal(
      answers.map(([importer, name, taken], at) => [importer, name, taken, said[at]]),
      answers,
    );
  });

test.run();
