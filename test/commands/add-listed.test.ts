import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

// What is asked for lies in a file, or should.

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0" },
    { name: "beta", version: "1.0" },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const PROJECT = `[project]
name = "shop"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = []
`;

for (const [title, words, expected] of [
  [
    "a requirements file that is not there",
    ["-r", "none.txt"],
    [3, "E_REQUIREMENTS_INVALID", "`none.txt` is not there"],
  ],
  ["a folder as requirements file", ["-r", "."], [3, "E_REQUIREMENTS_INVALID", "`.` is no file"]],
  ["a folder as constraints", ["-c", "..", "alpha"], [3, "E_REQUIREMENTS_INVALID", "`..` is no file"]],
  [
    "an address where nothing is",
    ["alpha @ file:///nowhere/alpha-1.0-py3-none-any.whl"],
    [4, "E_DIRECT_MISSING", "names a file that is not there"],
  ],
] as const)
  test(
    `${title} is told, and nothing is changed`,
    placed(async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      const result = await place.run(["--format=json", "add", ...words]);
      const error = result.json().diagnostics.find(({ level }) => level === "error");
      assert.equal([result.exitCode, error?.code], expected.slice(0, 2));
      assert.match(error?.message ?? "", expected[2]);
      assert.is(place.read("pyproject.toml"), PROJECT);
      assert.not.ok(fs.existsSync(path.join(place.cwd, "pybun.lockb")));
    }),
  );

test(
  "a requirements file with nothing in it: that is said, and what the environment has too much goes in a sentence that reads",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT, "none.txt": "# later\n" });
    const nothing = await place.run(["add", "-r", "none.txt"]);
    assert.equal([nothing.exitCode, nothing.stdout], [0, "Up to date: there was nothing to add\n"]);
    assert.is((await place.run(["add", "beta"])).exitCode, 0);
    place.write({ "pyproject.toml": PROJECT });
    const less = await place.run(["add", "-r", "none.txt"]);
    assert.match(less.stdout, / - beta {2}1\.0\nSynced: uninstalled 1 package in /);
  }),
);

test(
  "folders of a requirements file, with their extras, and editable where it says so",
  placed(async (place) => {
    place.write({
      "pyproject.toml": PROJECT,
      "more/list.txt": "-e ./libs/one[cli,tls]\n./libs/two[cli]; python_version > '3.10'\n-e .[all]\n",
      "libs/one/pyproject.toml": '[project]\nname = "one"\nversion = "1"\n',
      "libs/two/pyproject.toml": '[project]\nname = "two"\nversion = "1"\n',
    });
    const { exitCode, stderr } = await place.run(["add", "--frozen", "--dev", "-r", "more/list.txt"]);
    assert.is(exitCode, 0, stderr);
    const listed = `
[dependency-groups]
dev = [
    "one[cli,tls]",
    "shop[all]",
    "two[cli]; python_version > '3.10'",
]

[tool.pybun.sources]
one = { path = "libs/one", editable = true }
two = { path = "libs/two" }
shop = { path = ".", editable = true }
`;
    assert.is(place.read("pyproject.toml"), PROJECT + listed);
  }),
);

test.run();
