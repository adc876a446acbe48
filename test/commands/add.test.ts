import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0", requires: ["beta"] },
    { name: "alpha", version: "1.4.2", requires: ["beta"] },
    { name: "alpha", version: "2.0", requires: ["beta", "delta"] },
    { name: "beta", version: "0.5" },
    { name: "beta", version: "1.0" },
    { name: "gamma", version: "1.0", requires: ["beta"], extras: { fast: ["delta"] } },
    { name: "delta", version: "1.0" },
    { name: "requests", version: "2.31.0" },
    { name: "request", version: "1.0" },
    { name: "needs-old", version: "1.0", requires: ["beta<1"] },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const project = (more = ""): string => `[project]
name = "shop"
version = "0.1.0"
requires-python = ">=3.9"
${more}`;

interface Entry {
  readonly name: string;
  readonly requirement: string;
  readonly list: string;
  readonly version: string | null;
  readonly before?: string;
}
interface Data {
  readonly added: readonly Entry[];
  readonly updated: readonly Entry[];
  readonly unchanged: readonly Entry[];
  readonly lockfile: string | null;
  readonly lock: { readonly up_to_date: boolean } | null;
  readonly env: { readonly path: string; readonly source: string; readonly python: string } | null;
  readonly sync: { readonly installed: readonly { readonly name: string; readonly version: string }[] } | null;
  readonly dry_run: boolean;
}
async function data(place: Place, ...words: string[]): Promise<Data> {
  const result = await place.run(["--format=json", "add", ...words]);
  assert.is(result.exitCode, 0, result.stdout + result.stderr);
  return result.json().data as unknown as Data;
}
/** Exit code and code of the error of a call that fails; nothing of the project is another then. */
async function refused(
  place: Place,
  ...words: string[]
): Promise<readonly [number | null, string | undefined, string]> {
  const before = state(place);
  const result = await place.run(["--format=json", "add", ...words]);
  assert.equal(state(place), before, "a failure changes nothing");
  const error = result.json().diagnostics.find(({ level }) => level === "error");
  return [result.exitCode, error?.code, error?.message ?? ""];
}
const state = (place: Place): readonly (string | undefined)[] =>
  ["pyproject.toml", "pybun.lockb"].map((name) => {
    const file = path.join(place.cwd, name);
    return fs.existsSync(file) ? fs.readFileSync(file, "latin1") : undefined;
  });
const names = (list: readonly { readonly name: string }[]): string =>
  list
    .map(({ name }) => name)
    .sort()
    .join(" ");
const imports = async (place: Place, ...modules: string[]): Promise<number | null> =>
  (await place.run(["run", "-c", `import ${modules.join(", ")}`])).exitCode;

test(
  "a name: the newest that fits, its lower bound in the file, locked and installed; once more there is nothing to do",
  placed(async (place) => {
    place.write({ "pyproject.toml": project("dependencies = []\n") });
    const first = await place.run(["add", "alpha"]);
    assert.equal(
      [first.exitCode, place.normalize(first.stdout), first.stderr],
      [
        0,
        " + alpha  2.0  alpha>=2.0\n + beta   1.0\n + delta  1.0\nAdded 1 dependency, installed 3 packages in [TIME]\n",
        "",
      ],
    );
    assert.is(place.read("pyproject.toml"), project('dependencies = [\n    "alpha>=2.0",\n]\n'));
    assert.is(await imports(place, "alpha", "beta", "delta"), 0);
    assert.is((await place.run(["lock", "--check"])).exitCode, 0);
    assert.is((await place.run(["sync", "--check"])).exitCode, 0);
    const before = state(place);
    fs.rmSync(path.join(place.cwd, "pybun.lockb"));
    await place.run(["lock"]);
    assert.equal(state(place), before, "the lock is the one that the text alone leads to");
    const times = (): readonly number[] =>
      ["pyproject.toml", "pybun.lockb"].map((name) => fs.statSync(path.join(place.cwd, name)).mtimeMs);
    const timesBefore = times();
    const again = await place.run(["add", "alpha"]);
    assert.equal(times(), timesBefore, "what is as it was is not written");
    assert.is(again.stdout, "Up to date: alpha is a dependency already (>=2.0, locked 2.0)\n");
    assert.equal(state(place), before);
  }),
);

test(
  "where nothing is yet: no list, no environment, no lock",
  placed(async (place) => {
    place.write({ "pyproject.toml": project() });
    const found = await data(place, "beta", "gamma[fast]");
    assert.equal(
      found.added.map(({ requirement, version, list }) => [requirement, version, list]),
      [
        ["beta>=1.0", "1.0", "dependencies"],
        ["gamma[fast]>=1.0", "1.0", "dependencies"],
      ],
    );
    assert.is(names(found.sync?.installed ?? []), "beta delta gamma");
    assert.equal([found.lock?.up_to_date, found.lockfile], [false, path.join(place.cwd, "pybun.lockb")]);
    assert.is(await imports(place, "gamma"), 0);
  }),
);

