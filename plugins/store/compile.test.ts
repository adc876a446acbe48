import { execFileSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../../plugin-api/error.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { type Python, pythons, requirePython } from "../../test/harness/python.ts";
import { makeWheel } from "../../test/harness/wheel.ts";
import { filesIn, openScene, type Scene } from "./scene.fixture.ts";

const test = suite<{ scene: Scene }>("compile");
test.before.each((context) => {
  context.scene = openScene();
});
test.after.each(({ scene }) => scene.remove());

const tagOf = ({ version: [major, minor] }: Python): string => `cpython-${major}${minor}`;
const interpreterOf = (python: Python) => ({ path: python.path, cacheTag: tagOf(python) }) as Interpreter;
const treeOf = (entry: StoreEntry): string => path.join(entry.path, "tree");
const bytecodeIn = (entry: StoreEntry): string[] => filesIn(treeOf(entry)).filter((name) => name.endsWith(".pyc"));
const python = requirePython();
const tag = tagOf(python);

const modules = {
  extra: [
    { name: "case/deep/m.py", data: "value = 1\n" },
    { name: "case/broken.py", data: "def (:\n" },
    { name: "case/nul.py", data: "x = '\0'\n" },
    { name: "case/latin.py", data: Buffer.from("x = '\xe9'\n", "latin1") },
    { name: "case/tests/test_m.py", data: "value = 1\n" },
    { name: "case-1.0.data/scripts/tool.py", data: "value = 1\n" },
    { name: "top.py", data: "value = 1\n" },
  ],
};

test("compiles every module once, unchecked, and leaves the wheel's own files alone", async ({ scene }) => {
  const store = await scene.open();
  const entry = await store.ingest(scene.wheel(modules));
  const before = filesIn(treeOf(entry));
  const rows = store.recordRows(entry);
  assert.equal(await store.compile([entry], interpreterOf(python), "wait"), { compiled: 3, failed: 3 });
  assert.equal(bytecodeIn(entry), [
    `__pycache__/top.${tag}.pyc`,
    `case/__pycache__/__init__.${tag}.pyc`,
    `case/deep/__pycache__/m.${tag}.pyc`,
  ]);
  // PEP 552: bit 0 says that a hash follows, bit 1 that it be checked.
  for (const name of bytecodeIn(entry)) assert.is(fs.readFileSync(path.join(treeOf(entry), name)).readUInt32LE(4), 1);
  assert.equal(
    filesIn(treeOf(entry)).filter((name) => !name.endsWith(".pyc")),
    before,
  );
  assert.is(store.recordRows(entry), rows);
  const lines = fs
    .readFileSync(path.join(entry.path, `compiled-${tag}`), "utf8")
    .trimEnd()
    .split("\n");
  const digestOf = (name: string) => crypto.hash("sha256", fs.readFileSync(path.join(treeOf(entry), name)));
  assert.equal(
    lines.sort((a, b) => (a.slice(65) < b.slice(65) ? -1 : 1)),
    bytecodeIn(entry).map((name) => `${digestOf(name)} ${name}`),
  );
  const folders = ["case", "case/__pycache__", "case/deep/__pycache__", "__pycache__"];
  const modeOf = (name: string) => fs.statSync(path.join(treeOf(entry), name)).mode & 0o222;
  assert.equal(folders.map(modeOf), [0, 0, 0, 0], "read-only again");
  assert.equal(await store.compile([entry], interpreterOf(python), "wait"), { compiled: 0, failed: 0 });
});

test("Python imports the bytecode, from wherever the folder is linked to", async ({ scene }) => {
  const store = await scene.open();
  const entry = await store.ingest(scene.wheel(modules));
  await store.compile([entry], interpreterOf(python), "wait");
  const module = path.join(treeOf(entry), "case/deep/m.py");
  fs.chmodSync(path.dirname(module), 0o755);
  fs.rmSync(module);
  fs.writeFileSync(module, "value = 2\n");
  const site = path.join(scene.folder, "site");
  fs.mkdirSync(site);
  fs.symlinkSync(path.join(treeOf(entry), "case"), path.join(site, "case"));
  const program = `import sys; sys.path.insert(0, ${JSON.stringify(site)}); import case.deep.m as m; print(m.value, m.__file__)`;
  const output = execFileSync(python.path, ["-I", "-B", "-c", program], { encoding: "utf8" });
  assert.is(output, `1 ${path.join(site, "case/deep/m.py")}\n`);
});

test("interpreters of two versions share a tree", async ({ scene }) => {
  const [newer, older] = pythons();
  if (older === undefined || newer === undefined) return;
  const store = await scene.open();
  const entry = await store.ingest(scene.wheel());
  await Promise.all([newer, older].map((one) => store.compile([entry], interpreterOf(one), "wait")));
  const names = [newer, older].map((one) => `case/__pycache__/__init__.${tagOf(one)}.pyc`);
  assert.equal(bytecodeIn(entry), names.sort());
});

test("keeps bytecode that the wheel brought", async ({ scene }) => {
  const brought = `case/__pycache__/__init__.${tag}.pyc`;
  const store = await scene.open();
  const entry = await store.ingest(scene.wheel({ extra: [{ name: brought, data: "as published" }] }));
  assert.equal(await store.compile([entry], interpreterOf(python), "wait"), { compiled: 0, failed: 0 });
  assert.is(fs.readFileSync(path.join(treeOf(entry), brought), "utf8"), "as published");
});

test("several processes compile one entry at the same time", async ({ scene }) => {
  const store = await scene.open();
  const entry = await store.ingest(scene.wheel(modules));
  const all = await Promise.all([1, 2, 3].map(() => store.compile([entry], interpreterOf(python), "wait")));
  assert.ok(all.some(({ compiled }) => compiled > 0));
  assert.is(bytecodeIn(entry).length, 3);
});

test("detached, it returns at once and gets done", async ({ scene }) => {
  const store = await scene.open();
  const entry = await store.ingest(scene.wheel(modules));
  assert.equal(await store.compile([entry], interpreterOf(python), "detach"), { compiled: 0, failed: 0 });
  const marker = path.join(entry.path, `compiled-${tag}`);
  const latestMs = performance.now() + 20_000;
  while (!fs.existsSync(marker) && performance.now() < latestMs) await new Promise((resolve) => setImmediate(resolve));
  assert.is(bytecodeIn(entry).length, 3);
});

test("what has no modules, as most editable wheels, is noted without a Python", async ({ scene }) => {
  const store = await scene.open();
  const { filename, bytes } = makeWheel({ name: "case", version: "1.0", files: { "_case.pth": "/somewhere\n" } });
  const entry = await store.ingest(scene.wheel(bytes, filename));
  const none = { ...interpreterOf(python), path: "/no/python" };
  assert.equal(await store.compile([entry], none, "wait"), { compiled: 0, failed: 0 });
  assert.is(fs.readFileSync(path.join(entry.path, `compiled-${tag}`), "utf8"), "");
  const other = await store.ingest(scene.wheel(modules));
  await store.compile([entry, other], interpreterOf(python), "wait");
  assert.is(bytecodeIn(other).length, 3);
});

test("says what Python said when it could not compile", async ({ scene }) => {
  const store = await scene.open();
  const entry = await store.ingest(scene.wheel(modules));
  const folder = path.join(treeOf(entry), "case/deep");
  fs.chmodSync(folder, 0o755);
  fs.rmdirSync(path.join(folder, "__pycache__"));
  fs.writeFileSync(path.join(folder, "__pycache__"), "in the way");
  const error = await store.compile([entry], interpreterOf(python), "wait").then(
    () => assert.unreachable() as never,
    (error: PybunError) => error,
  );
  assert.is(error.code, "E_STORE_COMPILE");
  assert.match(error.detail.evidence?.join("\n") ?? "", /__pycache__/);
  assert.not.ok(fs.existsSync(path.join(entry.path, `compiled-${tag}`)));
});

test.run();
