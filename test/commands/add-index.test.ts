import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "beta", version: "1.0" },
    { name: "alpha", version: "1.0" },
  ],
});
const company = await startIndex({
  packages: [
    { name: "alpha", version: "5.0", requires: ["beta"] },
    { name: "secret", version: "1.0" },
  ],
});
test.after(async () => {
  await Promise.all([index.stop(), company.stop()]);
});
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const PROJECT = `[project]
name = "shop"
version = "1"
requires-python = ">=3.9"
dependencies = []
`;
const INDEX = `
[[tool.pybun.index]]
name = "company"
url = "${company.url}"
explicit = true
`;

test(
  "the name of an index: the package is pinned to it, what it requires comes from where it always does",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT + INDEX });
    const { exitCode, stderr } = await place.run(["add", "alpha", "--index", "company"]);
    assert.equal([exitCode, stderr], [0, ""]);
    assert.is(
      place.read("pyproject.toml"),
      `${PROJECT.replace("[]", '[\n    "alpha>=5.0",\n]')}${INDEX}\n[tool.pybun.sources]\nalpha = { index = "company" }\n`,
    );
    assert.is((await place.run(["sync", "--check"])).exitCode, 0);
    assert.is((await place.run(["lock", "--check"])).exitCode, 0);
    const misspelled = await place.run(["add", "secret", "--index", "compani"]);
    assert.is(misspelled.exitCode, 2);
    assert.match(misspelled.stderr, "no index is called `compani`; did you mean `company`?");
  }),
);

test(
  "NAME=URL is written into the project, and the package pinned to it; a URL alone counts with the others",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    const named = await place.run(["add", "alpha", "--index", `company=${company.url}`]);
    assert.equal([named.exitCode, named.stderr], [0, ""]);
    assert.match(place.read("pyproject.toml"), `[[tool.pybun.index]]\nname = "company"\nurl = "${company.url}"\n`);
    assert.match(place.read("pyproject.toml"), 'alpha = { index = "company" }');
    assert.is((await place.run(["lock", "--check"])).exitCode, 0);
    place.write({ "pyproject.toml": PROJECT });
    const bare = await place.run(["add", "secret", "--index", company.url]);
    assert.equal([bare.exitCode, bare.stderr], [0, ""]);
    assert.match(place.read("pyproject.toml"), `[[tool.pybun.index]]\nname = "127.0.0.1"\nurl = "${company.url}"\n`);
    assert.not.match(place.read("pyproject.toml"), "sources");
    assert.is((await place.run(["lock", "--check"])).exitCode, 0);
    assert.is((await place.run(["run", "-c", "import secret"])).exitCode, 0);
  }),
);

test(
  "an index that can't be added changes nothing",
  placed(async (place) => {
    place.write({
      "pyproject.toml": `${PROJECT}[tool.pybun.workspace]\nmembers = ["one"]\n`,
      "one/pyproject.toml": PROJECT.replace("shop", "one"),
    });
    const member = await place.run(["add", "secret", "--index", company.url], { cwd: path.join(place.cwd, "one") });
    assert.is(member.exitCode, 2);
    assert.match(member.stderr, "a workspace's indexes are listed in its root");
    assert.is(place.read("one/pyproject.toml"), PROJECT.replace("shop", "one"));
    const scheme = await place.run(["add", "secret", "--index", "ftp://example.org/simple"]);
    assert.is(scheme.exitCode, 3, scheme.stderr);
    assert.match(scheme.stderr, "E_INDEX_INVALID");
  }),
);

test.run();
