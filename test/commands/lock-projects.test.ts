import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { LOCK_PACKAGES, lockedVersions, lockIn, projectText } from "../harness/lock-scene.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({ packages: LOCK_PACKAGES });
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

// extras, groups, the project itself

test(
  "extras, groups and what the project asks of itself are locked",
  placed(async (place) => {
    index.add({ name: "plugin-of-app", version: "1", requires: ["app>=0.5", "shared"] }, { name: "app", version: "9" });
    place.write({
      "pyproject.toml": projectText(
        [],
        '[project.optional-dependencies]\nx = ["b"]\nall = ["app[x]", "extra"]\n' +
          '[dependency-groups]\ntest = ["app[all]", "plugin-of-app", { include-group = "lint" }]\nlint = ["a"]\n',
      ),
    });
    assert.match(await lockIn(place), "Locked 5 packages");
    assert.equal(await lockedVersions(place), {
      a: "2.0",
      app: "1",
      b: "1.0",
      extra: "1.0",
      "plugin-of-app": "1",
      shared: "1.5",
    });
    place.write({ "pyproject.toml": projectText(["app[nope]"]) });
    assert.match((await place.run(["lock"])).stderr, /E_PROJECT_INVALID.*pyproject\.toml:5 asks for the extra `nope`/);
  }),
);

const named: readonly (readonly [what: string, lines: string, chosen: readonly string[], installed: string])[] = [
  ["an extra that there is not", 'dependencies = ["a", "a<2; extra == \'z\'"]', [], "a 2.0, shared 1.5"],
  [
    "the extra, and it is not asked for",
    'dependencies = ["b", "a; extra == \'X\'"]\noptional-dependencies.x = []',
    [],
    "b 1.0",
  ],
  [
    "the extra, and it is asked for",
    'dependencies = ["b", "a<2; extra == \'X\'"]\noptional-dependencies.x = ["extra; extra == \'x\'"]',
    ["--extra=x"],
    "a 1.0, b 1.0, extra 1.0, shared 1.5",
  ],
  [
    "all but an extra",
    'dependencies = ["b; extra != \'x\'"]\noptional-dependencies.x = ["app[y]"]\noptional-dependencies.y = ["a; extra == \'x\'"]',
    ["--extra=x"],
    "b 1.0",
  ],
  [
    "another extra than that it stands with",
    'optional-dependencies.x = ["a"]\noptional-dependencies.y = ["a<2; extra == \'x\'"]',
    ["--all-extras"],
    "a 2.0, shared 1.5",
  ],
  [
    "an extra, in a group",
    'optional-dependencies.x = []\n[dependency-groups]\ndev = ["b", "a; extra == \'x\'"]',
    ["--all-extras"],
    "b 1.0",
  ],
];
for (const [what, lines, chosen, installed] of named)
  test(
    `a requirement whose marker names ${what}, counts as in metadata built from it`,
    placed(async (place) => {
      const project = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\n';
      place.write({ "pyproject.toml": `${project}${lines}\n` });
      await lockIn(place);
      assert.match(await lockIn(place, "--check"), "Up to date");
      const synced = await place.run(["sync", ...chosen]);
      assert.is(synced.exitCode, 0, synced.stderr);
      const rows = [...synced.stdout.matchAll(/^ \+ (\S+) +(\S+)$/gm)];
      assert.is(rows.map(([, name, version]) => `${name} ${version}`).join(", "), installed);
    }),
  );

// sources

test(
  "a folder as source is locked by what it states, and makes the lock stale when that changes",
  placed(async (place) => {
    place.write({
      "app/pyproject.toml": projectText(["lib"], '[tool.pybun.sources]\nlib = { path = "../lib", editable = true }\n'),
      "lib/pyproject.toml": '[project]\nname = "lib"\nversion = "3"\ndependencies = ["b"]\n',
    });
    await lockIn(place, "--project", "app");
    assert.equal(await lockedVersions(place, "--file", "app/pybun.lockb"), { b: "1.0", lib: "3" });
    const printed = (await place.run(["lock", "--print", "--file", "app/pybun.lockb"])).stdout;
    assert.match(printed, "../lib");
    assert.not.match(printed, place.root);
    place.write({ "lib/pyproject.toml": '[project]\nname = "lib"\nversion = "3"\ndependencies = ["extra"]\n' });
    assert.is((await place.run(["lock", "--check", "--project", "app"])).exitCode, 1);
    await lockIn(place, "--project", "app");
    assert.equal(await lockedVersions(place, "--file", "app/pybun.lockb"), { extra: "1.0", lib: "3" });
  }),
);

const BACKEND = `import os


def prepare_metadata_for_build_wheel(directory, config_settings=None):
    os.mkdir(os.path.join(directory, "dyn-7.dist-info"))
    with open(os.path.join(directory, "dyn-7.dist-info", "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.3\\nName: dyn\\nVersion: 7\\nRequires-Dist: a<2\\n")
        file.write("Provides-Extra: x\\nRequires-Dist: b; extra == 'x'\\n")
        file.write("Provides-Extra: all\\nRequires-Dist: dyn[x]; extra == 'all'\\n")
    return "dyn-7.dist-info"


def build_wheel(directory, config_settings=None, metadata_directory=None):
    raise SystemExit("nobody asked for a wheel")
`;

