import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "../harness/executable.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "rich", version: "14.0.0", requires: ["pygments>=2.13"] },
    { name: "pygments", version: "2.19.1" },
    { name: "httpx", version: "0.28.1", extras: { http2: ["h2"] } },
    { name: "h2", version: "4.2.0" },
  ],
});
test.after(() => index.stop());

const guide = fs.readFileSync(path.join(REPOSITORY, "docs", "guide", "dependencies.md"), "utf8");

/** Words as a shell reads them, as far as the guide goes. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? (bare as string));

test(
  "the examples of the guide print what it says, one after the other",
  inPlace(
    async (place) => {
      let count = 0;
      for (const [, kind, text] of guide.matchAll(/^```(toml|console)\n([\s\S]*?)^```$/gm)) {
        if (kind === "toml") place.write({ "pyproject.toml": text as string });
        for (const [, line, expected] of (kind === "console" ? (text as string) : "").matchAll(
          /^\$ pybun (.*)\n((?:(?!\$ ).*\n)*)/gm,
        )) {
          const { exitCode, stdout, stderr } = await place.run(wordsOf(line as string));
          assert.equal([exitCode, stderr], [0, ""], line);
          assert.is(place.normalize(stdout), place.normalize(expected as string), line);
          count++;
        }
      }
      assert.is(count, 5);
    },
    { index },
  ),
);

test("every flag the guide names is one of the commands", () => {
  const known = fs.readFileSync(path.join(REPOSITORY, "docs", "reference", "commands.md"), "utf8");
  const flags = new Set([...guide.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag));
  assert.ok(flags.size > 10);
  assert.equal(
    [...flags].filter((flag) => !known.includes(flag)),
    [],
  );
});

test.run();
