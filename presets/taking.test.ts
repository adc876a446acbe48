import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { assemble } from "../kernel/assemble.ts";
import { findCommand } from "../kernel/command-line.ts";
import { commandWord } from "../plugin-api/launch/command-word.ts";
import { lineage, members } from "../plugin-api/preset.ts";
import { presets } from "./shipped.ts";
import { taking } from "./taking.ts";

const { commands, settings } = assemble(members(lineage(presets, "default")));
const globals = Object.fromEntries([...settings].map(([name, { option }]) => [name, option]));

test("the start finds the command that the kernel finds, behind whatever options", () => {
  const valued = fc.constantFrom(...taking);
  const flag = fc.constantFrom(
    "-q",
    "-vv",
    "-qv",
    "--quiet",
    "--offline",
    "--no-redact",
    "--nothing-known",
    "--python=3.12",
    "-",
  );
  const word = fc.constantFrom("lock", "sync", "run", "pip", "install", "python", "daemon", "stray", "", "--");
  fc.assert(
    fc.property(fc.array(fc.oneof(valued, flag, word), { maxLength: 6 }), (argv) => {
      const { path, stray } = findCommand(argv, commands, globals);
      assert.is(commandWord(argv, taking), path === "" ? (stray ?? "") : path.split(" ", 1)[0], argv.join(" "));
    }),
    { numRuns: 3000 },
  );
});

test.run();
