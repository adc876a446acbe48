import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0", requires: ["beta"] },
    { name: "beta", version: "1.0" },
    { name: "delta", version: "1.0" },
    {
      name: "tool",
      version: "1.0",
      "console-scripts": { tool: "tool:main" },
      files: { "tool/__init__.py": 'def main():\n    print("ok")\n' },
    },
    { name: "gamma", version: "1.0", files: { "shared/gamma/__init__.py": "" } },
  ],
});
test.after(() => index.stop());

const PROJECT = `[project]
name = "shop"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ["alpha", "gamma"]
`;
const IMPORTS = "import alpha, beta, shared.gamma; print('ok')";

const placed = (body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      const { exitCode, stderr } = await place.run(["install"]);
      assert.is(exitCode, 0, stderr);
      await body(place);
    },
    { index },
  );
const lose = ({ data }: Place): void => fs.rmSync(data, { recursive: true, force: true });
const imports = async (place: Place): Promise<readonly [number | null, string]> => {
  const { exitCode, stdout } = await place.run(["run", "--no-sync", "-c", IMPORTS]);
  return [exitCode, stdout];
};

test(
  "a store that was deleted: sync notices, and brings the packages again",
  placed(async (place) => {
    lose(place);
    const checked = await place.run(["sync", "--check"]);
    assert.is(checked.exitCode, 1, checked.stdout);
    const synced = await place.run(["sync"]);
    assert.is(synced.exitCode, 0, synced.stderr);
    assert.match(synced.stdout, " + alpha  1.0\n + gamma  1.0\n + beta   1.0\nSynced: 3 installed, 0 kept");
    assert.equal(await imports(place), [0, "ok\n"]);
    assert.match((await place.run(["sync"])).stdout, "Up to date");
    assert.is((await place.run(["verify"])).exitCode, 0);
  }),
);

const packagesIn = ({ data }: Place): string => path.join(data, "packages");
/** The folder of the store that holds `alpha`. */
const entryOfAlpha = (place: Place): string =>
  path.resolve(fs.realpathSync(path.join(place.cwd, ".venv/lib", pythonIn(place), "site-packages/alpha")), "../..");
const pythonIn = ({ cwd }: Place): string => fs.readdirSync(path.join(cwd, ".venv/lib"))[0] as string;
const remove = (folder: string): void => fs.rmSync(folder, { recursive: true });

/** What is deleted of the data directory, and how many packages it takes along. */
const PARTS: readonly (readonly [what: string, lost: number, (place: Place) => void])[] = [
  ["all packages", 3, (place) => remove(packagesIn(place))],
  [
    "what is in its folder",
    3,
    (place) => {
      for (const name of fs.readdirSync(packagesIn(place))) remove(path.join(packagesIn(place), name));
    },
  ],
  ["the first folder above a package", 1, (place) => remove(path.resolve(entryOfAlpha(place), "../.."))],
];

for (const [what, lost, lose] of PARTS)
  test(
    `part of the store was deleted: ${what}; who knew of the environment that it is up to date notices`,
    placed(async (place) => {
      const remembered = async (): Promise<void> => {
        // Its time is told to be settled, as it is to somebody who has waited a moment.
        fs.utimesSync(packagesIn(place), 1_000, 1_000);
        for (const words of [["sync"], ["sync", "--check"], ["run", "-c", IMPORTS], ["sync"]])
          assert.is((await place.run(words)).exitCode, 0);
      };
      await remembered();
      lose(place);
      assert.is((await place.run(["sync", "--check"])).exitCode, 1);
      assert.match((await place.run(["sync"])).stdout, `Synced: ${lost} installed, ${3 - lost} kept`);
      assert.equal(await imports(place), [0, "ok\n"]);
      await remembered();
      lose(place);
      const { exitCode, stdout, stderr } = await place.run(["run", "-c", IMPORTS]);
      assert.equal([exitCode, stdout], [0, "ok\n"], stderr);
      await remembered();
      lose(place);
      assert.is((await place.run(["add", "delta"])).exitCode, 0);
      assert.equal(await imports(place), [0, "ok\n"]);
    }),
  );

test(
  "a package of which only part was deleted is brought again",
  placed(async (place) => {
    const tree = path.join(entryOfAlpha(place), "tree");
    for (const folder of [tree, path.join(tree, "alpha")]) fs.chmodSync(folder, 0o755);
    fs.rmSync(path.join(tree, "alpha", "__init__.py"));
    assert.match((await place.run(["sync"])).stdout, "Synced: 1 installed, 2 kept");
    assert.equal(await imports(place), [0, "ok\n"]);
  }),
);

