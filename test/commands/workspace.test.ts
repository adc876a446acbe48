import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0" },
    { name: "alpha", version: "2.0" },
    { name: "beta", version: "1.0" },
    // A stranger that has a member's name.
    { name: "core", version: "9.0" },
  ],
});
test.after(() => index.stop());

const project = (name: string, dependencies: readonly string[] = [], more = ""): string =>
  `[project]\nname = "${name}"\nversion = "1.0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(dependencies)}\n${more}`;
const ROOT = `# the workspace
[tool.pybun.workspace]
members = [
  "libs/*", # all of them
]
`;
const FILES = {
  "pyproject.toml": ROOT,
  "libs/core/pyproject.toml": project("core", ["alpha"]),
  "libs/api/pyproject.toml": project(
    "api",
    ["core"],
    '[project.optional-dependencies]\nfast = ["speed"]\n[dependency-groups]\ndev = ["core"]\n',
  ),
  "libs/speed/pyproject.toml": project("speed"),
  "apps/web/pyproject.toml": project("web", ["api"]),
};
const placed = (body: (place: Place) => Promise<void>, files: Readonly<Record<string, string>> = FILES) =>
  inPlace(
    async (place) => {
      place.write(files);
      await body(place);
    },
    { index },
  );
const names = async (place: Place, cwd = place.cwd): Promise<readonly string[]> =>
  ((await place.run(["--format=json", "workspace", "list"], { cwd })).json().data["members"] as { name: string }[]).map(
    ({ name }) => name,
  );

test(
  "list has all members with their folders, and marks the one that the folder lies in",
  placed(async (place) => {
    const { stdout } = await place.run(["workspace", "list"], { cwd: path.join(place.cwd, "libs/core") });
    assert.is(stdout, "  api    1.0  libs/api\n* core   1.0  libs/core\n  speed  1.0  libs/speed\n");
  }),
);

test(
  "graph has each member behind those it needs, and circles, which are no error",
  placed(async (place) => {
    const { stdout } = await place.run(["workspace", "graph"]);
    assert.is(stdout, "core\napi    needs core, speed (extra fast), core (group dev)\nspeed\n");
    const { edges } = (await place.run(["--format=json", "workspace", "graph"])).json().data as {
      edges: Record<string, unknown>[];
    };
    assert.equal(edges[1], {
      from: "api",
      to: "speed",
      kind: "extra",
      part: "fast",
      requirement: "speed",
      origin: "libs/api/pyproject.toml:7",
    });
    place.write({ "libs/core/pyproject.toml": project("core", ["api"]) });
    const circle = await place.run(["workspace", "graph"]);
    assert.match(circle.stdout, "circle: api -> core -> api\n");
    assert.is((await place.run(["install"])).exitCode, 0);
  }),
);

test(
  "add puts a folder into `members` in its span, and only where no glob leads to it",
  placed(async (place) => {
    const dry = await place.run(["workspace", "add", "apps/web", "--dry-run"]);
    assert.is(dry.stdout, " + web  apps/web\nWould add 1 member in pyproject.toml\n");
    assert.is(place.read("pyproject.toml"), ROOT);
    await place.run(["workspace", "add", "apps/web/", "libs/core"]);
    assert.is(place.read("pyproject.toml"), ROOT.replace("them\n", 'them\n  "apps/web",\n'));
    assert.equal(await names(place), ["web", "api", "core", "speed"]);
    assert.match((await place.run(["workspace", "add", "libs/core"])).stdout, /^Up to date/);
  }),
);

test(
  "add makes a project a workspace",
  placed(
    async (place) => {
      await place.run(["workspace", "add", "sub"]);
      assert.is(place.read("pyproject.toml"), `${project("app")}\n[tool.pybun.workspace]\nmembers = ["sub"]\n`);
      assert.equal(await names(place), ["app", "sub"]);
    },
    { "pyproject.toml": project("app"), "sub/pyproject.toml": project("sub") },
  ),
);

test(
  "a workspace that is written for uv is changed where it stands",
  placed(
    async (place) => {
      await place.run(["workspace", "add", "b"]);
      assert.is(place.read("pyproject.toml"), '[tool.uv.workspace]\nmembers = ["a", "b"]\n');
    },
    {
      "pyproject.toml": '[tool.uv.workspace]\nmembers = ["a"]\n',
      "a/pyproject.toml": project("a"),
      "b/pyproject.toml": project("b"),
    },
  ),
);

