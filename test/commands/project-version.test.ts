import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({ packages: [{ name: "needs-lib", version: "1.0", requires: ["lib<3"] }] });
test.after(() => index.stop());

const PROJECT = `# shop\r
[project] # of ours\r
name    = "Shop.API"\r
version = '1.2.3'   # keep me\r
requires-python = ">=3.9"\r
\r
[tool.other]\r
version = "1.2.3"\r
`;
/** What a call prints on standard output; nothing on standard error. */
async function said(place: Place, ...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await place.run(["version", ...words]);
  assert.equal([exitCode, stderr], [0, ""], words.join(" "));
  return stdout;
}

test(
  "shows the version, and changes nothing but its characters",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    assert.is(await said(place), "Shop.API 1.2.3\n");
    assert.is(await said(place, "--short"), "1.2.3\n");
    assert.is(
      await said(place, "--bump", "minor", "--dry-run"),
      "Would change Shop.API 1.2.3 -> 1.3.0 in pyproject.toml\n",
    );
    assert.is(place.read("pyproject.toml"), PROJECT);
    assert.is(
      await said(place, "--bump", "patch", "--bump", "rc"),
      "Changed Shop.API 1.2.3 -> 1.2.4rc1 in pyproject.toml\n",
    );
    assert.is(place.read("pyproject.toml"), PROJECT.replace("'1.2.3'", "'1.2.4rc1'"));
    assert.is(await said(place, "--bump", "stable", "--short"), "1.2.4\n");
    assert.is(await said(place, "v2.0-beta.1"), "Changed Shop.API 1.2.4 -> 2.0b1 in pyproject.toml\n");
    assert.is(await said(place, "1.0"), "Changed Shop.API 2.0b1 -> 1.0 in pyproject.toml\n");
    assert.is(await said(place, "1.0"), "Up to date: Shop.API 1.0\n");
    assert.is(place.read("pyproject.toml"), PROJECT.replace("'1.2.3'", "'1.0'"));
  }),
);

test(
  "JSON",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    const { data } = (await place.run(["--format=json", "version", "--bump", "major=7"])).json();
    assert.equal(data, {
      project: "Shop.API",
      version: "7.0.0",
      previous: "1.2.3",
      dynamic: false,
      up_to_date: false,
      dry_run: false,
      files: ["pyproject.toml"],
    });
  }),
);

test(
  "a version that is not given can be set, not raised",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": '[project]\nname = "app"\n' });
    assert.match((await place.run(["version"])).stderr, "error[E_PROJECT_INVALID]: app has no version");
    assert.match((await place.run(["version", "--bump", "minor"])).stderr, "`pybun version 0.1.0`");
    assert.is(await said(place, "0.1.0"), "Changed app 0.1.0 in pyproject.toml\n");
    assert.is(place.read("pyproject.toml"), '[project]\nname = "app"\nversion = "0.1.0"\n');
  }),
);

const WORKSPACE = {
  "pyproject.toml": `[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["lib", "needs-lib"]
[tool.pybun.sources]\nlib = { workspace = true }\n[tool.pybun.workspace]\nmembers = ["lib"]\n`,
  "lib/pyproject.toml": '[project]\nname = "lib"\nversion = "2.0"\nrequires-python = ">=3.9"\n',
};

test(
  "a lock that names the version keeps up with it, without an index",
  inPlace(
    async (place) => {
      place.write(WORKSPACE);
      assert.is((await place.run(["lock"])).exitCode, 0);
      const asked = index.count("page");
      const inLib = (...words: string[]) => place.run(["version", ...words], { cwd: `${place.cwd}/lib` });
      assert.match(
        (await inLib("--bump", "minor", "--frozen")).stdout,
        /^Changed lib 2\.0 -> 2\.1 in pyproject\.toml\n$/,
      );
      assert.match(await treeOf(place), "lib 2.0");
      assert.match((await inLib("2.2")).stdout, /^Changed lib 2\.1 -> 2\.2 in pyproject\.toml and .*pybun\.lockb\n$/);
      assert.match(await treeOf(place), "lib 2.2");
      assert.is((await place.run(["lock", "--check"])).exitCode, 0);
      const excluded = await place.run(["version", "--package", "Lib", "3"]);
      assert.equal([excluded.exitCode, excluded.stdout.slice(0, 20)], [0, "Changed lib 2.2 -> 3"]);
      assert.match(excluded.stderr, "warning[W_VERSION_EXCLUDED]: needs-lib requires `lib<3`, which excludes 3");
      assert.is(await said(place), "app 1\n");
      assert.is(index.count("page"), asked);
    },
    { index },
  ),
);
const treeOf = async (place: Place): Promise<string> => (await place.run(["tree", "--universal"])).stdout;

