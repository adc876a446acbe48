import { test } from "uvu";
import * as assert from "uvu/assert";
import { playGuide } from "../harness/guide.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "starlette", version: "1.10.0", requires: ["anyio>=4.0,<5", "idna"] },
    { name: "anyio", version: "4.16.0", requires: ["idna>=2.8"] },
    { name: "idna", version: "3.20" },
    { name: "pytest", version: "9.2.0", requires: ["iniconfig>=2", "colorama; sys_platform == 'win32'"] },
    { name: "iniconfig", version: "2.3.1" },
    { name: "colorama", version: "0.4.6" },
  ],
});
test.after(() => index.stop());

test(
  "the examples of the guide print what it says",
  inPlace(async (place) => assert.is(await playGuide(place, "looking-at-dependencies"), 5), { index }),
);

test.run();
