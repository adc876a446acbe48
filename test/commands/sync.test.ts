import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0", requires: ["beta"] },
    { name: "alpha", version: "2.0", requires: ["beta"] },
    { name: "beta", version: "1.0" },
    { name: "gamma", version: "1.0" },
    { name: "delta", version: "1.0" },
    { name: "old-only", version: "1.0" },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const PROJECT = `[project]
name = "demo"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["alpha<2", "old-only; python_version < '3.0'"]

[project.optional-dependencies]
more = ["gamma"]

[dependency-groups]
dev = ["delta"]
`;

interface Result {
  readonly installed: readonly { readonly name: string; readonly version: string }[];
  readonly changed: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  readonly removed: readonly { readonly name: string }[];
  readonly kept: number;
  readonly up_to_date: boolean;
}

/** Runs a command that has to end with this code, and gives its data. */
async function data(place: Place, words: readonly string[], exitCode = 0): Promise<Result> {
  const result = await place.run(["--format=json", ...words]);
  assert.is(result.exitCode, exitCode, result.stdout + result.stderr);
  return (JSON.parse(result.stdout) as { readonly data: Result }).data;
}
const names = (list: readonly { readonly name: string }[]): string =>
  list
    .map(({ name }) => name)
    .sort()
    .join(" ");

test(
  "a fresh clone needs one command, and the second finds nothing to do",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    assert.is(names((await data(place, ["install"])).installed), "alpha beta delta");
    assert.ok(fs.existsSync(path.join(place.cwd, "pybun.lockb")));
    const again = await data(place, ["install"]);
    assert.equal([again.up_to_date, again.kept], [true, 3]);
    const { stdout } = await place.run(["run", "-c", "import alpha, delta; print(alpha.version)"]);
    assert.is(stdout, "1.0\n");
  }),
);

test(
  "sync installs what is missing, removes what is not in the lock, and changes what has another version",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    await place.run(["install"]);
    place.write({ "pyproject.toml": PROJECT.replace("alpha<2", "alpha").replace('"delta"', '"gamma"') });
    const before = await place.run(["sync"]);
    assert.is(before.exitCode, 0);
    assert.match(before.stderr, /^warning\[W_LOCK_STALE\]: pybun\.lockb does not match/);
    assert.match(before.stdout, /^Up to date: 3 packages in /);
    assert.is((await place.run(["lock", "--upgrade"])).exitCode, 0);
    const { installed, changed, removed, kept } = await data(place, ["sync"]);
    assert.equal(changed, [{ name: "alpha", from: "1.0", to: "2.0" }]);
    assert.equal([names(installed), names(removed), kept], ["gamma", "delta", 1]);
  }),
);

test(
  "the list and the last line say what changed",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    const { stdout, stderr } = await place.run(["install"]);
    assert.is(stderr, "");
    assert.match(
      stdout,
      /^ \+ alpha {2}1\.0\n \+ delta {2}1\.0\n \+ beta {3}1\.0\nLocked and installed 3 packages in [\d.]+m?s\n$/,
    );
  }),
);

const PARTS: readonly [words: readonly string[], installed: string][] = [
  [[], "alpha beta delta"],
  [["--no-dev"], "alpha beta"],
  [["--extra", "more"], "alpha beta delta gamma"],
  [["--all-extras", "--no-dev"], "alpha beta gamma"],
  [["--only-group", "dev"], "delta"],
];
for (const [words, installed] of PARTS)
  test(
    `\`sync ${words.join(" ")}\` takes ${installed}`,
    placed(async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      assert.is((await place.run(["lock"])).exitCode, 0);
      assert.is(names((await data(place, ["sync", ...words])).installed), installed);
    }),
  );

test(
  "`--check` and `--dry-run` change nothing; a difference ends `--check` with 1",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    await place.run(["lock"]);
    const checked = await place.run(["sync", "--check"]);
    assert.is(checked.exitCode, 1);
    assert.match(checked.stdout, /\nStale: the environment differs from the lock\n$/);
    assert.match((await place.run(["sync", "--dry-run"])).stdout, /\nWould sync: 3 installed, 0 kept\n$/);
    assert.not(fs.existsSync(path.join(place.cwd, ".pybun", "venv")));
    await place.run(["sync"]);
    assert.is((await place.run(["sync", "--check"])).exitCode, 0);
  }),
);

