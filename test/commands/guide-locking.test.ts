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
    { name: "pytest", version: "8.4.0", requires: ["iniconfig>=1"] },
    { name: "iniconfig", version: "2.1.0" },
    { name: "httpx", version: "0.28.1" },
  ],
});
test.after(() => index.stop());

const guide = fs.readFileSync(path.join(REPOSITORY, "docs", "guide", "locking.md"), "utf8");

/** The blocks of a page that tell a story: files of a project, and commands with what they print. */
const story = [...guide.matchAll(/^```(toml|console)\n([\s\S]*?)^```$/gm)]
  .map(([, kind, text]) => ({ kind, text: text as string }))
  .filter(({ kind, text }) => kind === "console" || text.startsWith("[project]"));

test(
  "the examples of the guide print what it says",
  inPlace(
    async (place) => {
      assert.equal(
        story.map(({ kind }) => kind),
        ["toml", "console", "console", "toml", "console"],
      );
      for (const { kind, text } of story) {
        if (kind === "toml") place.write({ "pyproject.toml": text });
        else
          for (const [, words, expected] of text.matchAll(/^\$ pybun (.*)\n((?:(?!\$ ).*\n)*)/gm)) {
            const { stdout } = await place.run((words as string).split(" "));
            assert.is(place.normalize(stdout), place.normalize(expected as string), words);
          }
      }
    },
    { index },
  ),
);

test("every table of settings in the guide is one that projects may have", () => {
  const keys = [...guide.matchAll(/^\| `([a-z-]+)`[^|]*\|/gm)].map(([, key]) => key as string);
  const settings = fs.readFileSync(path.join(REPOSITORY, "docs", "reference", "settings.md"), "utf8");
  assert.ok(keys.length > 6);
  assert.equal(
    keys.filter((key) => !settings.includes(`\`${key}\``)),
    [],
  );
});

test.run();
