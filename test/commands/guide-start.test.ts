import { test } from "uvu";
import * as assert from "uvu/assert";
import { playGuide } from "../harness/guide.ts";
import { startIndex } from "../harness/index-server.ts";
import { plainBackend } from "../harness/plain-backend.ts";
import { inPlace } from "../harness/project.ts";

/** Stands for pytest. */
const RUNNER = `import runpy

def main():
    runpy.run_path("tests/test_shop_api.py")["test_greeting"]()
    print("1 passed")
`;
const index = await startIndex({
  packages: [
    plainBackend("hatchling", "hatchling.build", "1.33"),
    {
      name: "pytest",
      version: "9.2.0",
      files: {
        "pytest.py": RUNNER,
      },
      "console-scripts": { pytest: "pytest:main" },
    },
  ],
});
test.after(() => index.stop());

test(
  "the examples of the guide print what it says",
  inPlace(async (place) => assert.is(await playGuide(place, "start"), 11), { index }),
);

test.run();