test(
  "`--inexact` leaves what is not in the lock",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    await place.run(["install", "--extra", "more"]);
    assert.is(names((await data(place, ["sync", "--inexact"])).removed), "");
    assert.is(names((await data(place, ["sync"])).removed), "gamma");
  }),
);

test(
  "a Python that the lock is not for is told with who asks for it",
  placed(async (place) => {
    const [major, minor] = requirePython().version;
    place.write({
      "pyproject.toml": PROJECT.replace(/requires-python = .*/, `requires-python = ">=${major}.${minor + 1}"`),
      ".python-version": `${major}.${minor}\n`,
    });
    const { exitCode, stderr } = await place.run(["install"]);
    assert.is(exitCode, 3, stderr);
    assert.match(
      stderr,
      /E_PYTHON_MISMATCH\]: the lock is for Python .*\n {2}asked for by {2}\.python-version:1\nhint: name another Python in \.python-version:1, or for this call with `--python`\n$/,
    );
  }),
);

test(
  "no lock, a stale one under `--locked`, and a part that is not there are errors with 3 that change nothing",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    const missing = await place.run(["sync"]);
    assert.is(missing.exitCode, 3);
    assert.match(missing.stderr, /^error\[E_LOCK_MISSING\]: there is no pybun\.lockb\nhint: make one: `pybun lock`\n$/);
    await place.run(["lock"]);
    place.write({ "pyproject.toml": PROJECT.replace('"gamma"', '"delta"') });
    const before = fs.readFileSync(path.join(place.cwd, "pybun.lockb"));
    for (const command of ["sync", "install"]) {
      const stale = await place.run([command, "--locked"]);
      assert.is(stale.exitCode, 3);
      assert.match(stale.stderr, /^error\[E_LOCK_STALE\]: pybun\.lockb does not match pyproject\.toml\n/);
      assert.match(stale.stderr, /delta[^\n]*\n[\s\S]*nothing was changed\n[\s\S]*hint: update it: `pybun lock`\n$/);
    }
    const unknown = await place.run(["sync", "--frozen", "--extra", "mroe"]);
    assert.is(unknown.exitCode, 3);
    assert.match(
      unknown.stderr,
      /^error\[E_PROJECT_PART\]: no extra is called `mroe`\n {2}there are {2}more\nhint: did you mean `more`\n$/,
    );
    assert.ok(fs.readFileSync(path.join(place.cwd, "pybun.lockb")).equals(before));
    assert.not(fs.existsSync(path.join(place.cwd, ".pybun", "venv")));
  }),
);

test(
  "offline and with everything in the store, a lock is enough",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    await place.run(["install"]);
    fs.rmSync(path.join(place.cwd, ".pybun"), { recursive: true });
    const before = index.count("page") + index.count("file");
    assert.is(names((await data(place, ["sync", "--offline"])).installed), "alpha beta delta");
    assert.is(index.count("page") + index.count("file"), before);
  }),
);

test(
  "behind a mirror the files of a lock are found on its pages, by name and digest",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    await place.run(["lock"]);
    const { requests } = index;
    const before = requests.length;
    const [alpha, beta, delta] = ["alpha", "beta", "delta"].map((name) => ({ name, version: "1.0" }));
    const mirror = await startIndex({
      packages: [{ ...alpha!, requires: ["beta"] }, beta!, delta!],
      hasRelativeLinks: true,
    });
    try {
      const env = { PYBUN_INDEX_URL: mirror.url };
      const { exitCode, stderr } = await place.run(["sync"], { env });
      assert.equal([exitCode, stderr], [0, ""]);
      assert.equal([requests.length, mirror.count("file")], [before, 3]);
      // What is here already is not looked for again, wherever the index may be.
      assert.match(
        (await place.run(["sync"], { env: { PYBUN_INDEX_URL: "http://127.0.0.1:9/simple/" } })).stdout,
        "Up to date",
      );
    } finally {
      await mirror.stop();
    }
  }),
);

