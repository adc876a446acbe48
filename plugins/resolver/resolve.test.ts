import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { type Asked, ask, releases } from "./ask.fixture.ts";

const test = suite("resolver");

test("a resolution says which file, from where, for whom", async () => {
  const { resolution, index } = await ask({
    index: [
      ...releases("app 1.0: lib[fast]>=1, tool; sys_platform == 'win32'"),
      { name: "lib", version: "1.5", extras: { fast: ["speedups<2"] }, sdist: true },
      ...releases("speedups 1.0", "speedups 2.0", "tool 1.0"),
    ],
    demands: ["app"],
  });
  const facts = resolution?.pins.map(({ name, version, extras, dependencies, isDirect, source, file }) => [
    `${name} ${version} ${file.filename}`,
    extras,
    dependencies.map((edge) => `${edge.name}[${edge.extras.join()}]${edge.specifier}`),
    isDirect,
    source,
  ]);
  const source = { kind: "index", index: "company" };
  assert.equal(facts, [
    ["app 1.0 app-1.0-py3-none-any.whl", [], ["lib[fast]>=1"], true, source],
    ["lib 1.5 lib-1.5-py3-none-any.whl", ["fast"], ["speedups[]<2"], false, source],
    ["speedups 1.0 speedups-1.0-py3-none-any.whl", [], [], false, source],
  ]);
  assert.equal(index.diagnostics(), []);
  assert.equal(
    index.events.filter((event) => event.type !== "ResolveProgress"),
    [
      { type: "ResolveStart", requirements: 1 },
      { type: "ResolveComplete", packages: 3, from_cache: false },
    ],
  );
});

interface Case extends Asked {
  readonly title: string;
  readonly pins: readonly string[];
}

const wheel = (name: string, version: string, more: object = {}) => ({ name, version, ...more });
const MIXED = releases("a 1.0", "a 2.0", "a 3.0rc1", "b 1.0: a");
const PLATFORMS = [
  wheel("a", "1.0"),
  wheel("a", "2.0", { tags: ["cp311-cp311-manylinux_2_17_x86_64", "cp312-cp312-win_amd64"], sdist: true }),
];
const EXTRAS = [
  wheel("a", "1.0", { extras: { all: ["a[x,y]"], x: ["x"], y: ["y; python_version < '3'"] } }),
  ...releases("x 1.0", "y 1.0"),
];
const DATED = [
  wheel("a", "1.0", { uploaded: "2020-01-01T00:00:00Z" }),
  wheel("a", "2.0", { uploaded: "2021-01-01T00:00:00Z" }),
];

