import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const folder = (name: string) => ({
  [`${name}/__init__.py`]: `name = "${name}"\n`,
  [`${name}/deep/inner.py`]: "x = 1\n",
});
const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0", files: folder("alpha"), "console-scripts": { alpha: "alpha:main" } },
    { name: "alpha", version: "2.0", files: folder("alpha") },
    { name: "beta", version: "1.0", files: folder("beta") },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const project = (...dependencies: readonly string[]) => ({
  "pyproject.toml": `[project]\nname = "demo"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(dependencies)}\n`,
});
async function data(place: Place, ...words: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const result = await place.run(["--format=json", ...words]);
  assert.is(result.exitCode, 0, result.stdout + result.stderr);
  return result.json().data;
}

/** Names in site-packages that are links, and files that share their content with others. */
function shared(root: string): readonly string[] {
  const [lib = ""] = fs.readdirSync(path.join(root, "lib"));
  return [...sharedIn(path.join(root, "lib", lib, "site-packages"))].sort();
}
const sharedIn = (folder: string): readonly string[] =>
  fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.endsWith(".dist-info") ? [] : sharedIn(place);
    return entry.isSymbolicLink() || fs.statSync(place).nlink > 1 ? [entry.name] : [];
  });

test(
  "links become files, at later syncs too, until links are asked for again",
  placed(async (place) => {
    const root = path.join(place.cwd, ".pybun", "venv");
    place.write(project("alpha<2"));
    await data(place, "install");
    assert.equal(shared(root), ["alpha"]);
    assert.match((await place.run(["env", "materialize"])).stdout, /^Materialized 1 package in \.pybun\/venv\n$/);
    assert.equal(shared(root), []);
    assert.is((await place.run(["run", "-c", "import alpha, alpha.deep.inner; print(alpha.name)"])).stdout, "alpha\n");
    assert.is((await data(place, "env", "info"))["link_mode"], "copy");
    assert.equal((await data(place, "env", "materialize"))["up_to_date"], true);
    assert.is((await place.run(["verify", "--env"])).exitCode, 0);

    assert.is((await data(place, "sync"))["up_to_date"], true);
    place.write(project("alpha", "beta"));
    await data(place, "install");
    await data(place, "lock", "--upgrade");
    await data(place, "sync");
    assert.is(
      (await place.run(["run", "-c", "import importlib.metadata as m; print(m.version('alpha'))"])).stdout,
      "2.0\n",
    );
    assert.equal(shared(root), []);

    await data(place, "sync", "--link-mode", "tree");
    assert.equal(shared(root), ["alpha", "beta"]);
    assert.is((await data(place, "env", "info"))["link_mode"], "tree");
    await data(place, "env", "materialize");
    place.write({ ".pybun/config.toml": '[link]\nmode = "tree"\n', ...project("beta") });
    await data(place, "install");
    assert.equal(shared(root), []);
  }),
);

test(
  "what is changed in a materialized package stays in its environment",
  placed(async (place) => {
    place.write(project("alpha<2"));
    const env = { PYBUN_STORE_BYTECODE: "wait" };
    assert.is((await place.run(["install"], { env })).exitCode, 0);
    await data(place, "env", "materialize");
    const code = "import alpha; open(alpha.__file__, 'a').write('changed = True\\n')";
    assert.is((await place.run(["run", "-c", code])).exitCode, 0);
    assert.is((await place.run(["run", "-c", "import alpha; print(alpha.changed)"])).stdout, "True\n");
    const other = ["run", "--isolated", "--with", "alpha<2", "-c", "import alpha; print(hasattr(alpha, 'changed'))"];
    assert.is((await place.run(other)).stdout, "False\n");
    assert.is((await place.run(["verify", "--store"])).exitCode, 0);
  }),
);

test(
  "--env takes a path or a name, and an empty environment remembers it",
  placed(async (place) => {
    place.write(project("alpha<2"));
    await data(place, "env", "create", "work");
    const made = await data(place, "env", "materialize", "--env", "work");
    assert.equal([made["packages"], made["up_to_date"]], [0, false]);
    const root = (made["env"] as { path: string }).path;
    assert.is((await place.run(["install"], { env: { PYBUN_ENV: "work" } })).exitCode, 0);
    assert.equal(shared(root), []);
    assert.equal((await data(place, "env", "materialize", "--env", root))["up_to_date"], true);
    assert.is((await place.run(["env", "materialize", "--env", "nowhere"])).exitCode, 3);
    assert.is((await place.run(["env", "materialize"])).exitCode, 3);
  }),
);

test.run();
