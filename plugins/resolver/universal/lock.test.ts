import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Release } from "../../../test/harness/release.ts";
import { releases } from "../ask.fixture.ts";
import { edgesOf, forksOf, lock, meaning } from "./lock.fixture.ts";

const test = suite("locks for all environments");

const same = (actual: readonly string[], expected: readonly string[], pythons?: string): void =>
  assert.equal(meaning(actual, pythons), meaning(expected, pythons));
const python = (text: string, release: Release): Release => ({ ...release, "requires-python": text });
const wheels = (release: Release, ...tags: readonly string[]): Release => ({ ...release, tags });
const one = (line: string): Release => releases(line)[0]!;
const versions = (name: string, ...list: readonly string[]): Release[] =>
  list.map((version) => one(`${name} ${version}`));

test("one version of each package where one will do, with the places it is needed in", async () => {
  const index = releases(
    "app 1.0: win; sys_platform == 'win32', old; python_version < '3.8', both",
    "win 1.0: both; python_version < '3.10'",
    "both 1.0",
    "old 1.0",
  );
  const { packages, lock: made, index: asked } = await lock({ index, requires: ["app", "Both>=1; os_name != 'nt'"] });
  same(packages, ["app 1.0", "both 1.0", 'win 1.0; sys_platform == "win32"']);
  same(edgesOf(made), [
    "app -> both 1.0",
    'app -> win 1.0; sys_platform == "win32"',
    'win -> both 1.0; python_version < "3.10"',
  ]);
  assert.equal(made.forks, []);
  assert.equal(
    made.roots.map(({ requirement, marker }) => [requirement, marker]),
    [
      ["app", ""],
      ["Both>=1; os_name != 'nt'", 'sys_platform != "win32"'],
    ],
  );
  assert.not(asked.pages.includes("old"), "what no Python of the range needs is not asked for");
});

test("what is asked for in two ways is chosen for each", async () => {
  const { packages, lock: made } = await lock({
    index: [...versions("a", "1.0", "2.0"), one("b 1.0: a>1; sys_platform == 'linux', a<2; sys_platform != 'linux'")],
    requires: ["b"],
  });
  same(packages, ['a 1.0; sys_platform != "linux"', 'a 2.0; sys_platform == "linux"', "b 1.0"]);
  same(edgesOf(made), ['b -> a 1.0 <2; sys_platform != "linux"', 'b -> a 2.0 >1; sys_platform == "linux"']);
  same(forksOf(made), ['fork; sys_platform != "linux"', 'fork; sys_platform == "linux"']);
});

test("no fork is listed where all regions agree", async () => {
  const { packages, lock: made } = await lock({
    index: versions("a", "1.0", "2.0"),
    requires: ["a>=1; sys_platform == 'linux'", "a; sys_platform != 'linux'"],
  });
  same(packages, ["a 2.0"]);
  assert.equal(made.forks, []);
});

const numpy = [
  python(">=3.8", one("numpy 1.0")),
  python(">=3.9", one("numpy 2.0")),
  python(">=3.10", one("numpy 2.1")),
  python(">=3.11,<3.13", one("numpy 2.2")),
];

test("the newest release for each Python, or one for all", async () => {
  const newest = await lock({ index: numpy, requires: ["numpy"] });
  same(newest.packages, [
    'numpy 2.0; python_version == "3.9"',
    'numpy 2.1; python_version == "3.10"',
    'numpy 2.2; python_version >= "3.11"',
  ]);
  same(forksOf(newest.lock), [
    'fork; python_version >= "3.11"',
    'fork; python_version == "3.10"',
    'fork; python_version == "3.9"',
  ]);
  const fewest = await lock({ index: numpy, requires: ["numpy"], forkStrategy: "fewest" });
  same(fewest.packages, ["numpy 2.0"]);
  const later = await lock({ index: numpy, requires: ["numpy"], python: ">=3.11" });
  // An upper bound says nothing.
  same(later.packages, ["numpy 2.2"]);
});

