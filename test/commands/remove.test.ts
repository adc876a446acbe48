import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0", requires: ["beta", "delta"] },
    { name: "beta", version: "1.0" },
    { name: "gamma", version: "1.0", requires: ["beta"] },
    { name: "delta", version: "1.0" },
  ],
});
test.after(() => index.stop());

const PROJECT = `[project]
name = "shop"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = [
    "alpha", # the first
    "gamma",
]

[project.optional-dependencies]
more = ["delta"]

[dependency-groups]
dev = [{ include-group = "lint" }, "gamma>=1"]
lint = ["delta"]

[tool.pybun.sources]
gamma = { index = "pypi" }
`;
const placedWith = (project: string) => (body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": project });
      const { exitCode, stderr } = await place.run(["install"]);
      assert.is(exitCode, 0, stderr);
      await body(place);
    },
    { index },
  );
const placed = placedWith(PROJECT);

test(
  "what nobody else needs goes, what others need stays and says for whom",
  placed(async (place) => {
    const { exitCode, stdout, stderr } = await place.run(["remove", "Alpha"]);
    assert.equal(
      [exitCode, place.normalize(stdout), stderr],
      [
        0,
        " - alpha  1.0\n = beta   1.0  needed by gamma\n = delta  1.0  needed by extra more, group dev, group lint\nRemoved 1 dependency, uninstalled 1 package in [TIME]\n",
        "",
      ],
    );
    assert.is(place.read("pyproject.toml"), PROJECT.replace('    "alpha", # the first\n', ""));
    assert.is((await place.run(["lock", "--check"])).exitCode, 0);
    assert.is((await place.run(["sync", "--check"])).exitCode, 0);
    assert.is((await place.run(["run", "-c", "import alpha"])).exitCode, 1);
  }),
);

test(
  "what is uninstalled is said to be so, though an extra has it in the lock",
  inPlace(
    async (place) => {
      const text =
        '[project]\nname = "p"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ["alpha", "gamma"]\n';
      place.write({ "pyproject.toml": `${text}[project.optional-dependencies]\nmore = ["gamma"]\n` });
      await place.run(["install"]);
      const { stdout } = await place.run(["remove", "gamma"]);
      assert.match(
        place.normalize(stdout),
        / - gamma {2}[\d.]+ {2}locked for extra more\nRemoved 1 dependency, uninstalled 1 /,
      );
      assert.is((await place.run(["run", "-c", "import gamma"])).exitCode, 1);
    },
    { index },
  ),
);

test(
  "what extras that were asked for brought stays when something else is added or removed",
  inPlace(
    async (place) => {
      const extra = '[project.optional-dependencies]\nmore = ["gamma", "delta"]\n';
      place.write({ "pyproject.toml": `${PROJECT.split("dependencies = ")[0]}dependencies = []\n${extra}` });
      for (const command of ["install --all-extras", "add alpha", "remove alpha"]) {
        const { exitCode, stderr } = await place.run(command.split(" "));
        assert.is(exitCode, 0, stderr);
      }
      assert.is((await place.run(["run", "-c", "import gamma, delta"])).exitCode, 0);
      await place.run(["install"]);
      assert.is((await place.run(["run", "-c", "import gamma"])).exitCode, 1);
    },
    { index },
  ),
);

test(
  "a name that another list has too keeps its source and its package; with the last one both go",
  placed(async (place) => {
    const first = await place.run(["--format=json", "remove", "gamma"]);
    assert.match(place.read("pyproject.toml"), 'gamma = { index = "pypi" }');
    assert.equal((first.json().data as { still_needed: object }).still_needed, [
      { name: "gamma", version: "1.0", needed_by: ["group dev"] },
    ]);
    const second = await place.run(["--format=json", "remove", "--dev", "gamma"]);
    assert.not.match(place.read("pyproject.toml"), "gamma");
    assert.not.match(place.read("pyproject.toml"), "sources");
    assert.match(place.read("pyproject.toml"), 'dev = [{ include-group = "lint" }]\n');
    assert.equal((second.json().data as { sync: { removed: object } }).sync.removed, [
      { name: "gamma", version: "1.0" },
    ]);
  }),
);

for (const [what, words, expected] of [
  [
    "declared elsewhere",
    ["delta"],
    "error[E_NOT_A_DEPENDENCY]: `delta` is not a dependency of shop\n  declared in extra more (pyproject.toml:11)\n  declared in group lint (pyproject.toml:15)\n  nothing was changed\nhint: remove it there: `pybun remove --optional more delta`\n",
  ],
  [
    "misspelled",
    ["gama"],
    "error[E_NOT_A_DEPENDENCY]: `gama` is not a dependency of shop\n  dependencies: alpha, gamma; extra more: delta; group dev: gamma; group lint: delta\n  nothing was changed\nhint: did you mean `gamma`: `pybun remove gamma`\n",
  ],
] as const)
  test(
    `not a dependency, ${what}`,
    placed(async (place) => {
      const { exitCode, stdout, stderr } = await place.run(["remove", ...words]);
      assert.equal([exitCode, stdout, stderr.replaceAll(/\n\n/g, "\n")], [3, "", expected]);
      assert.is(place.read("pyproject.toml"), PROJECT);
    }),
  );

test(
  "not a dependency, required by others: says by whom",
  placed(async (place) => {
    const { exitCode, stderr } = await place.run(["remove", "beta"]);
    assert.is(exitCode, 3);
    assert.match(stderr, "  installed because alpha and gamma require it\n  nothing was changed\n");
  }),
);

