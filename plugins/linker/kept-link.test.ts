import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Artifact, Environment } from "../../plugin-api/model/environment.ts";
import { recordedPaths } from "../../plugin-api/python/record.ts";
import { openLinkBench } from "../../test/harness/link-bench.ts";

const bench = await openLinkBench();
test.after(() => bench.remove());

const release = (name: string) => ({
  name,
  version: "1",
  files: {
    [`${name}/__init__.py`]: "",
    [`ns/${name}/__init__.py`]: "v = 1\n",
    [`${name}-1.dist-info/licenses/LICENSE`]: "as you like\n",
    [`${name}-1.dist-info/licenses/deep/NOTICE`]: "",
  },
});
const linked = (name: string): readonly string[] => [name, `ns/${name}`, `${name}-1.dist-info/licenses`];
const make = (root: string, install: readonly Artifact[]): Promise<Environment> =>
  bench.link({ root: path.join(bench.dir, root), install });
const inodesOf = ({ sitePackages }: Environment, names: readonly string[]): readonly number[] =>
  names.map((name) => fs.lstatSync(path.join(sitePackages, name)).ino);
const targetsOf = ({ sitePackages }: Environment, names: readonly string[]): readonly string[] =>
  names.map((name) => fs.readlinkSync(path.join(sitePackages, name)));

test("environments have the same links, which take the room of one", async () => {
  if (process.platform !== "linux") return;
  const tool = await bench.add(release("same"));
  const names = linked("same");
  // By thought, by the image of that, and as a change.
  const [first, second] = [await make("first", [tool]), await make("second", [tool])];
  const third = await make("third", [await bench.add(release("another"))]);
  await bench.link({ root: third.root, install: [tool] });
  assert.equal(inodesOf(second, names), inodesOf(first, names));
  assert.equal(inodesOf(third, names), inodesOf(first, names));
  assert.equal(
    targetsOf(first, names),
    names.map((name) => `${tool.entry.path}/tree/${name}`),
  );
  fs.rmSync(second.root, { recursive: true });
  assert.equal(targetsOf(first, names), targetsOf(third, names));
});

test("a link that is kept, and leads elsewhere, is not used", async () => {
  const tool = await bench.add(release("moved"));
  const first = await make("before", [tool]);
  const kept = fs.readdirSync(tool.entry.path).filter((name) => name.startsWith("installed-link-"));
  for (const name of kept) {
    fs.rmSync(path.join(tool.entry.path, name));
    fs.symlinkSync(bench.dir, path.join(tool.entry.path, name));
  }
  fs.rmSync(path.join(bench.dir, "data", "images"), { recursive: true });
  const names = linked("moved");
  assert.equal(targetsOf(await make("after", [tool]), names), targetsOf(first, names));
  const after = kept.map((name) => fs.readlinkSync(path.join(tool.entry.path, name)));
  assert.equal(after.sort(), [...targetsOf(first, names)].sort(), "and others get the right one");
});

test("licenses are a link that metadata has and RECORD names before what is behind it", async () => {
  const tool = await bench.add(release("tool"));
  const { python, sitePackages } = await make("licenses", [tool]);
  const info = path.join(sitePackages, "tool-1.dist-info");
  assert.equal(fs.readdirSync(info).sort(), ["INSTALLER", "METADATA", "RECORD", "WHEEL", "licenses"].sort());
  const rows = recordedPaths(fs.readFileSync(path.join(info, "RECORD"), "utf8"));
  const [link, file] = ["tool-1.dist-info/licenses", "tool-1.dist-info/licenses/LICENSE"].map((row) =>
    rows.indexOf(row),
  ) as [number, number];
  assert.ok(link >= 0 && link < file);
  const program = `import importlib.metadata as m
print([f.read_text() for f in m.files("tool") if f.name == "LICENSE"])`;
  assert.is(spawnSync(python, ["-c", program], { encoding: "utf8" }).stdout, "['as you like\\n']\n");
  for (const mode of ["copy", "hardlink"] as const) {
    const other = await bench.link({ root: path.join(bench.dir, mode), install: [tool], mode });
    assert.not(fs.lstatSync(path.join(other.sitePackages, "tool-1.dist-info/licenses")).isSymbolicLink());
  }
});

test("what is written through it is noticed", async () => {
  const tool = await bench.add({
    name: "single",
    version: "1",
    files: { "single.py": "", "single-1.dist-info/licenses/LICENSE": "" },
  });
  assert.equal(bench.store.find(tool.entry.wheelSha256), tool.entry);
  const folder = path.join(tool.entry.path, "tree/single-1.dist-info/licenses");
  fs.chmodSync(folder, 0o755);
  fs.writeFileSync(path.join(folder, "NEW"), "");
  assert.is(bench.store.find(tool.entry.wheelSha256), undefined);
});

test("where no link can be kept, environments have links of their own, and nothing else is left", async () => {
  const tool = await bench.add(release("hindered"));
  const names = linked("hindered");
  for (const place of names) fs.mkdirSync(path.join(tool.entry.path, `installed-link-${place.replaceAll("/", "%2F")}`));
  const made = await make("alone", [tool]);
  assert.equal(
    targetsOf(made, names),
    names.map((name) => `${tool.entry.path}/tree/${name}`),
  );
  const all = [tool.entry.path, made.root].flatMap((folder) => fs.readdirSync(folder, { recursive: true }) as string[]);
  assert.equal(
    all.filter((name) => name.endsWith(".kept") || path.basename(name).startsWith(".installed")),
    [],
  );
});

test.run();
