import { test } from "uvu";
import * as assert from "uvu/assert";
import { readPathFile } from "./path-file.ts";

/** Text of a file, and the lines that some Python executes. */
const CASES: readonly (readonly [text: string, executed: readonly string[]])[] = [
  ["import a\nimport\tb\n", ["1 import a", "2 import\tb"]],
  ["\ufeffimport a", ["1 import a"]],
  ["# import a\n import b\nimportlib\nimport", []],
  ["x\rimport a", ["2 import a"]],
  ["x\r\nimport a", ["2 import a"]],
  ...["\v", "\f", "\u001c", "\u001d", "\u001e", "\u0085", "\u2028", "\u2029"].map(
    (end) => [`# x${end}import a`, ["2 import a"]] as const,
  ),
  [Buffer.from([0x23, 0x85, ...Buffer.from("import a")]).toString(), ["2 import a"]],
];
for (const [text, executed] of CASES)
  test(`what is executed of ${JSON.stringify(text)}`, () => {
    assert.equal(
      readPathFile(text).executed.map((line) => `${line.number} ${line.text}`),
      executed,
    );
  });
test.run();
