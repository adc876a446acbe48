import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Artifact, Installed } from "../../plugin-api/model/environment.ts";
import { killEverywhere } from "../../test/harness/killed-run.ts";
import { type LinkBench, openLinkBench } from "../../test/harness/link-bench.ts";
import { requirePython } from "../../test/harness/python.ts";

const HARNESS = path.join(import.meta.dirname, "../../test/harness");
let bench: LinkBench;
let artifacts: readonly Artifact[] = [];
let root = "";
test.before(async () => {
  bench = await openLinkBench();
  root = path.join(bench.dir, "env");
  const release = (name: string, version: string) => ({
    name,
    version,
    files: {
      [`${name}/__init__.py`]: `v = ${version}`,
      [`ns/${name}/__init__.py`]: "",
      [`${name}_single.py`]: version,
    },
    "console-scripts": { [name]: `${name}:v` },
  });
  artifacts = await Promise.all([
    bench.add(release("one", "1")),
    bench.add(release("two", "1")),
    bench.add(release("one", "2")),
    bench.add(release("three", "2")),
  ]);
});
test.after(() => bench.remove());

/** A child that opens the same store and links, to be killed on the way. */
const script = (order: Readonly<Record<string, unknown>>) => ({
  folder: bench.dir,
  text: `
    import { openLinkBench } from ${JSON.stringify(path.join(HARNESS, "link-bench.ts"))};
    const bench = await openLinkBench(${JSON.stringify({ dir: bench.dir, python: requirePython() })});
    killBeforeChange(Number(process.argv[2]));
    await bench.link(${JSON.stringify({ root, ...order })});`,
});

/** Everything in the environment and beside it, and what each file holds; byte-code and times left out. */
function scene(folder = bench.dir, below = ""): string[] {
  return fs.readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(below, entry.name);
    if (below === "" && !entry.name.startsWith("env")) return [];
    if (entry.isDirectory()) return scene(folder, name);
    const file = path.join(folder, name);
    if (entry.isSymbolicLink()) return [`${name} -> ${fs.readlinkSync(file)}`];
    const text = fs
      .readFileSync(file, "utf8")
      .replace(/"siteMtimeMs":[\d.]+/, "")
      .replace(/"generation":\d+/, "")
      // Only of one that was made at once.
      .replace(/"image":"\w+",/, "");
    return [`${name}: ${crypto.hash("sha256", text)}`];
  });
}
const clear = (): void => {
  for (const name of fs.readdirSync(bench.dir))
    if (name.startsWith("env")) fs.rmSync(path.join(bench.dir, name), { recursive: true });
};

test("making an environment, killed anywhere: there is none or a whole one, and the next command makes it whole", async () => {
  const install = artifacts.slice(0, 2);
  clear();
  await bench.link({ root, install });
  const expected = scene();
  const kills = await killEverywhere(script({ install }), {
    before: clear,
    after: async (n) => {
      if (fs.existsSync(root))
        assert.equal(
          scene().filter((line) => line.startsWith("env/")),
          expected,
          `the environment after kill ${n}`,
        );
      await bench.link({ root, install });
      assert.equal(scene(), expected, `after kill ${n} and another try`);
    },
  });
  assert.ok(kills > 20, `${kills} kills`);
});

for (const mode of ["tree", "hardlink"] as const)
  test(`changing one (${mode}), killed anywhere: after the next command all of it is done, and nothing is left over`, async () => {
    const [one, two, oneNew, three] = artifacts as [Artifact, Artifact, Artifact, Artifact];
    const change = { install: [oneNew, three], remove: ["two"], mode };
    clear();
    const { sitePackages } = await bench.link({ root, install: [one, two], mode });
    const old = scene();
    fs.rmSync(path.join(bench.dir, "saved"), { recursive: true, force: true });
    fs.cpSync(root, path.join(bench.dir, "saved"), { recursive: true, verbatimSymlinks: true });
    await bench.link({ root, ...change });
    const expected = scene();
    const seen = new Set<string>();
    await killEverywhere(script(change), {
      before: () => {
        clear();
        fs.cpSync(path.join(bench.dir, "saved"), root, { recursive: true, verbatimSymlinks: true });
      },
      after: async (n) => {
        const versionsIn = (list: readonly Installed[]) => list.map(({ name, version }) => `${name} ${version}`).join();
        const atOnce = versionsIn(bench.environments.installed(sitePackages));
        assert.ok(["one 1,two 1", "one 2,three 2"].includes(atOnce), `${atOnce} right after kill ${n}`);
        const versions = versionsIn((await bench.environments.read(root)).installed);
        assert.ok(["one 1,two 1", "one 2,three 2"].includes(versions), `${versions} after kill ${n}`);
        seen.add(versions);
        await bench.environments.alone(root, () => {});
        assert.equal(scene(), versions === "one 1,two 1" ? old : expected, `after kill ${n}`);
        await bench.link({ root, ...change });
        assert.equal(scene(), expected, `after kill ${n} and another try`);
      },
    });
    assert.is(seen.size, 2);
    fs.rmSync(path.join(bench.dir, "saved"), { recursive: true });
  });

test.run();
