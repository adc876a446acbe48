import { spawn } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blake3Hex } from "../../plugin-api/blake3/blake3.ts";
import { encodeDpp } from "../../plugin-api/dpp/encode.ts";
import { readWheelParts } from "../../plugin-api/dpp/from-wheel.ts";
import { openDpp } from "../../plugin-api/dpp/open.ts";
import type { PybunError } from "../../plugin-api/error.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import { removeTree } from "../../plugin-api/system/remove-tree.ts";
import { hostileWheel, hostileZip, type Piece, wheelPieces } from "../../test/harness/hostile-zip.ts";
import { describeInterpreter } from "../../test/harness/interpreter.ts";
import { requirePython } from "../../test/harness/python.ts";
import { filesIn, openScene, type Scene } from "./scene.fixture.ts";

const test = suite<{ scene: Scene }>("store");
test.before.each((context) => {
  context.scene = openScene();
});
test.after.each(({ scene }) => scene.remove());

const file = (name: string, data = "x = 1\n", mode = 0o100644): Piece => ({ name, data, mode });
const inode = (entry: StoreEntry, name: string): number => fs.statSync(path.join(entry.path, "tree", name)).ino;
const failure = async (work: Promise<unknown>): Promise<PybunError> =>
  work.then(
    () => assert.unreachable("nothing was refused") as never,
    (error: PybunError) => error,
  );

test("unpacks a wheel read-only, finds it again and describes it", async ({ scene }) => {
  const wheel = scene.wheel({
    extra: [
      file("case/run.sh", "#!/bin/sh\n", 0o106777),
      file("top.py"),
      file("case-1.0.data/purelib/pure/__init__.py"),
      file("case-1.0.data/scripts/tool", "#!python\n", 0o100755),
      file("case-1.0.data/data/share/a,b.txt"),
      file("case-1.0.dist-info/entry_points.txt", "[console_scripts]\ncase = case:main\n"),
      file("case-1.0.dist-info/licenses/LICENSE"),
    ],
    record: (text) => text.replace("case-1.0.data/data/share/a,b.txt", '"case-1.0.data/data/share/a,b.txt"'),
  });
  const store = await scene.open();
  assert.is(store.find(wheel.sha256), undefined);
  const entry = await store.ingest(wheel);
  assert.equal(store.find(wheel.sha256), entry);
  assert.equal((await scene.open()).find(wheel.sha256), entry);
  assert.is(entry.path, path.join(scene.dataDir, "packages", entry.id.slice(0, 2), entry.id.slice(2, 4), entry.id));
  const layout = store.layout(entry);
  assert.equal([...layout.folders].sort(), ["case", "pure"]);
  assert.equal(layout.files, ["top.py"]);
  assert.is(layout.infoDir, "case-1.0.dist-info");
  assert.equal([...layout.infoFiles].sort(), ["METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"]);
  assert.equal(
    layout.data.map(({ scheme, tree, path, isExecutable }) => [scheme, tree, path, isExecutable]),
    [
      ["data", "case-1.0.data/data/share/a,b.txt", "share/a,b.txt", false],
      ["scripts", "case-1.0.data/scripts/tool", "tool", true],
    ],
  );
  assert.equal(layout.consoleScripts, [{ name: "case", module: "case", attribute: "main" }]);
  assert.is(layout.fileCount, 11);
  const mode = (name: string) => fs.statSync(path.join(entry.path, "tree", name)).mode & 0o7777 & 0o6777;
  assert.is(mode("case/__init__.py"), 0o444 & ~process.umask());
  assert.is(mode("case/run.sh"), 0o555 & ~process.umask());
});

test("gives RECORD rows of what goes into site-packages, where it lies there", async ({ scene }) => {
  const extra = [file("case-1.0.data/purelib/pure.py"), file("case-1.0.data/scripts/tool"), file('case/q"uo,te.py')];
  const record = (text: string) => text.replace('case/q"uo,te.py', '"case/q""uo,te.py"');
  const store = await scene.open();
  const entry = await store.ingest(scene.wheel({ extra, record }));
  const rows = store.recordRows(entry);
  const paths = rows.split("\n").map((row) => row.split(",sha256=")[0]);
  assert.equal(paths, [
    "pure.py",
    "case-1.0.dist-info/METADATA",
    "case-1.0.dist-info/WHEEL",
    "case/__init__.py",
    '"case/q""uo,te.py"',
    "",
  ]);
  const digest = crypto.createHash("sha256").update("x = 1\n").digest("base64url");
  assert.ok(rows.includes(`pure.py,sha256=${digest},6\n`));
  assert.is(store.layout(entry).data[0]?.record, `sha256=${digest},6`);
});

