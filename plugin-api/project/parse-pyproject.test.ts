import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../error.ts";
import type { Demand } from "../model/requirement.ts";
import { parsePyproject } from "./parse-pyproject.ts";

const parse = (text: string) => parsePyproject(text, { file: "/p/pyproject.toml", shown: "pyproject.toml" });
const HEAD = '[project]\nname = "My.App"\nversion = "1.0"\n';
const shown = (demands: readonly Demand[] | undefined) => demands?.map(({ text, origin }) => `${origin} ${text}`);

test("a project's dependencies, extras and groups are read with the lines they stand on", () => {
  const project = parse(`${HEAD}requires-python = ">=3.9"
dependencies = [
  "rich>=13",   # one
  'Requests',
]

[project.optional-dependencies]
Fast_er = ["orjson"]

[dependency-groups]
test = ["pytest", { include-group = "Ty.Ping" }]
ty-ping = [
  "mypy",
]
`);
  assert.equal(
    [project.name, project.displayName, project.version, project.requiresPython],
    ["my-app", "My.App", "1.0", ">=3.9"],
  );
  assert.equal(shown(project.dependencies), ["pyproject.toml:6 rich>=13", "pyproject.toml:7 Requests"]);
  assert.equal(
    [...project.optional].map(([extra, list]) => [extra, shown(list)]),
    [["fast-er", ["pyproject.toml:11 orjson"]]],
  );
  assert.equal(shown(project.groups.get("test")), ["pyproject.toml:14 pytest", "pyproject.toml:16 mypy"]);
  assert.equal(project.dependencies[1]?.requirement.name, "requests");
  assert.is(project.isPackage, false);
});

test("a build system makes a package of it, unless the project says otherwise", () => {
  const build = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';
  assert.equal([parse(HEAD + build).isPackage, parse(HEAD + build).buildSystem?.backend], [true, "hatchling.build"]);
  assert.is(parse(`${HEAD}${build}[tool.pybun]\npackage = false\n`).isPackage, false);
  assert.is(parse(`${HEAD}[tool.uv]\npackage = true\n`).isPackage, true);
});

test("a group is in conflict with what those are that it includes", () => {
  const conflicts = (declared: string) =>
    parse(`${HEAD}
[dependency-groups]
all = [{ include-group = "dev" }, { include-group = "magic" }]
dev = [{ include-group = "test" }]
test = ["tox>4"]
magic = ["tox<4"]
[tool.uv]
conflicts = [${declared}]
`).options.conflicts.map((set) => set.map(({ kind, name, member }) => `${kind} ${name} ${member}`.trim()).join(" | "));
  assert.equal(conflicts('[{ group = "test" }, { group = "magic" }], [{ group = "dev" }, { group = "magic" }]'), [
    "group test | group magic",
    "group dev | group magic",
    "group test | group all",
    "group all | group magic",
    "group dev | group all",
  ]);
  assert.equal(conflicts('[{ package = "my-app", group = "dev" }, { extra = "gpu" }]'), [
    "group dev my-app | optional gpu",
    "group all my-app | optional gpu",
  ]);
  assert.equal(conflicts('[{ package = "other", group = "dev" }, { extra = "gpu" }]'), [
    "group dev other | optional gpu",
  ]);
});

test("options are ours, else uv's under its own names", () => {
  const { options, groups, defaultGroups } = parse(`${HEAD}
[tool.uv]
constraint-dependencies = ["a<2"]
override-dependencies = ["b==1"]
exclude-dependencies = ["C"]
dev-dependencies = ["ruff"]
default-groups = "all"
environments = "sys_platform == 'linux'"
conflicts = [[{ extra = "cpu" }, { group = "Gpu" }]]
fork-strategy = "fewest"
sources = { a = { index = "theirs" }, d = { url = "https://x.example/d.zip", subdirectory = "s" } }
[[tool.uv.dependency-metadata]]
name = "E"
version = "1"
requires-dist = ["f"]
[tool.pybun]
constraints = ["a<3"]
`);
  assert.equal(shown(options.constraints), ["pyproject.toml:20 a<3"]);
  assert.equal(shown(options.overrides), ["pyproject.toml:7 b==1"]);
  assert.equal(options.exclusions, ["c"]);
  assert.equal(shown(groups.get("dev")), ["pyproject.toml:9 ruff"]);
  assert.is(defaultGroups, "all");
  assert.equal(
    options.environments,
    ["sys_platform == 'linux'"].map((text) => text.replaceAll("'", '"')),
  );
  assert.equal(options.conflicts, [
    [
      { kind: "optional", name: "cpu", member: "" },
      { kind: "group", name: "gpu", member: "" },
    ],
  ]);
  assert.is(options.forkStrategy, "fewest");
  assert.equal(
    [...options.sources].map(([name, [first]]) => [name, first?.kind]),
    [
      ["a", "index"],
      ["d", "url"],
    ],
  );
  assert.equal(options.metadata, [
    { name: "e", version: "1", requiresDist: ["f"], requiresPython: "", providesExtra: [] },
  ]);
});

