import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../../plugin-api/error.ts";
import { readScript } from "./read-script.ts";

const script = (toml: string) =>
  `#!/usr/bin/env python\n# /// script\n${toml.replace(/^/gm, "# ").trimEnd()}\n# ///\nprint(1)\n`;

test("reads dependencies with the lines they stand on", () => {
  const block = readScript(
    script('requires-python = ">=3.10"\ndependencies = [\n  "rich>=13",\n  "Requests",\n]'),
    "a.py",
  );
  assert.is(block?.requiresPython, ">=3.10");
  assert.equal(
    block?.demands.map(({ requirement, text, origin }) => [requirement.name, text, origin]),
    [
      ["rich", "rich>=13", "a.py:5"],
      ["requests", "Requests", "a.py:6"],
    ],
  );
});

test("a script without a block has none, an empty block asks for nothing", () => {
  assert.is(readScript("print(1)\n", "a.py"), undefined);
  assert.equal(readScript(script("dependencies = []"), "a.py")?.demands, []);
});

test("the cut-off of the block is read as a time", () => {
  assert.is(
    readScript(script('[tool.pybun]\nexclude-newer = "2026-01-01T00:00:00Z"'), "a.py")?.excludeNewerMs,
    Date.UTC(2026, 0, 1),
  );
});

const wrong: readonly (readonly [what: string, text: string, where: string])[] = [
  ["a string for a list", script('dependencies = "rich"'), "a.py:3"],
  ["no TOML", script("dependencies = ["), "a.py:"],
  ["no requirement", script('dependencies = ["rich", "!!"]'), "a.py:3"],
  ["a bad cut-off", script('[tool.pybun]\nexclude-newer = "soon"'), "a.py:4"],
  ["two blocks", script("dependencies = []") + script("dependencies = []"), "a.py:"],
];
for (const [what, text, where] of wrong)
  test(`${what} is refused with the line`, () => {
    assert.throws(
      () => readScript(text, "a.py"),
      (error: PybunError) => error.code === "E_PEP723_INVALID" && error.message.startsWith(where),
    );
  });

test.run();