const refused: readonly (readonly [name: string, lies: Parameters<Scene["wheel"]>[0], code: string])[] = [
  ["an unsafe archive", hostileZip(wheelPieces(), { tail: Buffer.from("x") }), "E_ARCHIVE_UNSAFE"],
  ["a RECORD that lies", { rows: "ghost.py,,\n" }, "E_ARCHIVE_UNSAFE"],
  [
    "content that RECORD does not list",
    { record: (text) => text.replace(/sha256=.../, "sha256=AAA") },
    "E_HASH_MISMATCH",
  ],
  [
    "a last file with a wrong CRC",
    hostileZip(wheelPieces().map((piece, i, all) => (i === all.length - 2 ? { ...piece, crc: 7 } : piece))),
    "E_ARCHIVE_UNSAFE",
  ],
];
for (const [name, lies, code] of refused) {
  test(`refuses ${name} and leaves no file behind`, async ({ scene }) => {
    const wheel = scene.wheel(lies);
    const store = await scene.open();
    assert.is((await failure(store.ingest(wheel))).code, code);
    assert.is(store.find(wheel.sha256), undefined);
    assert.equal(fs.readdirSync(store.temporaryDir), ["owner.json"]);
    store[Symbol.dispose]();
    assert.equal(filesIn(scene.dataDir), []);
    assert.ok(fs.existsSync(wheel.path));
  });
}

test("refuses a file that is not the announced one; a download of it goes", async ({ scene }) => {
  const wheel = scene.wheel();
  const other = crypto.hash("sha256", "another file") as Sha256;
  const store = await scene.open();
  const error = await failure(store.ingest({ ...wheel, sha256: other }));
  assert.is(error.code, "E_HASH_MISMATCH");
  assert.ok(error.detail.evidence?.join().includes(wheel.sha256));
  assert.ok(fs.existsSync(wheel.path));
  const download = path.join(store.temporaryDir, "download");
  fs.copyFileSync(wheel.path, download);
  await failure(store.ingest({ path: download, filename: wheel.filename, sha256: other }));
  assert.not.ok(fs.existsSync(download));
  assert.is(store.find(other), undefined);
});

test("keeps equal content once, within a wheel and between wheels", async ({ scene }) => {
  const text = "shared = True\n".repeat(100);
  const one = scene.wheel({
    extra: [file("case/a.py", text), file("case/b.py", text), file("case/x", text, 0o100755)],
  });
  const two = scene.wheel({ extra: [file("case/c.py", text), file("case/empty.py", "")] });
  const store = await scene.open();
  const [first, second] = [await store.ingest(one), await store.ingest(two)];
  assert.is(inode(first, "case/a.py"), inode(second, "case/c.py"));
  assert.is(inode(first, "case/a.py"), inode(first, "case/b.py"));
  assert.is.not(inode(first, "case/a.py"), inode(first, "case/x"));
  assert.is(fs.readFileSync(path.join(second.path, "tree/case/c.py"), "utf8"), text);
  const objects = filesIn(path.join(scene.dataDir, "objects"));
  assert.ok(objects.every((name) => /^([0-9a-f]{2})\/\1[0-9a-f]{62}(-x)?$/.test(name)));
  assert.is(objects.filter((name) => name.endsWith("-x")).length, 1);
  assert.is(filesIn(path.join(first.path, "tree")).filter((name) => name.endsWith(".py")).length, 3);
});

test("two ingests at once share what both bring", async ({ scene }) => {
  const text = "shared = True\n".repeat(100);
  const store = await scene.open();
  const wheels = [scene.wheel({ extra: [file("case/a.py", text)] }), scene.wheel({ extra: [file("case/b.py", text)] })];
  const [first, second] = (await Promise.all(wheels.map((wheel) => store.ingest(wheel)))) as [StoreEntry, StoreEntry];
  assert.is(inode(first, "case/a.py"), inode(second, "case/b.py"));
});

test("goes on without sharing where there are no hard links", async ({ scene }) => {
  fs.mkdirSync(scene.dataDir);
  fs.writeFileSync(path.join(scene.dataDir, "objects"), "in the way");
  const entry = await (await scene.open()).ingest(scene.wheel());
  assert.is(fs.readFileSync(path.join(entry.path, "tree/case/__init__.py"), "utf8"), "value = 1\n");
});