test("every kind of source is understood, several with their markers", () => {
  const { sources } = parse(`${HEAD}[tool.pybun.sources]
git = { git = "https://git.example/g.git", tag = "v1", subdirectory = "py" }
path = { path = "../lib", editable = true }
member = { workspace = true }
torch = [
  { index = "cpu", marker = "sys_platform == 'darwin'" },
  { index = "cuda", marker = "sys_platform == 'linux'", extra = "gpu" },
]
`).options;
  assert.equal(Object.fromEntries(sources), {
    git: [{ kind: "git", url: "https://git.example/g.git", reference: "v1", subdirectory: "py", marker: "" }],
    path: [{ kind: "path", path: "../lib", isEditable: true, marker: "" }],
    member: [{ kind: "workspace", marker: "" }],
    torch: [
      { kind: "index", index: "cpu", marker: 'sys_platform == "darwin"' },
      { kind: "index", index: "cuda", marker: 'sys_platform == "linux"', extra: "gpu" },
    ],
  });
});

const wrong: readonly (readonly [what: string, text: string, message: string | RegExp])[] = [
  ["no TOML", "[project\n", /^pyproject\.toml:1 is not TOML: /],
  ["no name", '[project]\nversion = "1"\n', "pyproject.toml:1 `[project]` has no `name`"],
  ["a name that is none", '[project]\nname = "-x"\n', "pyproject.toml:2 `-x` is not a valid package name"],
  ["a version that is none", '[project]\nname = "x"\nversion = "one"\n', "pyproject.toml:3 `one` is not a version"],
  [
    "a text for a list",
    `${HEAD}dependencies = "rich"\n`,
    "pyproject.toml:4 `project.dependencies` must be a list of texts",
  ],
  [
    "what is no requirement",
    `${HEAD}dependencies = [\n  "rich",\n  "!!",\n]\n`,
    /^pyproject\.toml:6 `!!` is not a valid/,
  ],
  ["a bad specifier", `${HEAD}requires-python = "3.9"\n`, /^pyproject\.toml:4 `3\.9` is not a valid version specifier/],
  [
    "given and dynamic",
    `${HEAD}dynamic = ["version"]\n`,
    "pyproject.toml:3 `version` is given, and listed as `dynamic` too",
  ],
  [
    "a group that is not there",
    `${HEAD}[dependency-groups]\na = [{ include-group = "b" }]\n`,
    /^pyproject\.toml:5 .*`b`/,
  ],
  [
    "groups in a circle",
    `${HEAD}[dependency-groups]\na = [{ include-group = "a" }]\n`,
    /^pyproject\.toml:5 .*each other/,
  ],
  [
    "two extras of one name",
    `${HEAD}[project.optional-dependencies]\na_b = []\na-b = []\n`,
    "pyproject.toml:6 two extras are called `a-b`",
  ],
  [
    "a source of no kind",
    `${HEAD}[tool.pybun.sources]\na = { rev = "x" }\n`,
    /^pyproject\.toml:5 the source of `a` must be/,
  ],
  [
    "a source of two kinds",
    `${HEAD}[tool.pybun.sources]\na = { git = "x", path = "y" }\n`,
    /^pyproject\.toml:5 .*names both `git` and `path`/,
  ],
  [
    "a source's unknown key",
    `${HEAD}[tool.pybun.sources]\na = { path = "y", rev = "1" }\n`,
    /^pyproject\.toml:5 .*`rev`, which means nothing/,
  ],
  [
    "sources without markers",
    `${HEAD}[tool.pybun.sources]\na = [{ path = "y" }, { path = "z" }]\n`,
    /^pyproject\.toml:5 .*needs a `marker`/,
  ],
  [
    "conflicts of another form",
    `${HEAD}[tool.pybun]\nconflicts = [{ extra = "a" }]\n`,
    /^pyproject\.toml:5 .*list of lists/,
  ],
  ["an environment that is no marker", `${HEAD}[tool.pybun]\nenvironments = ["linux"]\n`, /^pyproject\.toml:5 /],
];
for (const [what, text, message] of wrong)
  test(`${what} is refused with the line`, () => {
    assert.throws(
      () => parse(text),
      (error: PybunError) => {
        assert.is(error.code, "E_PROJECT_INVALID");
        if (typeof message === "string") assert.is(error.message, message);
        else assert.match(error.message, message);
        return true;
      },
    );
  });

test.run();