test("a region prefers what others took, and keeps what was chosen before it came to be", async () => {
  const index = [
    ...versions("a", "1.0", "2.0"),
    one("b 1.0: c<2; sys_platform == 'linux', c>1; sys_platform != 'linux'"),
    one("c 1.0: a<2"),
    one("c 2.0"),
  ];
  const carried = await lock({ index, requires: ["a", "b"] });
  same(carried.packages.slice(0, 2), ['a 1.0; sys_platform == "linux"', 'a 2.0; sys_platform != "linux"']);
  const preferred = await lock({
    index: versions("a", "1.0", "2.0", "3.0"),
    requires: ["a<3; sys_platform == 'linux'", "a; sys_platform != 'linux'"],
  });
  same(preferred.packages, ["a 2.0"]);
});

const forked = [
  one("foo 1.0: bar==1; sys_platform == 'linux', bar==2; sys_platform != 'linux'"),
  ...versions("bar", "1", "2"),
];

test("a lock is kept: versions, forks, also when there is something newer", async () => {
  const first = await lock({ index: forked, requires: ["foo"] });
  const index = [...forked, one("foo 2.0: bar"), ...versions("bar", "3")];
  const again = await lock({ index, requires: ["foo"], previous: first.lock });
  assert.is(JSON.stringify(again.lock), JSON.stringify(first.lock));
  const upgraded = await lock({ index, requires: ["foo"], previous: first.lock, upgrade: true });
  same(upgraded.packages, ["bar 3", "foo 2.0"]);
  assert.equal(upgraded.lock.forks, []);
  const single = await lock({ index, requires: ["foo"], previous: first.lock, upgrade: ["foo"] });
  same(single.packages, ['bar 1; sys_platform == "linux"', 'bar 2; sys_platform != "linux"', "foo 2.0"]);
});

test("a previous lock for fewer Pythons is extended", async () => {
  const first = await lock({ index: numpy, requires: ["numpy"], python: ">=3.10" });
  same(first.packages, ['numpy 2.1; python_version < "3.11"', 'numpy 2.2; python_version >= "3.11"'], ">=3.10");
  const wider = await lock({ index: numpy, requires: ["numpy"], previous: first.lock });
  same(wider.packages, [
    'numpy 2.0; python_version == "3.9"',
    'numpy 2.1; python_version == "3.10"',
    'numpy 2.2; python_version >= "3.11"',
  ]);
});

test("a withdrawn release stays where it is locked, and is not taken anew", async () => {
  const index = [one("a 1.0"), { ...one("a 2.0"), yanked: "broken" }];
  assert.equal((await lock({ index, requires: ["a"] })).packages, ["a 1.0"]);
  const before = await lock({ index: versions("a", "1.0", "2.0"), requires: ["a"] });
  assert.equal((await lock({ index, requires: ["a"], previous: before.lock })).packages, ["a 2.0"]);
});

test("what one would not expect of a lock is told once", async () => {
  const { index } = await lock({
    index: [{ ...one("a 1.0"), yanked: "broken" }, ...versions("b", "1", "2")],
    requires: ["a[nope]==1.0", "b<2; sys_platform == 'linux'", "b>1; sys_platform != 'linux'"],
  });
  assert.equal(
    index.diagnostics().map(({ code, message }) => `${code} ${message}`),
    ["W_YANKED `a 1.0` was withdrawn by its publisher: broken", "W_EXTRA_MISSING `a 1.0` has no extra `nope`"],
  );
});