test("an entry is named for its record, which tells of one archive; what is in two is there once", async ({
  scene,
}) => {
  const stored = hostileZip(
    wheelPieces()
      .map((piece) => ({ ...piece, method: 0 }))
      .toReversed(),
  );
  const store = await scene.open();
  const wheels = [scene.wheel(), scene.wheel(stored, "case-1.0-1-py3-none-any.whl")] as const;
  const [one, two] = [await store.ingest(wheels[0]), await store.ingest(wheels[1])];
  assert.is.not(one.id, two.id);
  assert.is(store.find(two.wheelSha256)?.filename, "case-1.0-1-py3-none-any.whl");
  for (const name of filesIn(path.join(one.path, "tree"))) assert.is(inode(one, name), inode(two, name), name);
  for (const [entry, wheel] of [
    [one, wheels[0]],
    [two, wheels[1]],
  ] as const) {
    const record = fs.readFileSync(path.join(entry.path, "record.dpp"));
    assert.is(blake3Hex(record), entry.id);
    // A DPP made of the wheel names the entry.
    const dpp = openDpp(encodeDpp(readWheelParts(fs.readFileSync(wheel.path), wheel.filename)), "x.dpp");
    assert.is(dpp.storeId(), entry.id);
    openDpp(record, "record.dpp").verify();
  }
});

test("does the work of two ingests of one wheel once", async ({ scene }) => {
  const store = await scene.open();
  const wheel = scene.wheel();
  const both = [store.ingest(wheel), store.ingest(wheel)];
  assert.is(both[0], both[1]);
  await both[0];
  const before = fs.statSync(path.join(scene.dataDir, "packages")).mtimeMs;
  await store.ingest(wheel);
  assert.is(fs.statSync(path.join(scene.dataDir, "packages")).mtimeMs, before);
});

test("processes that take in one wheel at the same time all get it", async ({ scene }) => {
  const wheel = scene.wheel({ extra: [file("case/large.py", "x = 1\n".repeat(50_000))] });
  const script = path.join(scene.folder, "ingest.ts");
  fs.writeFileSync(
    script,
    `import { Host } from ${JSON.stringify(path.join(import.meta.dirname, "../../plugin-api/services.ts"))};
    import open from ${JSON.stringify(path.join(import.meta.dirname, "store.ts"))};
    const session = { use: async (key) => key === Host ? { dataDir: ${JSON.stringify(scene.dataDir)} } : undefined, emit() {} };
    const store = await open(session);
    const entry = await store.ingest(${JSON.stringify(wheel)});
    console.log(entry.id, store.layout(entry).fileCount);`,
  );
  const run = () =>
    new Promise<string>((resolve, reject) => {
      const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
      child.on("error", reject).on("close", (code) => (code === 0 ? resolve(output) : reject(new Error(`${code}`))));
    });
  const outputs = await Promise.all([run(), run(), run()]);
  assert.is(new Set(outputs).size, 1);
  assert.match(outputs.join(""), / 5\n$/);
  assert.equal(filesIn(path.join(scene.dataDir, "tmp")), []);
  assert.equal(filesIn(path.join(scene.dataDir, "locks")), []);
});

test("a damaged entry is not found, and made whole by the next ingest", async ({ scene }) => {
  const wheel = scene.wheel();
  const store = await scene.open();
  const entry = await store.ingest(wheel);
  fs.chmodSync(path.join(entry.path, "tree/case-1.0.dist-info"), 0o755);
  fs.rmSync(path.join(entry.path, "tree/case-1.0.dist-info/RECORD"));
  fs.rmSync(path.join(entry.path, "last_used"));
  assert.is(store.find(wheel.sha256), undefined);
  const isDamaged = (error: PybunError): boolean => error.code === "E_STORE_DAMAGED";
  const another = await scene.open();
  assert.throws(() => another.layout(entry), isDamaged);
  assert.throws(() => store.recordRows(entry), isDamaged);
  assert.equal(await store.ingest(wheel), entry);
  assert.is(store.layout(entry).name, "case");
  const pointer = path.join(scene.dataDir, "packages/by-wheel-5", wheel.sha256.slice(0, 2), wheel.sha256);
  for (const text of [
    "",
    "\n",
    `${entry.id}\n`,
    `../../../etc\n${wheel.filename}\n`,
    `${entry.id}\n${wheel.filename}`,
    `${entry.id}\n${wheel.filename}\n`,
    `${entry.id}\n${wheel.filename}\n{}`,
  ]) {
    fs.writeFileSync(pointer, text);
    assert.is(another.find(wheel.sha256), undefined, JSON.stringify(text));
  }
  assert.equal(await store.ingest(wheel), entry);
  assert.equal(store.find(wheel.sha256), entry);
});