const cases: readonly Case[] = [
  { title: "the highest version by default", index: MIXED, demands: ["b"], pins: ["a 2.0", "b 1.0"] },
  {
    title: "the lowest of all",
    index: MIXED,
    demands: ["b"],
    policy: { resolution: "lowest" },
    pins: ["a 1.0", "b 1.0"],
  },
  {
    title: "the lowest of what was asked for, the highest of the rest",
    index: [...MIXED, ...releases("b 2.0: a", "b 3.0: a")],
    demands: ["b>=2"],
    policy: { resolution: "lowest-direct" },
    pins: ["a 2.0", "b 2.0"],
  },
  { title: "a pre-release where nothing else fits", index: MIXED, demands: ["a>2"], pins: ["a 3.0rc1"] },
  { title: "no pre-release for being named", index: MIXED, demands: ["a>=2.0rc1"], pins: ["a 2.0"] },
  {
    title: "pre-releases like others where that is said",
    index: MIXED,
    demands: ["b"],
    policy: { prerelease: "allow" },
    pins: ["a 3.0rc1", "b 1.0"],
  },
  {
    title: "explicit pre-releases for whom they are named",
    index: [...releases("c 1.0rc1", "a 3.0rc1")],
    demands: ["a>=3.0rc1"],
    policy: { prerelease: "explicit" },
    pins: ["a 3.0rc1"],
  },
  {
    title: "a yanked version that is pinned by a constraint",
    index: [wheel("a", "1.0"), wheel("a", "2.0", { yanked: true })],
    demands: ["a"],
    constraints: ["a==2.0"],
    pins: ["a 2.0"],
  },
  {
    title: "of a pinned version no yanked build that was not asked for by its name",
    index: [wheel("a", "1.0"), wheel("a", "1.0+x", { yanked: true })],
    demands: ["a==1.0"],
    pins: ["a 1.0"],
  },
  {
    title: "but one that was",
    index: [wheel("a", "1.0"), wheel("a", "1.0+x", { yanked: true })],
    demands: ["a>=1", "a==1.0+x"],
    pins: ["a 1.0+x"],
  },
  {
    title: "no yanked version where the pin is one of several limits",
    index: [wheel("a", "1.0", { yanked: true }), ...releases("b 1.0", "b 2.0: a")],
    demands: ["b"],
    constraints: ["a==1.0,>0.5"],
    pins: ["b 1.0"],
  },
  {
    title: "a yanked version that is in the lock",
    index: [wheel("a", "1.0"), wheel("a", "2.0", { yanked: true })],
    demands: ["a"],
    preferences: { a: "2.0" },
    pins: ["a 2.0"],
  },
  {
    title: "the version of the lock",
    index: MIXED,
    demands: ["b"],
    preferences: { a: "1.0" },
    pins: ["a 1.0", "b 1.0"],
  },
  {
    title: "another where that does not fit",
    index: MIXED,
    demands: ["a>1"],
    preferences: { a: "1.0" },
    pins: ["a 2.0"],
  },
  {
    title: "a constraint limits what is needed",
    index: MIXED,
    demands: ["b"],
    constraints: ["a<2", "unknown>1", "b>5; sys_platform == 'win32'"],
    pins: ["a 1.0", "b 1.0"],
  },
  {
    title: "an override replaces everybody's requirement, but not the extras",
    index: [...EXTRAS, ...releases("a 2.0", "b 1.0: a[x]>=2")],
    demands: ["b", "a>=2"],
    overrides: ["a==1.0"],
    pins: ["a 1.0", "b 1.0", "x 1.0"],
  },
  {
    title: "an override for another platform takes the requirement away",
    index: MIXED,
    demands: ["b"],
    overrides: ["a==1.0; sys_platform == 'win32'"],
    pins: ["b 1.0"],
  },
  {
    title: "an extra that names others of its own package",
    index: EXTRAS,
    demands: ["a[ALL]"],
    pins: ["a 1.0", "x 1.0"],
  },
  {
    title: "one version for a package and its extras",
    index: [
      wheel("a", "2.0", { extras: { x: ["b<2"] } }),
      wheel("a", "1.0", { extras: { x: ["b"] } }),
      ...releases("b 2.0", "b 1.0"),
    ],
    demands: ["a[x]", "b>=2"],
    pins: ["a 1.0", "b 2.0"],
  },
  { title: "a source distribution rather than an older wheel", index: PLATFORMS, demands: ["a"], pins: ["a 2.0"] },
  {
    title: "the older wheel on request",
    index: PLATFORMS,
    demands: ["a"],
    policy: { prefersBinary: true },
    pins: ["a 1.0"],
  },
  { title: "no builds at all", index: PLATFORMS, demands: ["a"], policy: { noBuild: [":all:"] }, pins: ["a 1.0"] },
  { title: "no builds of one package", index: PLATFORMS, demands: ["a"], policy: { noBuild: ["a"] }, pins: ["a 1.0"] },
  { title: "no wheels of one package", index: PLATFORMS, demands: ["a"], policy: { noBinary: ["a"] }, pins: ["a 2.0"] },
  {
    title: "nothing from after the cut-off",
    index: DATED,
    demands: ["a"],
    policy: { excludeNewerMs: Date.UTC(2020, 5, 1) },
    pins: ["a 1.0"],
  },
  {
    title: "a file of the very moment of the cut-off",
    index: DATED,
    demands: ["a"],
    policy: { excludeNewerMs: Date.UTC(2021, 0, 1) },
    pins: ["a 2.0"],
  },
  {
    title: "an upper bound on Python alone excludes nothing",
    index: [wheel("a", "1.0"), wheel("a", "2.0", { "requires-python": ">=3.8,<3.12" })],
    demands: ["a"],
    pins: ["a 2.0"],
  },
  {
    title: "but Python 2 is another language",
    index: [wheel("a", "1.0"), wheel("a", "2.0", { "requires-python": ">=2.7,<3" })],
    demands: ["a"],
    pins: ["a 1.0"],
  },
  {
    title: "a hole in the supported Pythons counts",
    index: [wheel("a", "1.0"), wheel("a", "2.0", { "requires-python": ">=3.8,!=3.12.*" })],
    demands: ["a"],
    pins: ["a 1.0"],
  },
  {
    title: "a release candidate of Python runs what its release will",
    index: [wheel("a", "1.0"), wheel("a", "2.0", { "requires-python": ">=3.14" })],
    demands: ["a"],
    python: "3.14.0rc2",
    pins: ["a 2.0"],
  },
  {
    title: "arbitrary equality compares texts",
    index: releases("a 1.0", "a 1.0.post1"),
    demands: ["a===1.0"],
    pins: ["a 1.0"],
  },
  {
    title: "a local version for a public requirement",
    index: releases("a 1.0", "a 1.0+cpu", "a 1.1"),
    demands: ["a==1.0"],
    pins: ["a 1.0+cpu"],
  },
  {
    title: "several indexes together, the newest of all",
    index: { first: releases("a 1.0", "a 3.0"), second: releases("a 2.0", "a 4.0: b"), third: releases("b 1.0") },
    demands: ["a<4.5"],
    pins: ["a 4.0", "b 1.0"],
  },
];
for (const { title, pins, ...asked } of cases) {
  test(title, async () => {
    const answer = await ask(asked);
    assert.equal(answer.pins, pins, answer.error?.message);
  });
}