const refused: readonly (readonly [what: string, words: readonly string[], message: RegExp])[] = [
  ["what is no project", ["add", "libs"], /E_WORKSPACE_MEMBER.*there is no project in libs\n {2}nothing was changed/s],
  ["the root itself", ["add", "."], /E_WORKSPACE_MEMBER.*the folder of the workspace itself/s],
  ["a name that is taken", ["add", "double"], /E_PROJECT_INVALID.*two members of the workspace are called `core`/s],
  ["a workspace in it", ["add", "nested"], /E_PROJECT_INVALID.*is a workspace inside the workspace/s],
  [
    "one that others need",
    ["remove", "core"],
    /E_WORKSPACE_MEMBER.*`core` is needed by other members.*\n {2}api {2}libs\/api\/pyproject\.toml:5/s,
  ],
  ["nobody", ["remove", "cor"], /E_PROJECT_PART.*did you mean: `pybun workspace remove core`/s],
];
for (const [what, words, message] of refused)
  test(
    `${words[0]} of ${what} is refused and changes nothing`,
    placed(async (place) => {
      place.write({
        "double/pyproject.toml": project("core"),
        "nested/pyproject.toml": `${project("nested")}[tool.pybun.workspace]\nmembers = []\n`,
      });
      const { exitCode, stderr } = await place.run(["workspace", ...words]);
      assert.is(exitCode, 3);
      assert.match(stderr, message);
      assert.is(place.read("pyproject.toml"), ROOT);
    }),
  );

test(
  "remove excludes what a glob leads to, and add takes it in again",
  placed(async (place) => {
    await place.run(["workspace", "add", "apps/web"]);
    await place.run(["workspace", "remove", "web", "libs/api"]);
    assert.is(place.read("pyproject.toml"), `${ROOT}exclude = ["libs/api"]\n`);
    assert.equal(await names(place), ["core", "speed"]);
    await place.run(["workspace", "add", "libs/api"]);
    assert.equal(await names(place), ["api", "core", "speed"]);
    assert.ok(place.exists("libs/speed/pyproject.toml"));
  }),
);

// sync

test(
  "sync installs what the folder's member needs, --package another's, --all-packages everything",
  placed(async (place) => {
    await place.run(["lock"]);
    const cwd = path.join(place.cwd, "libs/speed");
    const installed = async (...words: string[]) =>
      (
        (await place.run(["--format=json", "sync", "--dry-run", ...words], { cwd })).json().data["installed"] as {
          name: string;
        }[]
      )
        .map(({ name }) => name)
        .join(" ");
    assert.equal(
      [await installed(), await installed("--package", "core"), await installed("--all-packages")],
      ["", "alpha", "alpha"],
    );
    const both = await place.run(["sync", "--all-packages", "--package", "core"], { cwd });
    assert.is(both.exitCode, 2);
  }),
);

// own-lock

test(
  "a member with a lock of its own has an environment of its own, and takes its neighbours from their folders",
  placed(async (place) => {
    const OWN = "[tool.pybun]\nown-lock = true\nsources.core = { workspace = true }\n";
    place.write({
      "libs/core/pyproject.toml": project("core", ["alpha<2"]),
      "libs/old/pyproject.toml": project("old", ["core", "beta"], OWN),
      "libs/api/pyproject.toml": project("api", ["core", "alpha"]),
    });
    const { stdout } = await place.run(["workspace", "list"]);
    assert.match(stdout, "  old    1.0  libs/old  own lock\n");
    await place.run(["lock"]);
    assert.not.match((await place.run(["lock", "--print"])).stdout, "beta");
    const cwd = path.join(place.cwd, "libs/old");
    const { stdout: said, stderr } = await place.run(
      ["run", "-c", "import importlib.metadata as m; print(*sorted(d.name for d in m.distributions()))"],
      { cwd },
    );
    assert.equal([said, stderr], ["alpha beta\n", ""]);
    assert.ok(fs.existsSync(path.join(cwd, "pybun.lockb")) && fs.existsSync(path.join(cwd, ".pybun/venv")));
    const lock = (await place.run(["lock", "--print"], { cwd })).stdout;
    assert.match(lock, /core/);
    assert.not.match(lock, "9.0");
    // The neighbour is the one in the folder: what it requires now counts.
    place.write({ "libs/core/pyproject.toml": project("core", []) });
    assert.is((await place.run(["lock", "--check"], { cwd })).exitCode, 1);
  }),
);

test.run();