test(
  "what a project leaves to its build backend is asked there, once",
  placed(async (place) => {
    place.write({
      "pyproject.toml":
        '[project]\nname = "dyn"\nrequires-python = ">=3.9"\n' +
        'dynamic = ["version", "dependencies", "optional-dependencies"]\n' +
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
      "backend.py": BACKEND,
    });
    assert.match(await lockIn(place), "Locked 3 packages");
    assert.equal(await lockedVersions(place), { a: "1.0", b: "1.0", shared: "1.5" });
    const { exitCode, stdout } = await place.run(["lock"], { env: { PATH: "/nowhere" } });
    assert.equal([exitCode, stdout.startsWith("Up to date")], [0, true]);
  }),
);

test(
  "metadata that the project states of a release is believed instead of the release's own",
  placed(async (place) => {
    const given = '[[tool.pybun.dependency-metadata]]\nname = "A"\nversion = "1"\nrequires-dist = ["extra"]\n';
    place.write({ "pyproject.toml": projectText(["a<2"], given) });
    await lockIn(place);
    assert.equal(await lockedVersions(place), { a: "1.0", extra: "1.0" });
    place.write({ "pyproject.toml": projectText(["a<2"]) });
    assert.match((await place.run(["lock", "--check"])).stdout, "dependency-metadata");
  }),
);

const OVERRIDES: readonly (readonly [key: string, marker: string, shared: string | undefined, words: string])[] = [
  ["pybun]\noverrides", "extra == 'x'", undefined, "nothing requires `shared` any more"],
  ["uv]\noverride-dependencies", "extra == 'never'", undefined, "nothing requires `shared` any more"],
  [
    "uv]\noverride-dependencies",
    "extra != 'x' and python_version > '3'",
    "1.0",
    'it counts as `shared==1.0; python_version > "3"`',
  ],
  [
    "uv]\noverride-dependencies",
    "python_version < '3' or 'x' == extra",
    undefined,
    'it counts as `shared==1.0; python_version < "3"`',
  ],
];
for (const [key, marker, shared, words] of OVERRIDES)
  test(
    `an override that names an extra counts for none, and that is told: ${marker}`,
    placed(async (place) => {
      const override = `shared==1.0 ; ${marker}`;
      place.write({ "pyproject.toml": projectText(["a"], `[tool.${key} = ["${override}"]\n`) });
      for (const more of [[], ["--upgrade"]]) {
        const { exitCode, stderr } = await place.run(["lock", ...more]);
        assert.is(exitCode, 0, stderr);
        assert.match(stderr, `warning[W_OVERRIDE_EXTRA]: the override \`${override}\` names an extra: ${words}\n`);
        assert.match(stderr, "hint: leave the extra out");
      }
      assert.is((await lockedVersions(place))["shared"], shared);
    }),
  );

// workspaces

const member = (name: string, list: readonly string[], more = ""): string => projectText(list, more, name);
const WORKSPACE = {
  "pyproject.toml": member("root", [], '[tool.pybun.workspace]\nmembers = ["libs/*"]\n'),
  "libs/one/pyproject.toml": member("one", ["a<2", "two"], "[tool.pybun.sources]\ntwo = { workspace = true }\n"),
  "libs/two/pyproject.toml": member("two", ["shared"]),
};

test(
  "a workspace has one lock, made from any member",
  placed(async (place) => {
    index.add({ name: "two", version: "99" });
    place.write(WORKSPACE);
    const { exitCode, stdout, stderr } = await place.run(["lock"], { cwd: path.join(place.cwd, "libs/one") });
    assert.equal([exitCode, stderr, /Locked 2 packages/.test(stdout)], [0, "", true], stdout);
    assert.equal([place.exists("pybun.lockb"), place.exists("libs/one/pybun.lockb")], [true, false]);
    assert.equal(await lockedVersions(place), { a: "1.0", shared: "1.5", two: "1" });
    assert.match(await lockIn(place), "Up to date");
    place.write({ "libs/three/pyproject.toml": member("three", ["b"]) });
    const stale = await place.run(["lock", "--check"]);
    assert.equal([stale.exitCode, /\+ b {2}required by libs\/three\/pyproject\.toml:5/.test(stale.stdout)], [1, true]);
  }),
);

test(
  "a conflict names the members that disagree",
  placed(async (place) => {
    place.write({ ...WORKSPACE, "libs/two/pyproject.toml": member("two", ["shared>=1", "a>=2"]) });
    const { exitCode, stderr } = await place.run(["lock"]);
    assert.is(exitCode, 4, stderr);
    assert.match(stderr, "libs/one/pyproject.toml:5");
    assert.match(stderr, "libs/two/pyproject.toml:5");
    assert.not.ok(place.exists("pybun.lockb"));
  }),
);

test(
  "a folder that is no project is told each time, and left out",
  placed(async (place) => {
    place.write({ ...WORKSPACE, "libs/notes/x.md": "" });
    for (let i = 0; i < 2; i++) {
      const { exitCode, stderr } = await place.run(["lock"]);
      assert.equal([exitCode, /warning\[W_WORKSPACE_MEMBER\].*libs\/notes/.test(stderr)], [0, true], stderr);
    }
  }),
);

test.run();
