import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({ packages: [{ name: "alpha", version: "1.0" }] });
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const PROJECT =
  '[project]\nname = "shop"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ["alpha"]\n[tool.pybun]\nenv.location = "central"\n';

interface Row {
  readonly path: string;
  readonly kind: string;
  readonly project: string | null;
  readonly active: boolean;
}
async function rows(place: Place, cwd: string): Promise<readonly Row[]> {
  const result = await place.run(["--format=json", "env", "list"], { cwd });
  return result.json().data["environments"] as readonly Row[];
}
async function ok(place: Place, words: readonly string[], cwd: string): Promise<string> {
  const result = await place.run(words, { cwd });
  assert.is(result.exitCode, 0, result.stdout + result.stderr);
  return result.stdout;
}

test(
  "env.location = central: each project has an environment of its own in the data directory, and nothing in its folder",
  placed(async (place) => {
    const [one, other] = ["a/shop", "b/shop"].map((folder) => path.join(place.cwd, folder)) as [string, string];
    place.write({ "a/shop/pyproject.toml": PROJECT, "b/shop/pyproject.toml": PROJECT });
    for (const folder of [one, other]) await ok(place, ["install"], folder);
    assert.equal(fs.readdirSync(one).sort(), ["pybun.lockb", "pyproject.toml"]);
    const root = (await ok(place, ["env", "path"], one)).trim();
    assert.match(path.relative(place.data, root), /^envs\/shop-[0-9a-f]{10}$/);
    assert.is(await ok(place, ["run", "-c", "import sys; print(sys.prefix)"], one), `${root}\n`);

    fs.symlinkSync(one, path.join(place.cwd, "link"));
    assert.is(await ok(place, ["env", "path"], path.join(place.cwd, "link")), `${root}\n`);
    assert.is(await ok(place, ["--project", path.join(place.cwd, "link"), "env", "path"], place.cwd), `${root}\n`);

    const seen = await rows(place, one);
    assert.equal(
      seen.map(({ kind, project, active }) => [kind, project, active]),
      [
        ["project", one, true],
        ["central", other, false],
      ],
    );
    fs.rmSync(other, { recursive: true });
    assert.match(await ok(place, ["env", "list"], one), / of .*b\/shop, which is gone\n/);
    await ok(place, ["env", "remove", path.basename(seen[1]?.path ?? "")], one);
    await ok(place, ["env", "remove"], one);
    assert.equal(await rows(place, one), []);
  }),
);

test(
  "named environments are made, used by name, listed and removed",
  placed(async (place) => {
    await ok(place, ["env", "create", "work"], place.cwd);
    const root = path.join(place.data, "envs", "work");
    const env = { PYBUN_ENV: "work" };
    assert.is((await place.run(["env", "path"], { env })).stdout, `${root}\n`);
    assert.is((await place.run(["run", "-c", "import sys; print(sys.prefix)"], { env })).stdout, `${root}\n`);
    assert.equal(
      (await rows(place, place.cwd)).map(({ kind, project }) => [kind, project]),
      [["named", null]],
    );
    await ok(place, ["env", "remove", "work"], place.cwd);
    assert.is((await place.run(["env", "path"], { env })).exitCode, 3);
    for (const name of ["global", "Global"]) assert.is((await place.run(["env", "create", name])).exitCode, 2);
  }),
);

test(
  "an environment that is the project's own folder is neither removed nor replaced",
  placed(async (place) => {
    const { cwd } = place;
    await ok(place, ["venv", "mine"], cwd);
    place.write({ "mine/pyproject.toml": PROJECT, "mine/thesis.txt": "years of work" });
    const inside = path.join(cwd, "mine");
    for (const words of [
      ["env", "remove", "."],
      ["venv", ".", "--clear"],
      ["env", "remove", inside],
    ]) {
      const refused = await place.run(words, { cwd: inside });
      assert.is(refused.exitCode, 2, words.join(" "));
      assert.match(refused.stderr, "is an environment that your work lies in");
    }
    assert.is(place.read("mine/thesis.txt"), "years of work");
  }),
);

test.run();
