import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place, type RunOptions } from "../harness/project.ts";
import { runInTerminal } from "../harness/terminal.ts";

const index = await startIndex({
  packages: [
    { name: "web", version: "2.0", requires: ["core>=1,<3", "tables; sys_platform == 'win32'"] },
    { name: "core", version: "2.5", extras: { fast: ["speed>=1"] } },
    { name: "speed", version: "1.0" },
    { name: "tables", version: "0.4", requires: ["core"] },
    { name: "checker", version: "9.0", requires: ["core>=2"] },
    { name: "shell", version: "1.0", requires: ["web"] },
  ],
});
test.after(() => index.stop());

const PROJECT = `[project]
name = "shop"
version = "0.1"
requires-python = ">=3.9"
dependencies = ["web>=2"]
[project.optional-dependencies]
quick = ["core[fast]"]
[dependency-groups]
dev = ["checker"]
`;
const locked = (body: (place: Place) => Promise<void>, text = PROJECT) =>
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": text });
      const { exitCode, stderr } = await place.run(["lock"]);
      assert.is(exitCode, 0, stderr);
      await body(place);
    },
    { index },
  );
/** The lines a call prints; nothing on standard error. */
async function lines(place: Place, words: readonly string[], options: RunOptions = {}): Promise<readonly string[]> {
  const { exitCode, stdout, stderr } = await place.run(words, options);
  assert.equal([exitCode, stderr], [0, ""], words.join(" "));
  return stdout.trimEnd().split("\n");
}

const ALL = [
  "shop 0.1",
  "|- web 2.0  >=2",
  "|  `- core 2.5  >=1,<3",
  "|- core[fast] 2.5 (extra quick)",
  "|  `- speed 1.0  >=1 (extra fast)",
  "`- checker 9.0 (group dev)",
  "   `- core 2.5  >=2",
];
const LINUX = ["--platform", "linux"];

test(
  "tree: everything of the lock that holds on a platform, the second time from a note",
  locked(async (place) => {
    assert.equal(await lines(place, ["tree", ...LINUX]), ALL);
    assert.equal(await lines(place, ["tree", ...LINUX]), ALL);
    assert.equal(await lines(place, ["tree", "--platform", "windows", "web"]), [
      "web 2.0",
      "|- core 2.5  >=1,<3",
      "`- tables 0.4",
      "   `- core 2.5",
    ]);
  }),
);

test(
  "what was noted is not said of another lock",
  locked(async (place) => {
    await lines(place, ["tree", ...LINUX]);
    place.write({ "pyproject.toml": PROJECT.replace('"web>=2"', '"speed"') });
    await place.run(["lock"]);
    assert.equal((await lines(place, ["tree", ...LINUX]))[1], "|- speed 1.0");
  }),
);

test(
  "--depth, --universal, --package and --invert",
  locked(async (place) => {
    assert.equal(await lines(place, ["tree", ...LINUX, "--depth", "0"]), ["shop 0.1"]);
    assert.equal(await lines(place, ["tree", ...LINUX, "--depth", "1"]), [ALL[0], ALL[1], ALL[3], ALL[5]]);
    assert.equal(await lines(place, ["tree", "--universal", "--package", "web"]), [
      "web 2.0",
      "|- core 2.5  >=1,<3",
      '`- tables 0.4  if sys_platform == "win32"',
      "   `- core 2.5",
    ]);
    assert.equal(await lines(place, ["tree", ...LINUX, "--invert", "Speed"]), [
      "speed 1.0",
      "`- core[fast] 2.5  requires >=1 (extra fast)",
      "   `- shop 0.1 (extra quick)",
    ]);
    assert.equal(await lines(place, ["tree", ...LINUX, "-i"]), [
      "speed 1.0",
      "`- core[fast] 2.5  requires >=1 (extra fast)",
      "   `- shop 0.1 (extra quick)",
    ]);
    assert.equal(await lines(place, ["tree", ...LINUX, "tables"]), ["tables 0.4  not needed here", "`- core 2.5"]);
  }),
);