test(
  "what is there already is changed in place: specifier and extras, the rest of it stays",
  placed(async (place) => {
    place.write({ "pyproject.toml": project(`dependencies = ['Gamma; python_version > "3"', "alpha>=1"] # two\n`) });
    const found = await data(place, "gamma>=1", "alpha<2", "gamma[fast]");
    assert.equal(
      found.updated.map(({ requirement, before }) => [before, requirement]),
      [
        ['Gamma; python_version > "3"', "Gamma[fast]>=1; python_version > '3'"],
        ["alpha>=1", "alpha<2"],
      ],
    );
    assert.is(
      place.read("pyproject.toml"),
      project(`dependencies = ["Gamma[fast]>=1; python_version > '3'", "alpha<2"] # two\n`),
    );
    assert.equal(
      found.sync?.installed.filter(({ name }) => name === "alpha").map(({ version }) => version),
      ["1.4.2"],
    );
  }),
);

for (const [bounds, expected] of [
  ["lower", "alpha>=1.4.2"],
  ["major", "alpha>=1.4.2,<2.0.0"],
  ["minor", "alpha>=1.4.2,<1.5.0"],
  ["exact", "alpha==1.4.2"],
] as const)
  test(
    `--bounds=${bounds}, and --constraints, which are written nowhere`,
    placed(async (place) => {
      place.write({ "pyproject.toml": project("dependencies = []\n"), "c.txt": "alpha<2\n" });
      const found = await data(place, "alpha", "--bounds", bounds, "-c", "c.txt", "--no-sync");
      assert.is(found.added[0]?.requirement, expected);
      assert.equal([found.env, found.sync, place.exists(".pybun/venv")], [null, null, false]);
      assert.is((await place.run(["lock", "--check"])).exitCode, 0);
    }),
  );

test(
  "--dev, --group and --optional: lists of their own, installed with the rest",
  placed(async (place) => {
    place.write({ "pyproject.toml": project('dependencies = ["beta"]\n') });
    await data(place, "--dev", "alpha<2");
    await data(place, "--group", "docs", "delta");
    await data(place, "--optional", "Speed_up", "gamma");
    const text = place.read("pyproject.toml");
    assert.ok(text.startsWith(project('dependencies = ["beta"]\n')), "nothing above is touched");
    assert.match(text, '[dependency-groups]\ndev = [\n    "alpha<2",\n]\ndocs = [\n    "delta>=1.0",\n]\n');
    assert.match(text, '[project.optional-dependencies]\nspeed-up = [\n    "gamma>=1.0",\n]\n');
    assert.is(await imports(place, "alpha", "beta", "gamma", "delta"), 0, "what was added before is still there");
    assert.equal((await refused(place, "--dev", "--group", "docs", "delta"))[1], "E_USAGE");
    assert.equal((await refused(place, "--optional", "no good", "delta"))[1], "E_USAGE");
  }),
);

test(
  "of several bounds the lower one is written first",
  placed(async (place) => {
    place.write({ "pyproject.toml": project("dependencies = []\n") });
    await data(place, "alpha<3, !=1.0, >=1", "--no-sync");
    assert.match(place.read("pyproject.toml"), '"alpha>=1,!=1.0,<3"');
  }),
);

test(
  "-r FILE: requirements with markers and extras; hashes are passed over with a word",
  placed(async (place) => {
    place.write({
      "pyproject.toml": project("dependencies = []\n"),
      "requirements.txt": `# all\nalpha==1.4.2 --hash=sha256:${"0".repeat(64)}\n-r more.txt\n`,
      "more.txt": "gamma[fast]; python_version>='3'\n-c limits.txt\n",
      "limits.txt": "delta<5\n",
    });
    const result = await place.run(["add", "-r", "requirements.txt", "--no-sync"]);
    assert.is(result.exitCode, 0, result.stderr);
    assert.match(result.stderr, "warning[W_REQUIREMENTS_PASSED_OVER]: its hashes in requirements.txt are passed over");
    assert.match(place.read("pyproject.toml"), `    "alpha==1.4.2",\n    "gamma[fast]>=1.0; python_version >= '3'",\n`);
    const [exitCode, code] = await refused(place, "-r", "none.txt");
    assert.equal([exitCode, code], [3, "E_REQUIREMENTS_INVALID"]);
  }),
);