test(
  "an environment made again of what is known notices it, too",
  placed(async (place) => {
    assert.match((await place.run(["sync"])).stdout, "Up to date");
    for (const name of [".pybun", ".venv"]) remove(path.join(place.cwd, name));
    assert.match((await place.run(["sync"])).stdout, "Synced: 3 installed, 0 kept");
    remove(packagesIn(place));
    assert.match((await place.run(["sync"])).stdout, "Synced: 3 installed, 0 kept");
    assert.equal(await imports(place), [0, "ok\n"]);
  }),
);

test(
  "what is collected while the project is elsewhere is noticed when it is back",
  placed(async (place) => {
    fs.utimesSync(packagesIn(place), 1_000, 1_000);
    for (let time = 1; time <= 2; time++) assert.match((await place.run(["sync"])).stdout, "Up to date");
    const away = path.join(place.root, "away");
    fs.renameSync(place.cwd, away);
    fs.mkdirSync(place.cwd);
    assert.is((await place.run(["cache", "clean"])).exitCode, 0);
    fs.rmdirSync(place.cwd);
    fs.renameSync(away, place.cwd);
    assert.match((await place.run(["sync"])).stdout, "Synced: 3 installed, 0 kept");
    assert.equal(await imports(place), [0, "ok\n"]);
  }),
);

test(
  "environments of scripts, of `--with` and of tools are mended as well",
  inPlace(
    async (place) => {
      place.write({
        "script.py": '# /// script\n# dependencies = ["alpha"]\n# ///\nimport alpha, beta; print("ok")\n',
      });
      const calls = [
        ["run", "script.py"],
        ["run", "--with", "gamma", "-c", "import shared.gamma; print('ok')"],
        ["x", "tool"],
      ];
      const ok = async (words: readonly string[], why: string): Promise<void> => {
        const { exitCode, stdout, stderr } = await place.run(words);
        assert.equal([exitCode, stdout], [0, "ok\n"], `${words.join(" ")}, ${why}: ${stderr}`);
      };
      for (const words of calls) for (const why of ["first", "again"]) await ok(words, why);
      remove(packagesIn(place));
      for (const words of calls) await ok(words, "store deleted");
      assert.is((await place.run(["tool", "install", "tool"])).exitCode, 0);
      remove(packagesIn(place));
      assert.match((await place.run(["tool", "install", "tool"])).stdout, "Installed 1 tool");
      const { stdout } = spawnSync(path.join(place.home, ".local", "bin", "tool"), { encoding: "utf8" });
      assert.is(stdout, "ok\n");
    },
    { index },
  ),
);

test(
  "so does run",
  placed(async (place) => {
    lose(place);
    const { exitCode, stdout, stderr } = await place.run(["run", "-c", IMPORTS]);
    assert.equal([exitCode, stdout], [0, "ok\n"], stderr);
  }),
);

test(
  "what another project has brought into the new store is as it was, and the rest is told and mended",
  placed(async (place) => {
    lose(place);
    place.write({ "other/pyproject.toml": PROJECT.replace('["alpha", "gamma"]', '["beta"]') });
    assert.is((await place.run(["install"], { cwd: `${place.cwd}/other` })).exitCode, 0);
    const verified = await place.run(["verify"]);
    assert.is(verified.exitCode, 1);
    assert.match(verified.stdout, "alpha 1.0 was linked to a store that is gone");
    assert.not.match(verified.stdout, "beta");
    assert.match((await place.run(["sync"])).stdout, "Synced: 2 installed, 1 kept");
    assert.equal(await imports(place), [0, "ok\n"]);
  }),
);

test(
  "pip install takes nothing that was lost for installed",
  placed(async (place) => {
    lose(place);
    const { exitCode, stdout, stderr } = await place.run(["pip", "install", "alpha", "gamma"]);
    assert.is(exitCode, 0, stderr);
    assert.not.match(stdout, "already satisfied");
    assert.equal(await imports(place), [0, "ok\n"]);
  }),
);

test(
  "an environment with files of its own needs no store",
  placed(async (place) => {
    assert.is((await place.run(["env", "materialize"])).exitCode, 0);
    lose(place);
    assert.match((await place.run(["sync"])).stdout, "Up to date");
    assert.equal(await imports(place), [0, "ok\n"]);
  }),
);
test.run();
