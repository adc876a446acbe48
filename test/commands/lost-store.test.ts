import fs from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0", requires: ["beta"] },
    { name: "beta", version: "1.0" },
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