test(
  "--raw writes what was typed, --frozen touches neither lock nor environment, --dry-run nothing at all",
  placed(async (place) => {
    place.write({ "pyproject.toml": project("dependencies = []\n") });
    await data(place, "--raw", "Alpha >= 1,  <2", "--no-sync");
    assert.match(place.read("pyproject.toml"), '"Alpha >= 1,  <2"');
    const before = state(place);
    const dry = await place.run(["add", "gamma", "--dry-run"]);
    assert.is(
      dry.stdout,
      " + gamma  1.0  gamma>=1.0\n + alpha  1.4.2\n + beta   1.0\nWould add 1 dependency, install 3 packages\n",
    );
    assert.equal([state(place), place.exists(".pybun/venv")], [before, false]);
    const frozen = await data(place, "delta", "--frozen");
    assert.equal([frozen.lock, frozen.added[0]?.requirement], [null, "delta"]);
    assert.is(state(place)[1], before[1]);
    assert.is((await place.run(["lock", "--check"])).exitCode, 1);
  }),
);

test(
  "a folder, one that changes count in at once, and a git repository: the place stands in the sources",
  placed(async (place) => {
    const lib = (name: string) =>
      `[project]\nname = "${name}"\nversion = "3.1"\n[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n`;
    place.write({
      "pyproject.toml": project("dependencies = []\n"),
      "libs/one/pyproject.toml": lib("one"),
      "libs/two/pyproject.toml": lib("two"),
    });
    const words = ["--no-sync", "./libs/one"];
    await data(place, ...words);
    await data(place, "--no-sync", "-e", "libs/two[x]");
    const text = place.read("pyproject.toml");
    assert.match(text, 'dependencies = [\n    "one",\n    "two[x]",\n]');
    assert.match(
      text,
      '[tool.pybun.sources]\none = { path = "libs/one" }\ntwo = { path = "libs/two", editable = true }\n',
    );
    assert.equal((await refused(place, "--editable", "alpha"))[1], "E_USAGE");
    assert.equal((await refused(place, "--tag", "v1", "alpha"))[1], "E_USAGE");
    assert.equal((await refused(place, "--git", "https://example.org/x.git", "a", "b"))[1], "E_USAGE");
  }),
);

test(
  "a member of the workspace: its file, the workspace's lock; another member by name comes from the workspace",
  placed(async (place) => {
    const member = (name: string) => project("dependencies = []\n").replace("shop", name);
    place.write({
      "pyproject.toml": `${project("dependencies = []\n")}[tool.pybun.workspace]\nmembers = ["packages/*"]\n`,
      "packages/api/pyproject.toml": member("api"),
      "packages/core/pyproject.toml": member("core"),
    });
    const root = place.read("pyproject.toml");
    const found = await data(place, "--package", "api", "alpha", "core");
    assert.match(place.read("packages/api/pyproject.toml"), '    "alpha>=2.0",\n    "core",\n');
    assert.match(place.read("packages/api/pyproject.toml"), "[tool.pybun.sources]\ncore = { workspace = true }\n");
    assert.is(place.read("pyproject.toml"), root);
    assert.is(found.lockfile, path.join(place.cwd, "pybun.lockb"));
    const inside = await place.run(["add", "gamma"], { cwd: path.join(place.cwd, "packages/core") });
    assert.is(inside.exitCode, 0, inside.stderr);
    assert.match(place.read("packages/core/pyproject.toml"), '    "gamma>=1.0",\n');
    assert.is((await place.run(["lock", "--check"])).exitCode, 0);
    assert.equal((await refused(place, "--package", "nope", "gamma")).slice(0, 2), [3, "E_PROJECT_PART"]);
  }),
);

test(
  "what can't be added changes nothing, and says so",
  placed(async (place) => {
    place.write({ "pyproject.toml": project('dependencies = ["beta>=1"]\n') });
    await place.run(["install"]);
    assert.equal((await refused(place, "alpha==99")).slice(0, 2), [4, "E_RESOLVE_MISSING"]);
    assert.equal((await refused(place, "needs-old")).slice(0, 2), [4, "E_RESOLVE_CONFLICT"]);
    assert.equal((await refused(place, "alpha", "--offline", "--index", "nowhere")).slice(0, 2), [2, "E_USAGE"]);
    assert.equal((await refused(place, "shop"))[1], "E_USAGE");
    assert.equal((await refused(place, "not a name"))[1], "E_USAGE");
    assert.equal((await refused(place))[1], "E_USAGE");
    const unknown = await place.run(["add", "requets"]);
    assert.is(
      unknown.stderr,
      "error[E_RESOLVE_MISSING]: no package named `requets` on index `pypi`\n  nothing was changed\nhint: did you mean `requests`: `pybun add requests`\n",
    );
    assert.is(unknown.stdout, "");
  }),
);

