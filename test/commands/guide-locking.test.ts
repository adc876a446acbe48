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
    { name: "pytest", version: "8.4.0", requires: ["iniconfig>=1"] },
    { name: "iniconfig", version: "2.1.0" },
    { name: "httpx", version: "0.28.1" },
  ],
});
test.after(() => index.stop());

const guide = fs.readFileSync(path.join(REPOSITORY, "docs", "guide", "locking.md"), "utf8");

test(
  "the examples of the guide print what it says",
  inPlace(async (place) => assert.is(await playGuide(place, "locking"), 4), { index }),
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
