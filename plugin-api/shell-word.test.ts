import { spawnSync } from "node:child_process";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shellJoin, shellWord } from "./shell-word.ts";

test("what needs no quotes gets none", () => {
  assert.is(
    shellJoin(["pybun", "add", "httpx>=0.27", "a b", "--group=dev"]),
    'pybun add "httpx>=0.27" "a b" --group=dev',
  );
  assert.is(shellWord("~/x"), '"~/x"');
  assert.is(shellWord(""), '""');
});

if (spawnSync("sh", ["-c", "exit 0"]).status === 0)
  test("a shell reads back the very words", () => {
    const words = fc.array(
      fc
        .array(fc.constantFrom(...Array.from("ab $`\"'\\!*?[]{}()<>|&;#~=%\n\té")), { maxLength: 6 })
        .map((chars) => chars.join("")),
      { minLength: 1, maxLength: 4 },
    );
    const property = fc.property(words, (command) => {
      const { stdout } = spawnSync("sh", ["-c", `printf '%s\\1' ${shellJoin(command)}`], { encoding: "utf8" });
      assert.equal(stdout.split("\u0001").slice(0, -1), command);
    });
    fc.assert(property, { numRuns: 100 });
  });

test.run();
