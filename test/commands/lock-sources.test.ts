import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeRepository, projectFiles } from "../harness/git-repository.ts";
import { startIndex } from "../harness/index-server.ts";
import { lockedVersions, lockIn, projectText } from "../harness/lock-scene.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "b", version: "1.0" },
    { name: "lib", version: "9.0" },
    { name: "second", version: "9.0" },
    { name: "wants-core", version: "1.0", requires: ["core>=7"] },
  ],
});
const cpu = await startIndex({ packages: [{ name: "tensor", version: "1.0+cpu" }] });
const cuda = await startIndex({ packages: [{ name: "tensor", version: "2.0+cuda" }] });
index.add({ name: "tensor", version: "3.0" });
test.after(async () => {
  for (const each of [index, cpu, cuda]) await each.stop();
});
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

interface Root {
  readonly requirement: string;
  readonly package: string;
}
interface Decoded {
  readonly roots: readonly Root[];
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly marker: string;
    readonly source: { readonly commit?: string; readonly subdirectory?: string };
  }[];
}
const decoded = async (place: Place, ...words: string[]): Promise<Decoded> =>
  JSON.parse((await place.run(["lock", "--json", ...words])).stdout) as Decoded;

const table = (lines: string): string => `[tool.pybun.sources]\n${lines}\n`;
const lib = (version: string, requires: readonly string[] = [], more = ""): string =>
  `[project]\nname = "lib"\nversion = "${version}"\ndependencies = ${JSON.stringify(requires)}\n${more}`;

// what is asked for of a version holds for what lies at the source, too

test(
  "what a source holds has to be of a version that is asked for",
  placed(async (place) => {
    place.write({
      "app/pyproject.toml": projectText(["lib>=3,<4"], table('lib = { path = "../lib" }')),
      "lib/pyproject.toml": lib("3.1"),
    });
    await lockIn(place, "--project", "app");
    const { roots } = await decoded(place, "--file", "app/pybun.lockb");
    assert.equal(
      roots.map(({ requirement }) => requirement),
      ["lib>=3,<4"],
    );
    place.write({ "lib/pyproject.toml": lib("5.0") });
    const { exitCode, stderr } = await place.run(["lock", "--project", "app"]);
    assert.is(exitCode, 4, stderr);
    assert.match(stderr, /lib/);
    assert.match(stderr, /app\/pyproject\.toml:5/);
  }),
);

const BACKEND = `import os


def prepare_metadata_for_build_wheel(directory, config_settings=None):
    with open("asked.txt", "a") as file:
        file.write("x")
    os.mkdir(os.path.join(directory, "core-7.5.dist-info"))
    with open(os.path.join(directory, "core-7.5.dist-info", "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.3\\nName: core\\nVersion: 7.5\\n")
    return "core-7.5.dist-info"


def build_wheel(directory, config_settings=None, metadata_directory=None):
    raise SystemExit("nobody asked for a wheel")
`;

test(
  "the version of a member that only its backend knows is asked there, once, and what packages say of it is held to it",
  placed(async (place) => {
    place.write({
      "pyproject.toml": projectText(["core>=7", "wants-core"], '[tool.pybun.workspace]\nmembers = ["core"]\n', "root"),
      "core/pyproject.toml":
        '[project]\nname = "core"\nrequires-python = ">=3.9"\ndynamic = ["version"]\n' +
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
      "core/backend.py": BACKEND,
    });
    await lockIn(place);
    assert.equal(await lockedVersions(place), { core: "7.5", "wants-core": "1.0" });
    assert.is(place.read("core/asked.txt"), "x");
    assert.match(await lockIn(place), "Up to date");
    place.write({
      "pyproject.toml": projectText(["core>=8"], '[tool.pybun.workspace]\nmembers = ["core"]\n', "root"),
    });
    assert.is((await place.run(["lock"])).exitCode, 4);
  }),
);

// sources of what is required from a folder or a repository

test(
  "a folder's own sources count, and those of the folders they lead to",
  placed(async (place) => {
    place.write({
      "app/pyproject.toml": projectText(["lib"], table('lib = { path = "../lib" }')),
      "lib/pyproject.toml": lib(
        "1.0",
        ["second>=2; python_version >= '3'"],
        '[tool.uv.sources]\nsecond = { path = "../second" }\n',
      ),
      "second/pyproject.toml":
        '[project]\nname = "second"\nversion = "2.0"\ndependencies = ["third"]\n[tool.uv.sources]\nthird = { workspace = true }\n[tool.uv.workspace]\nmembers = ["third"]\n',
      "second/third/pyproject.toml": '[project]\nname = "third"\nversion = "3.0"\ndependencies = ["b"]\n',
    });
    await lockIn(place, "--project", "app");
    assert.equal(await lockedVersions(place, "--file", "app/pybun.lockb"), {
      b: "1.0",
      lib: "1.0",
      second: "2.0",
      third: "3.0",
    });
    assert.match(await lockIn(place, "--project", "app"), "Up to date");
  }),
);

test(
  "the same holds where one environment is resolved for",
  placed(async (place) => {
    place.write({
      ...files("lib/", { name: "lib", version: "1.0", requires: ["second"] }, table('second = { path = "../second" }')),
      ...files("second/", { name: "second", version: "2.0" }),
    });
    const words = ["run", "--with", "./lib", "-c", "import second; print(second.version)"];
    const { stdout, stderr } = await place.run(words);
    assert.equal([stdout, stderr], ["2.0\n", ""]);
  }),
);

function files(below: string, release: Parameters<typeof projectFiles>[0], more = ""): Record<string, string> {
  const all = projectFiles(release, below) as Record<string, string>;
  const pyproject = `${below}pyproject.toml`;
  return { ...all, [pyproject]: `${all[pyproject]}\n${more}` };
}

