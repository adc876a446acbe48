import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "../harness/executable.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

// Pages of the guide that tell a story: a block whose first line is a comment with a path is that file, and a `console` block is
// commands with what they print.

const PAGES = ["tools", "tasks", "workspaces", "migrating"];

const index = await startIndex({
  packages: [
    {
      name: "ruff",
      version: "0.14.9",
      files: { "ruff.py": "def main():\n    print('ruff')\n" },
      "console-scripts": { ruff: "ruff:main" },
    },
    { name: "rich", version: "14.0.0" },
    { name: "pytest", version: "8.4.0" },
  ],
});
test.after(() => index.stop());

interface Block {
  readonly kind: string;
  readonly text: string;
}
const blocksOf = (page: string): readonly Block[] =>
  [
    ...fs
      .readFileSync(path.join(REPOSITORY, "docs", "guide", `${page}.md`), "utf8")
      .matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm),
  ].map(([, kind = "", text = ""]) => ({ kind, text }));

/** What differs from machine to machine: the Python that is found, and columns that it widens. */
const plain = (place: Place, text: string): string =>
  place
    .normalize(text)
    .replace(/\b3\.\d+\.\d+\b/g, "[PYTHON]")
    .replace(/ +/g, " ")
    .replace(/ $/gm, "");

async function tell({ kind, text }: Block, place: Place): Promise<boolean> {
  const file = /^(?:#|\/\/) ([\w./-]+\.\w+|Pipfile)\n/.exec(text)?.[1];
  if (kind !== "console" && file !== undefined) place.write({ [file]: text });
  if (kind !== "console") return false;
  for (const [, words = "", expected = ""] of text.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)) {
    const [program, ...args] = words.split(" ");
    assert.is(program, "pybun", `\`${words}\` is no command of PyBun's`);
    const { stdout, stderr } = await place.run(args);
    assert.is(plain(place, stdout), plain(place, expected), `${words}\n${stderr}`);
  }
  return true;
}

for (const page of PAGES)
  test(
    `${page}.md: the examples print what it says`,
    inPlace(
      async (place) => {
        const told: boolean[] = [];
        for (const block of blocksOf(page)) told.push(await tell(block, place));
        assert.ok(told.includes(true), "the page has no example that runs");
      },
      { index },
    ),
  );

test.run();