const BACKEND = `
import os
def _metadata(folder):
    name = "app-5.6.dev7.dist-info"
    os.makedirs(os.path.join(folder, name))
    with open(os.path.join(folder, name, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\\nName: app\\nVersion: 5.6.dev7\\n")
    return name
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    return _metadata(folder)
def build_wheel(folder, config_settings=None, metadata_directory=None):
    raise Exception("not to be built")
`;

test(
  "a dynamic version is asked of the build backend, and can't be set",
  inPlace(async (place) => {
    place.write({
      "pyproject.toml":
        '[project]\nname = "app"\ndynamic = ["version"]\n[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["."]\n',
      "own.py": BACKEND,
    });
    assert.is(await said(place), "app 5.6.dev7 (dynamic, from own)\n");
    assert.is(await said(place, "--short"), "5.6.dev7\n");
    const before = place.read("pyproject.toml");
    for (const words of [["6.0"], ["--bump", "minor"]]) {
      const { exitCode, stdout, stderr } = await place.run(["version", ...words]);
      assert.equal([exitCode, stdout], [3, ""]);
      assert.match(stderr, "error[E_VERSION_DYNAMIC]: the version of app is dynamic: `own` tells it");
    }
    assert.is(place.read("pyproject.toml"), before);
  }),
);

const REFUSED: readonly (readonly [words: string, exitCode: number, said: string])[] = [
  [
    "--bump beta",
    3,
    "error[E_VERSION_LOWER]: 1.2.3b1 is not higher than 1.2.3\n  nothing was changed\nhint: raise the release too: `pybun version --bump patch --bump beta` (gives 1.2.4b1)\nhint: or take it as it is: `pybun version 1.2.3b1`\n",
  ],
  ["--bump majr", 2, "error[E_USAGE]: `--bump` can't raise `majr`; did you mean `major`?"],
  ["--bump stable=1", 2, "error[E_USAGE]"],
  ["one", 2, "error[E_USAGE]: `one` is not a valid version"],
  ["1.0 --bump major", 2, "error[E_USAGE]: a version and `--bump` exclude each other"],
  ["--package other", 2, "error[E_USAGE]"],
];

test(
  "what is refused changes nothing",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    for (const [words, exitCode, expected] of REFUSED) {
      const result = await place.run(["version", ...words.split(" ")]);
      assert.equal([result.exitCode, result.stdout], [exitCode, ""], words);
      assert.ok(result.stderr.startsWith(expected), `${words}: ${result.stderr}`);
    }
    assert.is(place.read("pyproject.toml"), PROJECT);
    place.write({ "pyproject.toml": "[tool.poetry]\nname = 'x'\nversion = '1'\n" });
    const { exitCode, stderr } = await place.run(["version"]);
    assert.equal([exitCode, stderr.includes("has no `[project]` table")], [3, true]);
    place.write({ "pyproject.toml": "[project\n" });
    assert.match((await place.run(["version", "2"])).stderr, "pyproject.toml:1 is not TOML");
    assert.is(place.read("pyproject.toml"), "[project\n");
  }),
);

test(
  "the binary form is kept with the text",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    await place.run(["dx", "pack"]);
    assert.is(await said(place, "2.0"), "Changed Shop.API 1.2.3 -> 2.0 in pyproject.toml and pyproject.dx\n");
    assert.is(await said(place), "Shop.API 2.0\n");
  }),
);

test.run();
