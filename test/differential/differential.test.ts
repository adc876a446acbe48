import os from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { requirePython } from "../harness/python.ts";
import { check, fits, WAYS } from "./check.ts";
import { readPrograms } from "./programs.ts";
import { createScene } from "./scene.ts";

// Every program with one interpreter; `npm run differential` has the others.

const ways = WAYS.filter((way) => way !== "captured");

if (process.platform === "win32") test.skip("programs are started by a shell of Unix", () => {});
else {
  const scene = createScene(requirePython(), os.tmpdir());
  test.after(scene.remove);
  for (const program of readPrograms().filter((one) => fits(one, scene)))
    test(`${program.file}: ${program.name}`, async () => {
      const lines = await check(program, scene, ways);
      assert.is(lines.length, 0, lines.join("\n"));
    });
}

test.run();