test("extras are packages of their own; those of a package may ask for each other", async () => {
  const index: Release[] = [
    { name: "a", version: "1.0", extras: { all: ["a[x,y]"], x: ["b; sys_platform == 'linux'"], y: ["c"] } },
    ...versions("b", "1.0"),
    ...versions("c", "1.0"),
  ];
  const { packages, lock: made } = await lock({ index, requires: ["a[all]; python_version >= '3.10'", "a"] });
  same(packages, [
    "a 1.0",
    'b 1.0; python_version >= "3.10" and sys_platform == "linux"',
    'c 1.0; python_version >= "3.10"',
  ]);
  assert.equal(made.packages[0]!.extras, ["all", "x", "y"]);
  same(edgesOf(made), [
    'a -> a[x,y] 1.0; extra == "all"',
    'a -> b 1.0; sys_platform == "linux" and extra == "x"',
    'a -> c 1.0; extra == "y"',
  ]);
});

test("extras and groups that conflict are resolved apart", async () => {
  const index = [one("base 1.0: dep"), ...versions("dep", "1.0", "2.0"), one("a 1.0: dep<2"), one("a 2.0: dep")];
  const asked = { index, requires: ["base"], optional: { cpu: ["a==1"] }, groups: { gpu: ["a==2"] } };
  const together = await lock(asked);
  assert.is(together.error?.code, "E_RESOLVE_CONFLICT");
  const { packages, lock: made } = await lock({ ...asked, conflicts: [["cpu", "group:gpu"]] });
  same(packages, [
    'a 1.0; "cpu" in extras',
    'a 2.0; "gpu" in dependency_groups',
    "base 1.0",
    'dep 1.0; "cpu" in extras',
    'dep 2.0; "cpu" not in extras',
  ]);
  assert.equal(
    made.roots.map(({ owner, to, marker }) => [owner.name, made.packages[to]!.version, marker]),
    [
      ["", "1.0", ""],
      ["cpu", "1.0", ""],
      ["gpu", "2.0", ""],
    ],
  );
});

test("environments narrow the lock", async () => {
  const index = releases("a 1.0: win; sys_platform == 'win32', mac; sys_platform == 'darwin'", "win 1.0", "mac 1.0");
  const environments = ["sys_platform == 'linux'", "sys_platform == 'darwin'"];
  const { packages, lock: made } = await lock({ index, requires: ["a"], environments });
  same(packages, ["a 1.0", 'mac 1.0; sys_platform != "linux"']);
  same(forksOf(made), ['fork; sys_platform == "darwin" or sys_platform == "linux"']);
  const again = await lock({ index, requires: ["a"], environments, previous: made });
  assert.is(JSON.stringify(again.lock), JSON.stringify(made));
  const wider = await lock({ index, requires: ["a"], previous: made });
  same(wider.packages, ["a 1.0", 'mac 1.0; sys_platform == "darwin"', 'win 1.0; sys_platform == "win32"']);
});

const linuxOnly = wheels(one("a 2.0"), "py3-none-manylinux2014_x86_64");
const anyWhere = wheels(one("a 1.0"), "py3-none-win_amd64", "py3-none-manylinux2014_x86_64");

test("a required environment has a wheel, or something to build", async () => {
  const index = [anyWhere, linuxOnly];
  assert.equal((await lock({ index, requires: ["a"] })).packages, ["a 2.0"]);
  const requiredEnvironments = ["sys_platform == 'win32'"];
  const { packages } = await lock({ index, requires: ["a"], requiredEnvironments });
  same(packages, ['a 1.0; sys_platform == "win32"', 'a 2.0; sys_platform != "win32"']);
  const built = await lock({ index: [anyWhere, { ...linuxOnly, sdist: true }], requires: ["a"], requiredEnvironments });
  same(built.packages, ["a 2.0"]);
  const { error } = await lock({ index: [linuxOnly], requires: ["a"], requiredEnvironments });
  assert.match(error!.message, /^a 2\.0 has no wheel for the required environment `sys_platform == 'win32'`/);
});

