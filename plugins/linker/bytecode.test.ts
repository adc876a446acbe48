import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Environment } from "../../plugin-api/model/environment.ts";
import { openLinkBench } from "../../test/harness/link-bench.ts";

const bench = await openLinkBench();
test.after(() => bench.remove());

const run = ({ python }: Environment): string => {
  const { stdout, stderr } = spawnSync(python, ["-B", "-c", "import tool; print(tool.v)"], { encoding: "utf8" });
  return stdout + stderr;
};

for (const mode of ["hardlink", "clone", "copy"] as const)
  test(`a module that was put in the place of a file counts (${mode})`, async () => {
    const tool = await bench.add({ name: "tool", version: "1", files: { "tool/__init__.py": "v = 1\n" } });
    const { interpreter } = await bench.link({ root: path.join(bench.dir, "first"), install: [tool] });
    await bench.store.compile([tool.entry], interpreter, "wait");
    const environment = await bench.link({ root: path.join(bench.dir, mode), install: [tool], mode });
    const folder = path.join(environment.sitePackages, "tool");
    // What was not asked for as links alone brings its bytecode.
    assert.is(fs.existsSync(path.join(folder, "__pycache__")), mode !== "hardlink");
    assert.is(run(environment), "1\n");
    fs.writeFileSync(path.join(folder, "new.py"), "v = 20\n");
    fs.renameSync(path.join(folder, "new.py"), path.join(folder, "__init__.py"));
    assert.is(run(environment), "20\n");
  });

const single = { name: "single", version: "1", files: { "single.py": "v = 1\n", "ns/part.py": "v = 2\n" } };
const MODULES = ["single", "ns/part"];

test("environments share the bytecode of their own files, which holds for the module as it is", async () => {
  const tool = await bench.add(single);
  const { interpreter } = bench;
  const make = (name: string) => bench.link({ root: path.join(bench.dir, name), install: [tool] });
  const bytecodeOf = ({ sitePackages }: Environment): readonly string[] =>
    MODULES.map((name) =>
      path.join(sitePackages, path.dirname(name), "__pycache__", `${path.basename(name)}.${interpreter.cacheTag}.pyc`),
    );
  const inodesOf = (environment: Environment): readonly number[] =>
    bytecodeOf(environment).map((file) => fs.statSync(file).ino);
  const before = await make("before");
  assert.equal(
    bytecodeOf(before).filter((file) => fs.existsSync(file)),
    [],
  );
  await bench.store.compile([tool.entry], interpreter, "wait");
  // By the image that was taken before, and as a change.
  const [one, two] = [await make("one"), await make("two")];
  const three = await bench.link({ root: path.join(bench.dir, "three") });
  await bench.link({ root: three.root, install: [tool] });
  assert.equal(inodesOf(two), inodesOf(one));
  assert.equal(inodesOf(three), inodesOf(one));
  const program = "import single, ns.part; print(single.v, ns.part.v)";
  const runIn = ({ python }: Environment): string => spawnSync(python, ["-c", program], { encoding: "utf8" }).stdout;
  assert.is(runIn(two), "1 2\n");
  assert.equal(inodesOf(two), inodesOf(one), "Python had nothing to write");
  const module = path.join(two.sitePackages, "single.py");
  fs.writeFileSync(`${module}.new`, "v = 10\n");
  fs.renameSync(`${module}.new`, module);
  assert.is(runIn(two), "10 2\n");
  assert.equal([runIn(one), runIn(three)], ["1 2\n", "1 2\n"]);
  assert.equal(inodesOf(three), inodesOf(one));
});

test("so do those in which a package is no link", async () => {
  const torch = await bench.add({ name: "torch", version: "1", files: { "torch/__init__.py": "v = 1\n" } });
  await bench.store.compile([torch.entry], bench.interpreter, "wait");
  const make = (name: string) => bench.link({ root: path.join(bench.dir, name), install: [torch] });
  const inodeOf = ({ sitePackages }: Environment): number =>
    fs.statSync(path.join(sitePackages, `torch/__pycache__/__init__.${bench.interpreter.cacheTag}.pyc`)).ino;
  assert.is(inodeOf(await make("torch-one")), inodeOf(await make("torch-two")));
});

test("what is kept of it is made again where not all of it is there", async () => {
  const torn = await bench.add({ name: "torn", version: "1", files: { "torn.py": "v = 1\n" } });
  await bench.store.compile([torn.entry], bench.interpreter, "wait");
  const make = (name: string) => bench.link({ root: path.join(bench.dir, name), install: [torn] });
  const bytecodeOf = ({ sitePackages }: Environment): Buffer =>
    fs.readFileSync(path.join(sitePackages, `__pycache__/torn.${bench.interpreter.cacheTag}.pyc`));
  const whole = bytecodeOf(await make("torn-one"));
  const [kept = ""] = fs.globSync(path.join(torn.entry.path, "installed-bytecode/*"));
  // As after a loss of power: the name and the beginning were on the disk, the rest was not.
  fs.rmSync(kept);
  fs.writeFileSync(kept, whole.subarray(0, 20));
  fs.rmSync(path.join(bench.dir, "data", "images"), { recursive: true });
  assert.equal(bytecodeOf(await make("torn-two")), whole);
  assert.equal(fs.readdirSync(path.dirname(kept)).length, 1);
});

test.run();