test("a wheel that was found once is found without its pointer, by other processes too, until its entry is gone", async ({
  scene,
}) => {
  const wheel = scene.wheel();
  const store = await scene.open();
  const entry = await store.ingest(wheel);
  assert.equal(store.find(wheel.sha256), entry);
  const interpreter = await describeInterpreter(requirePython(), scene.dataDir);
  await store.compile([entry], interpreter, "wait");
  fs.rmSync(path.join(scene.dataDir, "packages/by-wheel-5"), { recursive: true });
  const another = await scene.open();
  assert.equal(another.find(wheel.sha256), entry);
  assert.is(another.layout(entry).name, "case");
  removeTree(entry.path);
  assert.is(another.find(wheel.sha256), undefined);
});

test("folders are read-only, and bytecode changes none of them", async ({ scene }) => {
  const store = await scene.open();
  const wheel = scene.wheel({ extra: [file("case/deep/m.py"), file("top.py"), file("case/data/x.txt")] });
  const entry = await store.ingest(wheel);
  const tree = path.join(entry.path, "tree");
  const folders = ["", "case", "case/deep", "case/data", "case-1.0.dist-info", "case/deep/__pycache__", "__pycache__"];
  const modes = folders.map((name) => fs.statSync(path.join(tree, name)).mode & 0o777);
  assert.equal(new Set(modes), new Set([0o555 & ~process.umask()]));
  const compiled = await store.compile([entry], await describeInterpreter(requirePython(), scene.dataDir), "wait");
  assert.is(compiled.compiled, 3);
  assert.equal(store.find(wheel.sha256), entry);
});

const written: readonly (readonly [what: string, write: (tree: string) => void])[] = [
  ["a file was added", (tree) => fs.writeFileSync(path.join(tree, "case/new.py"), "")],
  ["a file was removed", (tree) => fs.rmSync(path.join(tree, "case/__init__.py"))],
  ["a folder is gone", (tree) => fs.rmSync(path.join(tree, "case"), { recursive: true })],
  [
    "a part of a namespace package was replaced",
    (tree) => {
      fs.rmSync(path.join(tree, "ns/part/m.py"));
      fs.writeFileSync(path.join(tree, "ns/part/m.py"), "other = 1\n");
    },
  ],
];
for (const [what, write] of written) {
  test(`an entry into which somebody wrote is not found, and put right where it is: ${what}`, async ({ scene }) => {
    const wheel = scene.wheel({ extra: [file("ns/part/m.py"), file("ns/part/__init__.py", "")] });
    const store = await scene.open();
    const entry = await store.ingest(wheel);
    const tree = path.join(entry.path, "tree");
    const whole = filesIn(tree).map((name) => [name, fs.readFileSync(path.join(tree, name), "utf8")]);
    for (const folder of ["case", "ns/part"]) fs.chmodSync(path.join(tree, folder), 0o755);
    write(tree);
    assert.is(store.find(wheel.sha256), undefined);
    assert.equal(await store.ingest(wheel), entry);
    assert.equal(store.find(wheel.sha256), entry);
    assert.equal(
      filesIn(tree).map((name) => [name, fs.readFileSync(path.join(tree, name), "utf8")]),
      whole,
    );
    store[Symbol.dispose]();
    assert.equal(filesIn(path.join(scene.dataDir, "tmp")), []);
  });
}

test("notes the use of an entry at most once an hour", async ({ scene }) => {
  const store = await scene.open();
  const wheel = scene.wheel();
  const entry = await store.ingest(wheel);
  const lastUsed = path.join(entry.path, "last_used");
  const at = (minutesAgo: number) => {
    const time = new Date(Date.now() - minutesAgo * 60_000);
    fs.utimesSync(lastUsed, time, time);
    store.find(wheel.sha256);
    return Math.round((Date.now() - fs.statSync(lastUsed).mtimeMs) / 60_000);
  };
  assert.is(at(30), 30);
  assert.is(at(90), 0);
});

test("takes in a member too large to hold at once", async ({ scene }) => {
  const data = Buffer.alloc(20_000_000, "0123456789abcdef\n");
  const store = await scene.open();
  const entry = await store.ingest(scene.wheel({ extra: [{ name: "case/large.bin", data }] }));
  assert.ok(fs.readFileSync(path.join(entry.path, "tree/case/large.bin")).equals(data));
  const lies = {
    extra: [{ name: "case/large.bin", data }],
    record: (text: string) => text.replace(/(large.bin,sha256=)../, "$1AA"),
  };
  assert.is((await failure(store.ingest(scene.wheel(hostileWheel(lies))))).code, "E_HASH_MISMATCH");
});

test("looking up makes no folder", async ({ scene }) => {
  const store = await scene.open();
  store.find(scene.wheel().sha256);
  store[Symbol.dispose]();
  assert.not.ok(fs.existsSync(scene.dataDir));
});

test.run();