test(
  "with a choice of extras and groups only what sync would install with it",
  locked(async (place) => {
    const [, web, core, quick, speed, checker, own] = ALL;
    const cases: Readonly<Record<string, readonly (string | undefined)[]>> = {
      "--no-dev": [web?.replace("|-", "`-"), core?.replace("| ", "  ")],
      "--extra quick": [web, core, quick, speed, checker, own],
      "--group dev": [web, core, checker, own],
      "--only-group dev": [checker, own],
    };
    for (const [words, expected] of Object.entries(cases))
      assert.equal(await lines(place, ["tree", ...LINUX, ...words.split(" ")]), [ALL[0], ...expected], words);
    const { exitCode, stderr } = await place.run(["tree", "--extra", "quik"]);
    assert.equal([exitCode, stderr.includes("error[E_PROJECT_PART]"), stderr.includes("quick")], [3, true, true]);
  }),
);

test(
  "--show-sizes tells what is downloaded, where the index tells it",
  locked(async (place) => {
    const [, web] = await lines(place, ["tree", ...LINUX, "--show-sizes", "--depth", "1"]);
    assert.match(web as string, /^\|- web 2\.0 {2}>=2 {2}\d+B$/);
  }),
);

test(
  "JSON lists packages, what they require and who requires them",
  locked(async (place) => {
    const { data } = (await place.run(["--format=json", "tree", ...LINUX])).json();
    const packages = data["packages"] as readonly Readonly<Record<string, unknown>>[];
    assert.equal(
      packages.map(({ name, extras }) => [name, extras]),
      [
        ["checker", []],
        ["core", ["fast"]],
        ["speed", []],
        ["web", []],
      ],
    );
    assert.equal(packages[2]?.["required_by"], [
      { name: "core", version: "2.5", specifier: ">=1", extras: [], marker: "", extra: "fast" },
    ]);
    assert.equal((data["roots"] as readonly unknown[]).length, 1);
  }),
);

test(
  "in a terminal with its symbols and colours, from a note as well; the last line explains the mark",
  locked(
    async (place) => {
      const env = { PYBUN_INDEX_URL: index.url };
      const look = async (more: Readonly<Record<string, string>> = {}) => {
        const { exitCode, shown } = await runInTerminal(place, ["tree", "--universal"], { env: { ...env, ...more } });
        assert.is(exitCode, 0, shown);
        return shown;
      };
      const first = await look();
      assert.ok(first.includes("├─ shell 1.0\n│  └─ web 2.0\n") && first.includes("└─ web 2.0"), first);
      assert.ok(first.trimEnd().endsWith("(*) shown above\u001b[22m"), first);
      assert.is(await look(), first);
      assert.ok(!(await look({ LC_ALL: "C" })).includes("├"));
      assert.ok(!(await look({ NO_COLOR: "1" })).includes("\u001b["));
      assert.equal((await lines(place, ["tree", "--universal"])).at(-1), "`- web 2.0  >=2 (*)");
    },
    `${PROJECT.split("[project.opt", 1)[0]?.replace('"web>=2"', '"shell", "web>=2"')}`,
  ),
);

const WORKSPACE = {
  "pyproject.toml": `[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["lib"]
[tool.pybun.sources]\nlib = { workspace = true }\n[tool.pybun.workspace]\nmembers = ["lib"]\n`,
  "lib/pyproject.toml": `[project]\nname = "lib"\nversion = "2"\nrequires-python = ">=3.9"\ndependencies = ["core"]
[dependency-groups]\ndev = ["speed"]\n`,
};

test(
  "a workspace: all members at its root, else the one around; members by name",
  inPlace(
    async (place) => {
      place.write(WORKSPACE);
      await place.run(["lock"]);
      const lib = ["lib 2", "|- core 2.5", "`- speed 1.0 (group dev)"];
      assert.equal(await lines(place, ["tree"]), [
        "shop 1",
        "`- lib 2  lib",
        "   `- core 2.5",
        "lib 2 (*)",
        "`- speed 1.0 (group dev)",
      ]);
      assert.equal(await lines(place, ["tree"], { cwd: `${place.cwd}/lib` }), lib);
      assert.equal(await lines(place, ["tree", "lib"]), lib);
      assert.equal(await lines(place, ["tree", "--package", "LIB"]), lib);
    },
    { index },
  ),
);

