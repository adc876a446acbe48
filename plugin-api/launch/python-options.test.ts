import { test } from "uvu";
import * as assert from "uvu/assert";
import { lettersOf, readPythonOption } from "./python-options.ts";

const cases: readonly (readonly [word: string, wanted: ReturnType<typeof readPythonOption>])[] = [
  ["-B", { letters: "B", needsValue: false }],
  ["-OOs", { letters: "OOs", needsValue: false }],
  ["-X", { letters: "X", needsValue: true }],
  ["-Xdev", { letters: "X", needsValue: false }],
  ["-BWerror::c", { letters: "BW", needsValue: false }],
  ["-c", { letters: "c", needsValue: true, ending: "c" }],
  ["-Ic", { letters: "Ic", needsValue: true, ending: "c" }],
  ["-smpip", { letters: "sm", needsValue: false, ending: "m", attached: "pip" }],
  ["-cX", { letters: "c", needsValue: false, ending: "c", attached: "X" }],
  ["--check-hash-based-pycs", { letters: "", needsValue: true }],
  ["-", undefined],
  ["--", undefined],
  ["-q", undefined],
  ["-Bq", undefined],
  ["--with", undefined],
  ["app.py", undefined],
];
for (const [word, wanted] of cases)
  test(`\`${word}\` as options of Python`, () => assert.equal(readPythonOption(word), wanted));

test("values are no letters", () => {
  assert.is(lettersOf(["-X", "-I", "-Bu", "-W", "error", "-WS", "--check-hash-based-pycs", "-E"]), "XBuWW");
  assert.is(lettersOf([]), "");
});

test.run();