test("of a version on two indexes the first index's file, unless the other fits better", async () => {
  const native = ["cp312-cp312-manylinux_2_17_x86_64"];
  const index = {
    first: [wheel("a", "1.0"), wheel("b", "1.0")],
    second: [wheel("a", "1.0"), wheel("b", "1.0", { tags: native })],
  };
  const { resolution } = await ask({ index, demands: ["a", "b"] });
  assert.equal(
    resolution?.pins.map((pin) => pin.source),
    [
      { kind: "index", index: "first" },
      { kind: "index", index: "second" },
    ],
  );
});

test("the best wheel of a release, and of equal ones the higher build number", async () => {
  const tags = ["py3-none-any", "cp312-abi3-manylinux_2_17_x86_64", "cp312-cp312-manylinux_2_28_x86_64"];
  const index = [
    wheel("a", "1.0", { tags }),
    wheel("b", "1.0", { build: "9" }),
    wheel("b", "1.0", { build: "10", sdist: true }),
  ];
  const { resolution } = await ask({ index, demands: ["a", "b"] });
  assert.equal(
    resolution?.pins.map((pin) => pin.file.filename),
    ["a-1.0-cp312-cp312-manylinux_2_28_x86_64.whl", "b-1.0-10-py3-none-any.whl"],
  );
});

const URL = "https://files.example/special/a.whl";
test("a direct reference is the only candidate, for others too", async () => {
  const index = { company: releases("a 1.0", "a 3.0", "b 1.0: a>=2"), [URL]: releases("a 2.0+special") };
  const { pins, resolution } = await ask({ index, demands: [`a @ ${URL}`, "b"] });
  assert.equal(pins, ["a 2.0+special", "b 1.0"]);
  assert.equal(resolution?.pins[0]?.source, { kind: "url", url: URL });
});

test("a package may not bring in a direct reference that the user did not give", async () => {
  const index = { company: releases(`b 1.0: a @ ${URL}`, "a 1.0"), [URL]: releases("a 2.0") };
  const { error } = await ask({ index, demands: ["b"] });
  assert.is(error?.message, `\`a\` is required from ${URL}, which only your own requirements may do`);
  assert.equal((await ask({ index, demands: ["b", `a @ ${URL}`] })).pins, ["a 2.0", "b 1.0"]);
});

test("two direct references for one package", async () => {
  const other = `${URL}?other`;
  const { error } = await ask({ index: { [URL]: releases("a 1.0") }, demands: [`a @ ${URL}`, `a @ ${other}`] });
  assert.is(error?.message, `\`a\` is required from ${other}, but also from ${URL}`);
});