test("an environment is not required where nothing asks for the package", async () => {
  const requiredEnvironments = ["sys_platform == 'win32'"];
  const asked = { index: [linuxOnly, one("b 1.0: a; sys_platform == 'win32'")], requiredEnvironments };
  const { packages } = await lock({ ...asked, requires: ["a; sys_platform == 'linux'"] });
  same(packages, ['a 2.0; sys_platform == "linux"']);
  const { error } = await lock({ ...asked, requires: ["a; sys_platform == 'linux'", "b"] });
  assert.is(error?.code, "E_RESOLVE_MISSING", "also when the package was chosen before");
});

test("a local version is taken where it has wheels, its public version elsewhere", async () => {
  const index = [
    wheels(one("torch 2.0"), "cp312-none-macosx_11_0_arm64"),
    wheels(one("torch 2.0+cpu"), "cp312-cp312-manylinux_2_17_x86_64", "cp312-cp312-win_amd64"),
    one("vision 1.0: torch==2.0"),
  ];
  const { packages } = await lock({ index, requires: ["vision"], python: "==3.12.*" });
  same(packages.slice(0, 2), ['torch 2.0; sys_platform == "darwin"', 'torch 2.0+cpu; sys_platform != "darwin"']);
});

test("files that no environment of the lock could install are left out", async () => {
  const tags = [
    "cp38-cp38-manylinux2014_x86_64",
    "cp39-abi3-musllinux_1_1_i686",
    "cp312-cp312-manylinux2014_aarch64",
    "cp312-cp312-win_amd64",
    "pp310-pypy310_pp73-macosx_10_9_x86_64",
    "py2-none-any",
  ];
  const a = { ...wheels(one("a 1.0"), ...tags), sdist: true };
  const files = async (marker: string): Promise<readonly string[]> => {
    const { lock: made } = await lock({ index: [a], requires: [`a${marker}`] });
    return made.packages[0]!.files.map(({ filename }) => filename.replace(/^a-1\.0-?/, "").replace(/\.whl$/, ""));
  };
  assert.equal(await files(""), [tags[2], tags[3], tags[1], tags[4], ".tar.gz"]);
  assert.equal(await files("; sys_platform == 'linux' and platform_machine == 'x86_64'"), [tags[1], ".tar.gz"]);
  assert.equal(await files("; python_version < '3.12' and sys_platform == 'win32'"), [".tar.gz"]);
  const { lock: hopeless } = await lock({
    index: [wheels(one("a 1.0"), "py3-none-win_amd64")],
    requires: ["a; sys_platform == 'linux'"],
  });
  assert.is(hopeless.packages[0]!.files.length, 1, "what there is, where nothing fits");
});

test("constraints divide where they hold in part, overrides and exclusions are carried out", async () => {
  const index = [...versions("a", "1.0", "2.0"), one("b 1.0: a>=3, junk"), ...versions("junk", "1.0")];
  const limited = await lock({
    index,
    requires: ["a"],
    constraints: ["a<2; sys_platform == 'win32'", "a>1; sys_platform != 'win32'"],
  });
  same(limited.packages, ['a 1.0; sys_platform == "win32"', 'a 2.0; sys_platform != "win32"']);
  const overridden = await lock({
    index,
    requires: ["b"],
    overrides: ["a==1.0; sys_platform == 'linux'", "a>1; sys_platform != 'linux'"],
    exclusions: ["junk"],
  });
  same(overridden.packages, ['a 1.0; sys_platform == "linux"', 'a 2.0; sys_platform != "linux"', "b 1.0"]);
});

test("extras that an override adds to what the project asks for are asked for in the lock", async () => {
  const index = [{ ...one("b 1.0"), extras: { x: ["a"] } }, one("a 1.0")];
  const { packages, lock: made } = await lock({ index, requires: ["b"], overrides: ["b[x]==1.0"] });
  same(packages, ["a 1.0", "b 1.0"]);
  assert.equal(
    made.roots.map(({ requirement }) => requirement),
    ["b[x]"],
  );
});