test(
  "why: one path a line, the project first, for every platform",
  locked(async (place) => {
    assert.equal(await lines(place, ["why", "core"]), [
      "core 2.5, 4 paths",
      "  shop (extra quick) -> core[fast]",
      "  shop -> web 2.0 -> core>=1,<3",
      "  shop (group dev) -> checker 9.0 -> core>=2",
      '  shop -> web 2.0 -> tables 0.4 (if sys_platform == "win32") -> core',
    ]);
    assert.equal(await lines(place, ["why", "Tables", "--no-dev"]), [
      'tables 0.4 if sys_platform == "win32", 1 path',
      '  shop -> web 2.0 -> tables; sys_platform == "win32"',
    ]);
    assert.equal(await lines(place, ["why", "checker", "--no-dev"]), [
      "checker 9.0, required by nothing that was chosen",
    ]);
    assert.equal(await lines(place, ["why", "shop"]), ["shop is the project itself"]);
    const { data } = (await place.run(["--format=json", "why", "speed"])).json();
    assert.equal(data["packages"], [
      {
        version: "1.0",
        marker: "",
        path_count: 1,
        paths: [
          [
            { name: "shop", version: "0.1", parts: [{ kind: "extra", name: "quick" }] },
            { name: "core", version: "2.5", specifier: "", extras: ["fast"], marker: "" },
            { name: "speed", version: "1.0", specifier: ">=1", extras: [], marker: "" },
          ],
        ],
      },
    ]);
  }),
);

test(
  "a script's lock",
  inPlace(
    async (place) => {
      place.write({ "s.py": '# /// script\n# requires-python = ">=3.9"\n# dependencies = ["web"]\n# ///\n' });
      const missing = await place.run(["tree", "--script", "s.py"]);
      assert.equal([missing.exitCode, missing.stderr.includes("`pybun lock --script s.py`")], [3, true]);
      await place.run(["lock", "--script", "s.py"]);
      assert.equal(await lines(place, ["tree", "--script", "s.py", ...LINUX]), [
        "s.py",
        "`- web 2.0",
        "   `- core 2.5  >=1,<3",
      ]);
      assert.equal((await lines(place, ["why", "core", "--script", "s.py"]))[1], "  s.py -> web 2.0 -> core>=1,<3");
    },
    { index },
  ),
);

const REFUSED: readonly (readonly [words: readonly string[], exitCode: number, said: string])[] = [
  [["tree", "wep"], 3, "error[E_NOT_LOCKED]: the lock has no package `wep`\nhint: did you mean: `pybun tree web`\n"],
  [["why", "cor"], 3, "error[E_NOT_LOCKED]: the lock has no package `cor`\nhint: did you mean: `pybun why core`\n"],
  [["why", "nothing-near"], 3, "error[E_NOT_LOCKED]: the lock has no package `nothing-near`\n"],
  [["tree", "--depth", "x"], 2, "error[E_USAGE]"],
  [["tree", "--depth", "1.5"], 2, "error[E_USAGE]: `--depth` takes a number of levels, not `1.5`"],
  [["tree", "--platform", "beos"], 2, "error[E_USAGE]: `--platform` takes linux"],
  [["tree", "--platform", "linux", "--universal"], 2, "error[E_USAGE]: `--universal` and `--platform` exclude"],
];

test(
  "what is refused, and how it is told",
  locked(async (place) => {
    for (const [words, exitCode, said] of REFUSED) {
      const result = await place.run(words);
      assert.equal([result.exitCode, result.stdout], [exitCode, ""], words.join(" "));
      assert.ok(result.stderr.startsWith(said), `${words.join(" ")}: ${result.stderr}`);
    }
  }),
);

test(
  "no project, no lock, a lock that does not match: told each time",
  inPlace(
    async (place) => {
      for (const command of [
        ["tree", ...LINUX],
        ["why", "web"],
      ]) {
        assert.match((await place.run(command, { cwd: place.home })).stderr, "error[E_PROJECT_NOT_FOUND]");
        place.write({ "pyproject.toml": PROJECT });
        const missing = await place.run(command);
        assert.equal([missing.exitCode, missing.stderr.includes("hint: make one: `pybun lock`")], [3, true]);
        await place.run(["lock"]);
        place.write({ "pyproject.toml": PROJECT.replace('"web>=2"', '"web>=1"') });
        for (let time = 0; time < 2; time++) {
          const { exitCode, stdout, stderr } = await place.run(command);
          assert.equal([exitCode, stdout !== ""], [0, true]);
          assert.match(stderr, "warning[W_LOCK_STALE]: pybun.lockb does not match the project; it is shown as it is");
        }
        (await import("node:fs")).rmSync(`${place.cwd}/pybun.lockb`);
      }
    },
    { index },
  ),
);

test.run();
