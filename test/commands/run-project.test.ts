import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

// What `run` does to the environment of a project before it runs something.

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0" },
    { name: "beta", version: "1.0" },
    { name: "gamma", version: "1.0" },
    { name: "clash", version: "1.0", files: { "alpha/__init__.py": "another\n" } },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const project = (dependencies: readonly string[], more = "", name = "app"): string =>
  `[project]\nname = "${name}"\nversion = "1"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(dependencies)}\n${more}`;
const HAS = "import importlib.metadata as m; print(*sorted(d.name for d in m.distributions()))";
const has = async (place: Place, ...words: readonly string[]): Promise<string> => {
  const { stdout, stderr, exitCode } = await place.run(["run", ...words, "-c", HAS]);
  assert.equal([exitCode, stderr], [0, ""]);
  return stdout.trim();
};

test(
  "a fresh clone runs without any command before it, and a change of the project counts at once",
  placed(async (place) => {
    place.write({ "pyproject.toml": project(["alpha"], '[dependency-groups]\ndev = ["beta"]\n') });
    assert.is(await has(place), "alpha beta");
    assert.ok(place.exists("pybun.lockb"));
    assert.is(await has(place), "alpha beta");
    place.write({ "pyproject.toml": project(["alpha", "gamma"], '[dependency-groups]\ndev = ["beta"]\n') });
    assert.is(await has(place), "alpha beta gamma");
    const lock = fs.statSync(path.join(place.cwd, "pybun.lockb")).mtimeMs;
    assert.is(await has(place), "alpha beta gamma");
    assert.is(fs.statSync(path.join(place.cwd, "pybun.lockb")).mtimeMs, lock);
  }),
);

test(
  "what else is in the environment stays, and what was taken out comes back",
  placed(async (place) => {
    place.write({ "pyproject.toml": project(["alpha"], '[project.optional-dependencies]\nmore = ["gamma"]\n') });
    assert.is(await has(place, "--extra", "more"), "alpha gamma");
    assert.is(await has(place), "alpha gamma");
    const site = (await place.run(["run", "-c", "import alpha; print(alpha.__file__)"])).stdout.trim();
    fs.rmSync(path.dirname(site).replace(/alpha$/, "alpha-1.0.dist-info"), { recursive: true, force: true });
    fs.rmSync(site.endsWith("__init__.py") ? path.dirname(site) : site, { recursive: true, force: true });
    assert.is(await has(place), "alpha gamma");
  }),
);

test(
  "--no-sync, PYBUN_NO_SYNC and env.auto-sync leave the environment alone",
  placed(async (place) => {
    place.write({ "pyproject.toml": project(["alpha"]) });
    assert.is(await has(place, "--no-sync"), "");
    assert.not.ok(place.exists("pybun.lockb"));
    assert.is((await place.run(["run", "-c", HAS], { env: { PYBUN_NO_SYNC: "1" } })).stdout, "\n");
    place.write({ "pyproject.toml": project(["alpha"], "[tool.pybun]\nenv.auto-sync = false\n") });
    assert.is(await has(place), "");
    assert.is(await has(place, "--frozen", "--no-sync"), "");
  }),
);

test(
  "what can't be brought up to date can be run as it is",
  placed(async (place) => {
    place.write({ "pyproject.toml": project(["missing"]) });
    const first = await place.run(["run", "-c", "1"]);
    assert.is(first.exitCode, 4);
    assert.not.match(first.stderr, "--no-sync", "there is no environment yet");
    place.write({ "pyproject.toml": project(["alpha"]) });
    await has(place);
    place.write({ "pyproject.toml": project(["alpha", "missing"]) });
    const { exitCode, stderr } = await place.run(["run", "-c", "1"]);
    assert.is(exitCode, 4);
    assert.match(stderr, /hint: run with the environment as it is: `pybun run --no-sync <target>`\n$/);
    assert.is((await place.run(["run", "--no-sync", "-c", "1"])).exitCode, 0);
  }),
);

test(
  "what is left from before and in the way of something new is taken out by sync, and that is said",
  placed(async (place) => {
    place.write({ "pyproject.toml": project(["alpha"]) });
    await has(place);
    place.write({ "pyproject.toml": project(["clash"]) });
    const { exitCode, stderr } = await place.run(["run", "-c", "1"]);
    assert.equal([exitCode, /E_LINK_CONFLICT/.test(stderr)], [6, true], stderr);
    assert.match(stderr, "hint: take out what the lock does not have: `pybun sync`\n");
    assert.is((await place.run(["sync"])).exitCode, 0);
    assert.is((await place.run(["run", "-c", "1"])).exitCode, 0);
    const part = await place.run(["run", "--extra", "none", "-c", "1"]);
    assert.match(part.stderr, "E_PROJECT_PART");
    assert.not.match(part.stderr, "--no-sync", "that is no way to an extra");
  }),
);

test(
  "--locked wants a lock that matches, --frozen takes it as it is",
  placed(async (place) => {
    place.write({ "pyproject.toml": project(["alpha"]) });
    const missing = await place.run(["run", "--locked", "-c", HAS]);
    assert.match(missing.stderr, "E_LOCK_MISSING");
    await place.run(["lock"]);
    place.write({ "pyproject.toml": project(["alpha", "beta"]) });
    const stale = await place.run(["run", "--locked", "-c", HAS]);
    assert.equal([stale.stdout, /E_LOCK_STALE/.test(stale.stderr)], ["", true]);
    assert.is(await has(place, "--frozen"), "alpha");
    assert.is(await has(place), "alpha beta");
  }),
);

test(
  "a folder that is no project, or one that requires nothing, gets no lock",
  placed(async (place) => {
    place.write({ "pyproject.toml": "[tool.other]\nx = 1\n" });
    assert.is(await has(place), "");
    place.write({ "pyproject.toml": project([]) });
    assert.is(await has(place), "");
    assert.not.ok(place.exists("pybun.lockb"));
  }),
);

test(
  "a member's folder selects it, --package and --all-packages choose others",
  placed(async (place) => {
    place.write({
      "pyproject.toml": '[tool.pybun.workspace]\nmembers = ["libs/*"]\n',
      "libs/a/pyproject.toml": project(["alpha"], "", "a"),
      "libs/b/pyproject.toml": project(["beta"], "", "b"),
    });
    const inA = async (...words: string[]) => {
      const cwd = path.join(place.cwd, "libs/a");
      const { stdout, stderr } = await place.run(["run", ...words, "-c", HAS], { cwd });
      assert.is(stderr, "");
      return stdout.trim();
    };
    assert.is(await inA(), "alpha");
    assert.is(await inA(), "alpha");
    assert.is(await inA("--package", "b"), "alpha beta");
    await place.run(["sync"], { cwd: path.join(place.cwd, "libs/a") });
    assert.is(await inA(), "alpha");
    assert.is(await inA("--all-packages"), "alpha beta");
    const both = await place.run(["run", "--all-packages", "--package", "a", "-c", ""]);
    assert.is(both.exitCode, 2);
    const unknown = await place.run(["run", "--package", "c", "-c", ""]);
    assert.match(unknown.stderr, "no member is called `c`");
    fs.rmSync(path.join(place.cwd, "pybun.lockb"));
    for (const words of [
      ["--package", "c"],
      ["--extra", "x"],
      ["--group", "y"],
    ])
      assert.is((await place.run(["run", ...words, "-c", ""])).exitCode, 3);
    assert.not.ok(place.exists("pybun.lockb"), "a lock was made for what can't be");
  }),
);

test.run();
