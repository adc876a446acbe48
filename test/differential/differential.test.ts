import os from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { requirePython } from "../harness/python.ts";
import { check, fits } from "./check.ts";
import { readPrograms } from "./programs.ts";
import { createScene } from "./scene.ts";

// The programs with one interpreter, in one of two ways by turns; `npm run differential` has all.

if (process.platform === "win32") test.skip("programs are started by a shell of Unix", () => {});
else {
  const scene = createScene(requirePython(), os.tmpdir());
  test.after(scene.remove);
  for (const [number, program] of readPrograms().entries())
    (fits(program, scene) && !program.isSlow ? test : test.skip)(`${program.file}: ${program.name}`, async () => {
      const lines = await check(program, scene, [number % 2 === 0 ? "first" : "again"]);
      assert.is(lines.length, 0, lines.join("\n"));
    });
}

test.run();
