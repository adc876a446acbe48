import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "../harness/executable.ts";
import { playGuide } from "../harness/guide.ts";
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

test(
  "the examples of the guide print what it says, one after the other",
  inPlace(async (place) => assert.is(await playGuide(place, "dependencies"), 5), { index }),
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