test("says which packages mattered, unless more than their pages did", async () => {
  const index = { company: releases("a 1.0: b", "a 2.0: c>1", "b 1.0", "c 1.0", "d 1.0"), [URL]: releases("d 2.0") };
  const { resolution } = await ask({ index, demands: ["a"] });
  assert.equal(
    resolution?.consulted?.map(({ name }) => name),
    ["a", "c", "b"],
  );
  assert.ok((await ask({ index, demands: ["a"], overrides: [`d @ ${URL}`] })).resolution?.consulted);
  assert.is((await ask({ index, demands: ["a", `d @ ${URL}`] })).resolution?.consulted, undefined);
  const failure = ({ name, version }: { name: string; version: string }) =>
    name === "a" && version === "2.0" ? new PybunError("E_BUILD_FAILED", "no compiler") : undefined;
  assert.is((await ask({ index, demands: ["a"], failure })).resolution?.consulted, undefined);
});

test("nothing to do", async () => {
  const answer = await ask({ index: [], demands: ["a; sys_platform == 'win32'"] });
  assert.equal([answer.pins, answer.index.pages], [[], []]);
});

test("says when something is built, withdrawn, skipped or lacks an extra", async () => {
  const { index, pins } = await ask({
    index: [
      wheel("windows", "1.0", { tags: ["cp312-cp312-win_amd64"], sdist: true }),
      wheel("old", "1.0", { tags: ["cp36-cp36m-manylinux_2_17_x86_64"], sdist: true }),
      wheel("pinned", "1.0", { yanked: "breaks" }),
      ...releases("broken 1.0", "broken 2.0: not a requirement"),
    ],
    demands: ["windows", "old", "pinned==1.0", "broken[nope]"],
  });
  assert.equal(pins, ["broken 1.0", "old 1.0", "pinned 1.0", "windows 1.0"]);
  assert.equal(
    index.diagnostics().map(({ code, message }) => `${code}: ${message}`),
    [
      "W_RELEASE_SKIPPED: broken 2.0 can't be used, 1.0 is taken",
      "W_EXTRA_MISSING: `broken 1.0` has no extra `nope`",
      "W_ABI_FALLBACK: old 1.0 is built from source, its wheels for linux x86_64 are for other Pythons than CPython 3.12",
      "W_YANKED: `pinned 1.0` was withdrawn by its publisher: breaks",
      "W_SDIST_FALLBACK: windows 1.0 is built from source, no wheel fits CPython 3.12 on linux x86_64",
    ],
  );
});

test("a source distribution that was asked for is not warned about", async () => {
  const index = [wheel("a", "1.0", { sdist: true })];
  const answer = await ask({ index, demands: ["a"], policy: { noBinary: ["a"] } });
  assert.equal([answer.pins, answer.index.diagnostics()], [["a 1.0"], []]);
});

test("a release whose metadata can't be had is passed over", async () => {
  for (const code of ["E_BUILD_FAILED", "E_NO_HANDLER"]) {
    const answer = await ask({
      index: [wheel("a", "1.0"), wheel("a", "2.0", { tags: [], sdist: true })],
      demands: ["a"],
      failure: ({ version }) => (version === "2.0" ? new PybunError(code, "no compiler") : undefined),
    });
    assert.equal(answer.pins, ["a 1.0"]);
    assert.equal(answer.index.diagnostics()[0]?.causes, ["no compiler"]);
  }
});

test("a release that nobody admits is not said to be skipped", async () => {
  const broken = { name: "a", version: "2.0", requires: ["not a requirement"] };
  const index = [broken, ...releases("a 1.0", "b 1.0: a<2")];
  const answer = await ask({ index, demands: ["a", "b"] });
  assert.equal([answer.pins, answer.index.diagnostics()], [["a 1.0", "b 1.0"], []]);
});

test("a network that fails ends the resolution", async () => {
  const failure = () => new PybunError("E_NETWORK", "refused");
  const { error } = await ask({ index: releases("a 1.0"), demands: ["a"], failure });
  assert.is(error?.code, "E_NETWORK");
});

test("metadata that requires another Python than the page said", async () => {
  const index = releases("a 1.0", "a 2.0");
  const answer = await ask({
    index,
    demands: ["a"],
    failure: (release) => {
      // The page was made before: only the metadata sees this.
      if (release.version === "2.0") Object.assign(release, { "requires-python": ">=3.13" });
      return undefined;
    },
  });
  assert.equal(answer.pins, ["a 1.0"]);
});

test.run();
