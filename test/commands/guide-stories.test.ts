import { test } from "uvu";
import * as assert from "uvu/assert";
import { playGuide } from "../harness/guide.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace } from "../harness/project.ts";

const PAGES = ["running", "tools", "tasks", "workspaces", "migrating"];

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

for (const page of PAGES)
  test(
    `${page}.md: the examples print what it says`,
    inPlace(
      async (place) => {
        assert.ok((await playGuide(place, page)) > 0, "the page has no example that runs");
      },
      { index },
    ),
  );

test.run();
