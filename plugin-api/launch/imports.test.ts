import { test } from "uvu";
import * as assert from "uvu/assert";
import { areKnown, importedModules, runOf } from "./imports.ts";

const cases: readonly (readonly [title: string, text: string, modules: readonly string[]])[] = [
  [
    "plain, several, renamed",
    "import os, sys as s , json\nimport numpy.linalg as la  # x\n",
    ["os", "sys", "json", "numpy.linalg"],
  ],
  ["from a package", "from google.cloud import storage\nfrom a import (\n  b,\n)\n", ["google.cloud", "a"]],
  ["relative", "from . import x\nfrom .y import z\nfrom ..up.on import w\n", [".", ".y", "..up.on"]],
  ["indented ones may never run", "try:\n    import a\nexcept ImportError:\n    pass\nif x:\n\timport b\n", []],
  ["prose", '"""\nfrom the given file, import it\nimport the thing, please\n"""\n', []],
  ["what follows on the line", "import a; import b\nimport c # d\nimport e\r\nimport f", ["a", "c", "e", "f"]],
  ["unfinished", "import\nimport a,\nfrom x imports y\n", []],
  ["the path is changed first", "import sys\nsys.path.insert(0, 'lib')\nimport mine\n", []],
];
for (const [title, text, modules] of cases) test(title, () => assert.equal(importedModules(text), modules));

test("known are those below a known name, and relative ones", () => {
  assert.is(areKnown(["os.path", ".x", "six"], " os six "), true);
  assert.is(areKnown(["o"], " os six "), false);
  assert.is(areKnown([runOf("os.path")], " os six "), false);
  assert.is(areKnown([runOf("os.path")], " os -m:os.path "), true);
  assert.is(areKnown(["os", "numpy"], " os six "), false);
});

test.run();