test(
  "a mirror that has another file of that name is refused",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    await place.run(["lock"]);
    const mirror = await startIndex({ packages: ["alpha", "beta", "delta"].map((name) => ({ name, version: "1.0" })) });
    try {
      const { exitCode, stderr } = await place.run(["sync"], { env: { PYBUN_INDEX_URL: mirror.url } });
      assert.is(exitCode, 6, stderr);
      assert.match(
        stderr,
        /^error\[E_LOCK_FILE\]: index `pypi` does not have the file of `alpha 1\.0` that is locked\n/,
      );
      assert.not(fs.existsSync(path.join(place.cwd, ".pybun", "venv")));
    } finally {
      await mirror.stop();
    }
  }),
);

const FOREIGN = process.platform === "win32" ? "linux" : "windows";
const HERE = { linux: "linux", darwin: "macos", win32: "windows" }[process.platform as "linux" | "darwin" | "win32"];

test(
  "a lock for another platform is refused by name, whether it forks or not",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    assert.is((await place.run(["lock", "--platform", FOREIGN])).exitCode, 0);
    for (const words of [["sync"], ["sync", "--locked"], ["install"]]) {
      const { exitCode, stderr } = await place.run(words);
      assert.equal([exitCode, stderr.startsWith("error[E_LOCK_TARGET]: the lock is not for ")], [4, true], stderr);
      assert.match(stderr, `made for  sys_platform == "${FOREIGN === "linux" ? "linux" : "win32"}"`);
    }
    assert.not(fs.existsSync(path.join(place.cwd, ".pybun", "venv")));
  }),
);

test(
  "a lock made for one platform is not stale for that, and stays one when it is renewed",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    assert.is((await place.run(["lock", "--platform", HERE])).exitCode, 0);
    const { exitCode, stderr } = await place.run(["sync", "--locked"]);
    assert.equal([exitCode, stderr], [0, ""]);
    place.write({ "pyproject.toml": PROJECT.replace('"alpha<2"', '"alpha<2", "gamma"') });
    assert.is(names((await data(place, ["install"])).installed), "gamma");
    assert.match((await place.run(["lock", "--print"])).stdout, /forks = \[\n {2}"sys_platform/);
    assert.match(
      (await place.run(["lock", "--check"])).stdout,
      `platform      is not set any more, locked with ${HERE}`,
    );
  }),
);

const MEMBER = (name: string, requires: string) => `[project]
name = "${name}"
version = "0.1.0"
dependencies = [${requires}]
[tool.pybun]
package = false
`;
test(
  "in a workspace the root takes all members, a member itself, and `--package` the one that is named",
  placed(async (place) => {
    place.write({
      "pyproject.toml": '[tool.pybun.workspace]\nmembers = ["libs/*"]\n',
      "libs/one/pyproject.toml": MEMBER("one", '"gamma"'),
      "libs/two/pyproject.toml": MEMBER("two", '"delta"'),
    });
    assert.is(names((await data(place, ["install"])).installed), "delta gamma");
    assert.is(names((await data(place, ["sync", "--package", "one"])).removed), "delta");
    const inside = await place.run(["--format=json", "--directory", path.join(place.cwd, "libs/two"), "sync"]);
    assert.is(inside.exitCode, 0, inside.stderr);
    const { installed, removed } = (JSON.parse(inside.stdout) as { readonly data: Result }).data;
    assert.equal([names(installed), names(removed)], ["delta", "gamma"]);
  }),
);

test(
  "an installation named by PYBUN_PYTHON is the Python of the project's environment, and stays as it is",
  placed(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    const base = requirePython();
    const site = path.dirname(path.dirname(base.path));
    const before = fs.readdirSync(path.join(site, "bin"));
    const env = { PYBUN_PYTHON: base.path };
    for (const words of [["install"], ["sync"], ["sync", "--python", base.path]]) {
      const { exitCode, stderr } = await place.run(words, { env });
      assert.equal([exitCode, stderr], [0, ""]);
    }
    assert.ok(place.exists(".pybun/venv/pyvenv.cfg"));
    assert.equal(fs.readdirSync(path.join(site, "bin")), before);
    const { stdout } = await place.run(["run", ".venv/bin/python", "-c", "import alpha; print(alpha.version)"]);
    assert.is(stdout, "1.0\n");
  }),
);

test.run();