test("direct references hold where their marker does", async () => {
  const url = "https://files.example/a-5.0.tar.gz";
  const { packages, lock: made } = await lock({
    index: { company: versions("a", "1.0"), [url]: [one("a 5.0: b")], other: versions("b", "1.0") },
    requires: [`a @ ${url} ; sys_platform == 'linux'`, "a; sys_platform != 'linux'"],
  });
  same(packages, [
    'a 1.0; sys_platform != "linux"',
    'a 5.0; sys_platform == "linux"',
    'b 1.0; sys_platform == "linux"',
  ]);
  assert.equal(
    made.packages.map(({ source }) => source.kind),
    ["index", "url", "index"],
  );
});

test("members of a workspace are siblings of nothing but their own requirements", async () => {
  const { packages } = await lock({
    index: [...versions("a", "1.0", "2.0"), ...versions("c", "1.0")],
    members: { first: ["a<2; sys_platform == 'linux'", "a>=2; sys_platform != 'linux'"], second: ["a", "c"] },
  });
  same(packages, ['a 1.0; sys_platform == "linux"', 'a 2.0; sys_platform != "linux"', "c 1.0"]);
});

test("a conflict in one region says in which", async () => {
  const index = [one("a 1.0: b, c"), one("a 2.0"), one("b 1.0: d==1"), one("c 1.0: d==2"), ...versions("d", "1", "2")];
  const { error } = await lock({
    index,
    requires: ["a>=2; sys_platform != 'win32'", "a<2; python_version >= '3.13' and sys_platform == 'win32'"],
  });
  assert.is(error?.code, "E_RESOLVE_CONFLICT");
  assert.is(
    error?.message,
    "what `a<2; python_version >= '3.13' and sys_platform == 'win32'` requires needs different versions of d",
  );
  assert.is(error?.detail.evidence?.at(-1), "only for Python >=3.13 on Windows");
  const everywhere = await lock({ index, requires: ["a<2"] });
  assert.not(everywhere.error?.detail.evidence?.some((line) => line.startsWith("only for")));
});

test("a conflict on the project's oldest Python alone goes away with that", async () => {
  const index = [one("a 1.0: b<2; python_version < '3.10', b>=1"), ...versions("b", "1.0", "2.0")];
  const { error } = await lock({ index, requires: ["a", "b>=2"] });
  assert.is(error?.detail.evidence?.at(-1), "only for Python <3.10 (any platform)");
  assert.equal(error?.detail.hints?.at(-1), "or raise `requires-python` to `>=3.10` (gives b 2.0)");
});

test("a package that needs newer Pythons than the project", async () => {
  const { error } = await lock({ index: numpy, requires: ["numpy>=2.1"], forkStrategy: "fewest" });
  assert.is(error?.code, "E_RESOLVE_PYTHON");
  assert.is(error?.message, "numpy 2.1 requires Python >=3.10, but the project allows Python 3.9 and later");
  assert.ok(
    error?.detail.hints?.some((hint) => hint.includes("`requires-python`") && hint.includes(">=3.10")),
    error?.detail.hints?.join(),
  );
});

test("each page and each metadata is fetched once for all regions", async () => {
  const { index } = await lock({ index: forked, requires: ["foo"] });
  assert.equal([...index.pages].sort(), ["bar", "foo"]);
  assert.equal([...index.metadata].sort(), ["bar 1", "bar 2", "foo 1.0"]);
});

test("an extra that asks for itself under a marker comes to an end", async () => {
  const linux = "sys_platform == 'linux'";
  const { packages } = await lock({
    index: [
      {
        name: "a",
        version: "2",
        requires: [`a[x]; ${linux}`, `b; sys_platform != 'linux'`],
        extras: { x: [`a[x]<3; ${linux}`] },
      },
      { name: "b", version: "1" },
    ],
    requires: ["a"],
  });
  assert.equal(packages, ["a 2", 'b 1; sys_platform != "linux"']);
});

test.run();