test(
  "a name that does not exist is near to one the project requires already; one that does is near to a well-known one",
  placed(async (place) => {
    place.write({ "pyproject.toml": project('dependencies = ["alpha"]\n') });
    await place.run(["lock"]);
    const unknown = await place.run(["add", "detla", "--no-sync"]);
    assert.match(unknown.stderr, "hint: did you mean `delta`: `pybun add delta --no-sync`\n");
    const alike = await place.run(["--format=json", "add", "request", "--no-sync"]);
    const { diagnostics } = alike.json();
    assert.equal(
      diagnostics.map(({ code, message }) => [code, message.replace(/\d+d/, "<age>")]),
      [["W_LOOKALIKE", "`request` is not the well-known `requests`: it has 1 release, the first <age> ago"]],
    );
  }),
);

test(
  "several entries of one name: the marker says which, and without one nothing is guessed",
  placed(async (place) => {
    place.write({
      "pyproject.toml": project(
        `dependencies = ["alpha<2; python_version < '3.12'", "alpha>=1; python_version >= '3.12'"]\n`,
      ),
    });
    const [exitCode, code] = await refused(place, "alpha>=1.4");
    assert.equal([exitCode, code], [3, "E_DEPENDENCY_AMBIGUOUS"]);
    await data(place, "alpha<1.5; python_version<'3.12'", "--no-sync");
    assert.match(place.read("pyproject.toml"), `["alpha<1.5; python_version < '3.12'", "alpha>=1; python_version`);
  }),
);

for (const [what, text, words] of [
  ["no [project] table", "[tool.other]\na = 1\n", "no `[project]` table"],
  [
    "Poetry's dependencies",
    '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.9"\n',
    "Poetry's, below `[tool.poetry.dependencies]`",
  ],
  [
    "dynamic dependencies",
    '[project]\nname = "x"\nversion = "1"\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = ["req.in"] }\n',
    "the dependencies of x are dynamic: req.in says them",
  ],
] as const)
  test(
    `${what}: a clear word, nothing changed`,
    placed(async (place) => {
      place.write({ "pyproject.toml": text });
      const [exitCode, code, message] = await refused(place, "alpha");
      assert.equal([exitCode, code], [3, "E_DEPENDENCIES_ELSEWHERE"]);
      assert.ok(message.includes(words), message);
    }),
  );

test(
  "broken TOML, conflict marks, no project, text that is not UTF-8",
  placed(async (place) => {
    assert.equal((await refused(place, "alpha")).slice(0, 2), [3, "E_PROJECT_NOT_FOUND"]);
    place.write({ "pyproject.toml": '[project]\nname = "x"\n<<<<<<< ours\n' });
    const [exitCode, code, message] = await refused(place, "alpha");
    assert.equal([exitCode, code], [3, "E_CONFIG_INVALID"]);
    assert.match(message, "pyproject.toml");
    fs.writeFileSync(
      path.join(place.cwd, "pyproject.toml"),
      Buffer.concat([Buffer.from(project("dependencies = []\n# ")), Buffer.from([0xe4]), Buffer.from("\n")]),
    );
    assert.equal((await refused(place, "alpha")).slice(0, 2), [3, "E_PROJECT_INVALID"]);
  }),
);

test(
  "two at once: both are added",
  placed(async (place) => {
    place.write({ "pyproject.toml": project("dependencies = []\n") });
    await place.run(["install"]);
    const all = await Promise.all(["alpha", "gamma", "requests"].map((name) => place.run(["add", name])));
    for (const { exitCode, stderr } of all) assert.is(exitCode, 0, stderr);
    assert.match(place.read("pyproject.toml"), '    "alpha>=2.0",\n    "gamma>=1.0",\n    "requests>=2.31.0",\n');
    assert.is((await place.run(["lock", "--check"])).exitCode, 0);
    assert.is(await imports(place, "alpha", "gamma", "requests"), 0);
  }),
);

test(
  "the binary form of the project is made anew beside the TOML",
  placed(async (place) => {
    place.write({ "pyproject.toml": project("dependencies = []\n") });
    assert.is((await place.run(["dx", "pack"])).exitCode, 0);
    await data(place, "beta", "--no-sync");
    const checked = await place.run(["lock", "--check"]);
    assert.equal([checked.exitCode, checked.stderr], [0, ""], "it is not told to be stale");
    fs.rmSync(path.join(place.cwd, "pyproject.toml"));
    await data(place, "delta", "--no-sync");
    assert.is(place.exists("pyproject.toml"), false);
    assert.match((await place.run(["lock", "--print"])).stdout, "delta");
  }),
);

test.run();
