import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { REPOSITORY } from "../harness/executable.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

// What pip has no say in; the rest is compared with pip itself, in test/pip.

const index = await startIndex({
  packages: [
    { name: "rich", version: "14.0.0", requires: ["pygments>=2.13"] },
    { name: "pygments", version: "2.19.1" },
    { name: "tool", version: "1.0", "console-scripts": { tool: "tool:main" } },
  ],
});
test.after(() => index.stop());
const inside = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

test(
  "the examples of the guide print what it says",
  inside(async (place) => {
    const guide = fs.readFileSync(path.join(REPOSITORY, "docs", "guide", "pip.md"), "utf8");
    const [, story = ""] = /^```console\n([\s\S]*?)^```$/m.exec(guide) ?? [];
    const calls = [...story.matchAll(/^\$ pybun (.*)\n((?:(?!\$ ).*\n)*)/gm)];
    assert.is(calls.length, 5);
    for (const [, words = "", expected] of calls) {
      const { stdout } = await place.run(words.split(" ").map((word) => word.replaceAll('"', "")));
      assert.is(stdout, expected, words);
    }
  }),
);

test(
  "neither project nor lock is touched, nor asked",
  inside(async (place) => {
    place.write({ "pyproject.toml": "[project]\nname = 'p'\nversion = '1'\ndependencies = ['tool']\n" });
    const before = place.read("pyproject.toml");
    const { exitCode, stdout } = await place.run(["--format=json", "pip", "install", "pygments"]);
    const { data } = JSON.parse(stdout) as { data: Record<string, unknown> };
    assert.is(exitCode, 0);
    assert.equal(data, {
      env: {
        path: path.join(place.cwd, ".pybun", "venv"),
        source: "project",
        python: path.join(place.cwd, ".pybun", "venv", "bin", "python"),
      },
      installed: [{ name: "pygments", version: "2.19.1" }],
      removed: [],
      satisfied: [],
      dry_run: false,
    });
    assert.is(place.read("pyproject.toml"), before);
    assert.not.ok(place.exists("pybun.lockb"));
  }),
);

test(
  "what is installed and fits needs no index",
  inside(async (place) => {
    await place.run(["pip", "install", "rich"]);
    index.forget();
    const { stdout, exitCode } = await place.run(["pip", "install", "rich>=14", "--offline"]);
    assert.is(exitCode, 0);
    assert.match(
      stdout,
      /^Requirement already satisfied: rich>=14 in .* \(14\.0\.0\)\n.*pygments>=2\.13 .*\(from rich\)/,
    );
    assert.is(index.requests.length, 0);
  }),
);

test(
  "an option that is not known is named, with exit code 2",
  inside(async (place) => {
    const { exitCode, stderr } = await place.run(["pip", "install", "--global-option=x", "tool"]);
    assert.is(exitCode, 2);
    assert.match(stderr, "`pybun pip install` has no option `--global-option`");
  }),
);

test(
  "uninstall asks, and where nobody can answer it wants to be told",
  inside(async (place) => {
    await place.run(["pip", "install", "tool"]);
    const { exitCode, stderr } = await place.run(["pip", "uninstall", "tool"]);
    assert.is(exitCode, 2);
    assert.match(stderr, "say so with `-y`");
    assert.match((await place.run(["pip", "freeze"])).stdout, "tool==1.0");
  }),
);

test(
  "the folder of the user is of no use to an environment",
  inside(async (place) => {
    const { exitCode, stdout } = await place.run(["--format=json", "pip", "install", "--user", "tool"]);
    assert.is(exitCode, 1);
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { code: string }[] };
    assert.equal(
      diagnostics.map(({ code }) => code),
      ["E_PIP_PLACE"],
    );
  }),
);

test.run();
