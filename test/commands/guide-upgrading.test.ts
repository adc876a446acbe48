import { test } from "uvu";
import * as assert from "uvu/assert";
import { playGuide } from "../harness/guide.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "httpx", version: "0.27.2" },
    { name: "httpx", version: "0.28.1" },
    { name: "rich", version: "14.3.0", requires: ["pygments>=2"] },
    { name: "rich", version: "15.0.0", requires: ["pygments>=2"] },
    { name: "pygments", version: "2.19.2" },
  ],
});
test.after(() => index.stop());

test(
  "the examples of the guide print what it says",
  inPlace(async (place) => assert.is(await playGuide(place, "upgrading"), 6), { index }),
);

test.run();