test(
  "what is left of the lock is known without the index, and is what solving anew would leave",
  placed(async (place) => {
    const lockFile = path.join(place.cwd, "pybun.lockb");
    const before = fs.readFileSync(lockFile);
    for (const cache of ["index", "hints"]) fs.rmSync(path.join(place.data, cache), { recursive: true, force: true });
    const asked = index.requests.length;
    const removed = await place.run(["remove", "alpha"]);
    assert.is(removed.exitCode, 0, removed.stderr);
    assert.is(index.requests.length, asked, "nothing was asked of the index");
    const left = fs.readFileSync(lockFile);
    fs.writeFileSync(lockFile, before);
    const solved = await place.run(["lock"]);
    assert.is(solved.exitCode, 0, solved.stderr);
    assert.ok(index.requests.length > asked);
    assert.ok(left.equals(fs.readFileSync(lockFile)), "the lock differs");
    assert.not(left.equals(before));
  }),
);

test(
  "what only the environment's name for it had: --no-sync leaves it installed, --frozen the lock as well",
  placed(async (place) => {
    const frozen = await place.run(["remove", "alpha", "--frozen"]);
    assert.is(frozen.exitCode, 0, frozen.stderr);
    assert.is((await place.run(["lock", "--check"])).exitCode, 1);
    place.write({ "pyproject.toml": PROJECT });
    const unsynced = await place.run(["remove", "alpha", "--no-sync"]);
    assert.is(unsynced.exitCode, 0, unsynced.stderr);
    assert.is((await place.run(["lock", "--check"])).exitCode, 0);
    assert.is((await place.run(["run", "-c", "import alpha"])).exitCode, 0);
    assert.is((await place.run(["sync", "--check"])).exitCode, 1);
  }),
);

test(
  "--dry-run says it, and changes nothing",
  placed(async (place) => {
    const { exitCode, stdout } = await place.run(["remove", "gamma", "alpha", "--dry-run"]);
    assert.is(exitCode, 0);
    assert.match(stdout, / - alpha {2}1\.0\n/);
    assert.match(stdout, /Would remove 2 dependencies, uninstall \d packages?\n$/);
    assert.is(place.read("pyproject.toml"), PROJECT);
    assert.is((await place.run(["sync", "--check"])).exitCode, 0);
  }),
);

test(
  "from a script's block, with its lock",
  placed(async (place) => {
    place.write({ "a.py": '# /// script\n# dependencies = ["alpha", "gamma"]\n# ///\n' });
    await place.run(["lock", "--script", "a.py"]);
    const { exitCode, stderr } = await place.run(["remove", "--script", "a.py", "alpha"]);
    assert.is(exitCode, 0, stderr);
    assert.is(place.read("a.py"), '# /// script\n# dependencies = ["gamma"]\n# ///\n');
    assert.is((await place.run(["lock", "--script", "a.py", "--check"])).exitCode, 0);
    const again = await place.run(["remove", "--script", "a.py", "gama"]);
    assert.is(again.exitCode, 3);
    assert.match(again.stderr, "hint: did you mean `gamma`: `pybun remove --script a.py gamma`");
  }),
);

const GROUPED = `[project]
name = "shop"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["alpha", "gamma"]

[dependency-groups]
docs = ["delta"]
`;
const grouped = placedWith(GROUPED);
const installed = async (place: Place): Promise<readonly string[]> => {
  const { stdout } = await place.run(["pip", "list", "--format=freeze"]);
  return stdout.split("\n").flatMap((line) => line.split("==")[0] || []);
};

test(
  "what only a group that is not installed needs goes, too: the environment equals the lock as before",
  grouped(async (place) => {
    assert.is((await place.run(["remove", "alpha"])).exitCode, 0);
    assert.equal(await installed(place), ["beta", "gamma"]);
    assert.is((await place.run(["sync", "--check"])).exitCode, 0);
  }),
);

for (const [what, others] of [
  ["a group that was asked for", [["sync", "--group", "docs"]]],
  [
    "a group that something was added to",
    [
      ["remove", "--group", "docs", "delta"],
      ["add", "--group", "docs", "delta"],
    ],
  ],
  ["what somebody installed beside", [["pip", "install", "delta"]]],
] as const)
  test(
    `${what} stays`,
    grouped(async (place) => {
      assert.is((await place.run(["remove", "alpha"])).exitCode, 0);
      for (const words of others) assert.is((await place.run(words)).exitCode, 0);
      assert.is((await place.run(["remove", "gamma"])).exitCode, 0);
      assert.equal(await installed(place), ["delta"]);
    }),
  );

test(
  "in one member of a workspace: what other members need stays, what nobody installs any more goes",
  inPlace(
    async (place) => {
      const member = (name: string, dependencies: string) =>
        `[project]\nname = "${name}"\nversion = "1.0"\nrequires-python = ">=3.9"\ndependencies = [${dependencies}]\n`;
      place.write({
        "pyproject.toml": '[tool.pybun.workspace]\nmembers = ["*"]\n\n[dependency-groups]\ndocs = ["delta"]\n',
        "one/pyproject.toml": member("one", '"alpha"'),
        "two/pyproject.toml": member("two", '"gamma"'),
      });
      const { exitCode, stderr } = await place.run(["install"]);
      assert.is(exitCode, 0, stderr);
      assert.equal(await installed(place), ["alpha", "beta", "delta", "gamma"]);
      const removed = await place.run(["remove", "alpha"], { cwd: path.join(place.cwd, "one") });
      assert.is(removed.exitCode, 0, removed.stderr);
      assert.equal(await installed(place), ["beta", "gamma"]);
      assert.is((await place.run(["sync", "--check"])).exitCode, 0);
    },
    { index },
  ),
);

test.run();