test(
  "a repository's sources lead to other folders of it, not out of it",
  placed(async (place) => {
    const repository = makeRepository(path.join(place.root, "served", "mono"));
    const lines = (where: string) => table(`second = { path = "${where}" }`);
    repository.commit({
      "one/pyproject.toml": lib("1.0", ["second"], lines("../two")),
      "two/pyproject.toml": '[project]\nname = "second"\nversion = "2.0"\n',
    });
    const source = `lib = { git = "${repository.url.slice("git+".length)}", branch = "main", subdirectory = "one" }`;
    place.write({ "pyproject.toml": projectText(["lib"], table(source)) });
    await lockIn(place);
    const { packages } = await decoded(place);
    assert.equal(
      packages.map(({ name, version, source: { subdirectory } }) => [name, version, subdirectory]),
      [
        ["lib", "1.0", "one"],
        ["second", "2.0", "two"],
      ],
    );
    repository.commit({ "one/pyproject.toml": lib("1.0", ["second"], lines("../../outside")) });
    const { exitCode, stderr } = await place.run(["lock", "-U"]);
    assert.equal([exitCode, /E_PROJECT_INVALID.*`second`/.test(stderr)], [3, true], stderr);
  }),
);

// branches

test(
  "a branch stays at the commit that is locked until it is upgraded",
  placed(async (place) => {
    const repository = makeRepository(path.join(place.root, "served", "lib"));
    const first = repository.commit({ "pyproject.toml": lib("1.0") });
    const source = table(`lib = { git = "${repository.url.slice("git+".length)}", branch = "main" }`);
    const commit = async () => {
      const { packages } = await decoded(place);
      return packages.find(({ name }) => name === "lib")?.source.commit;
    };
    place.write({ "pyproject.toml": projectText(["lib"], source) });
    await lockIn(place);
    const second = repository.commit({ "pyproject.toml": lib("1.1") });
    place.write({ "pyproject.toml": projectText(["lib", "b"], source) });
    assert.match(await lockIn(place, "--refresh"), "1 added");
    assert.is(await commit(), first);
    assert.match(await lockIn(place, "-P", "b"), "no version changed");
    assert.is(await commit(), first);
    assert.match(await lockIn(place, "-P", "lib"), / ~ lib {2}1\.0 .* -> 1\.1 /);
    assert.is(await commit(), second);
    const third = repository.commit({ "pyproject.toml": lib("1.2") });
    await lockIn(place, "-U");
    assert.is(await commit(), third);
  }),
);

// indexes that packages are pinned to

const INDEXES = `[[tool.pybun.index]]\nname = "cpu"\nurl = "${cpu.url}"\nexplicit = true\n[[tool.pybun.index]]\nname = "cuda"\nurl = "${cuda.url}"\nexplicit = true\n`;

test(
  "a member may say which index a package is from",
  placed(async (place) => {
    place.write({
      "pyproject.toml": `[tool.pybun.workspace]\nmembers = ["one"]\n${INDEXES}`,
      "one/pyproject.toml": projectText(["tensor"], table('tensor = { index = "cpu" }'), "one"),
    });
    index.forget();
    await lockIn(place);
    assert.equal(await lockedVersions(place), { tensor: "1.0+cpu" });
    assert.is(index.count("page", "tensor"), 0);
    place.write({ "one/pyproject.toml": projectText(["tensor"], table('tensor = { index = "cuda" }'), "one") });
    assert.match((await place.run(["lock", "--check"])).stdout, "index-pins");
    await lockIn(place);
    assert.equal(await lockedVersions(place), { tensor: "2.0+cuda" });
  }),
);

const EXTRAS = '[project.optional-dependencies]\ncpu = ["tensor"]\ncuda = ["tensor"]\n';
const BY_EXTRA = table('tensor = [{ index = "cpu", extra = "cpu" }, { index = "cuda", extra = "cuda" }]') + INDEXES;

test(
  "extras that exclude each other each have a package from their own index",
  placed(async (place) => {
    const conflicts = '[tool.pybun]\nconflicts = [[{ extra = "cpu" }, { extra = "cuda" }]]\n';
    place.write({ "pyproject.toml": projectText([], EXTRAS + conflicts + BY_EXTRA) });
    await lockIn(place);
    const { packages } = await decoded(place);
    assert.equal(
      packages.map(({ version, source }) => [version, source]),
      [
        ["1.0+cpu", { kind: "index", index: "cpu" }],
        ["2.0+cuda", { kind: "index", index: "cuda" }],
      ],
    );
    place.write({ "pyproject.toml": projectText([], EXTRAS + BY_EXTRA) });
    const { exitCode, stderr } = await place.run(["lock"]);
    assert.equal([exitCode, /error\[E_INDEX_CONFLICT\]: `tensor`/.test(stderr)], [4, true], stderr);
  }),
);

test(
  "markers decide from which index a package is on which platform, and where none holds all are asked",
  placed(async (place) => {
    const sources = table(
      'tensor = [{ index = "cpu", marker = "sys_platform == \'darwin\'" }, { index = "cuda", marker = "sys_platform == \'linux\'" }]',
    );
    place.write({ "pyproject.toml": projectText(["tensor"], sources + INDEXES) });
    await lockIn(place);
    const { packages } = await decoded(place);
    assert.equal(
      packages.map(({ version, marker }) => [version, marker]),
      [
        ["1.0+cpu", 'sys_platform == "darwin"'],
        ["2.0+cuda", 'sys_platform == "linux"'],
        ["3.0", 'sys_platform != "darwin" and sys_platform != "linux"'],
      ],
    );
  }),
);

test.run();
