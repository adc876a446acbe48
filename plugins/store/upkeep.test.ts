import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Host } from "../../plugin-api/services.ts";
import type { KeptEntry } from "../../plugin-api/store-upkeep.ts";
import { claimFolder } from "../../plugin-api/system/folder-owner.ts";
import { removeTree } from "../../plugin-api/system/remove-tree.ts";
import { killEverywhere } from "../../test/harness/killed-run.ts";
import { asOrdinaryUser } from "../../test/harness/ordinary-user.ts";
import { sessionWith } from "../../test/harness/plugin-session.ts";
import { filesIn, openScene, type Scene } from "./scene.fixture.ts";
import openUpkeep from "./upkeep.ts";

const test = suite<{ scene: Scene }>("upkeep");
test.before.each((context) => {
  context.scene = openScene();
});
test.after.each(({ scene }) => scene.remove());

const HOUR_MS = 3_600_000;
const open = ({ dataDir }: Scene) => openUpkeep(sessionWith([[Host, { dataDir }]]));
function lastUsed({ path: folder }: Pick<KeptEntry, "path">, hoursAgo: number): void {
  const time = new Date(Date.now() - hoursAgo * HOUR_MS);
  fs.utimesSync(path.join(folder, "last_used"), time, time);
}
const module = (file: string): string => JSON.stringify(path.join(import.meta.dirname, file));
const signal = new AbortController().signal;

test("removed entries are gone with their folders, and nothing is left of them", async ({ scene }) => {
  const store = await scene.open();
  const wheel = scene.wheel();
  await store.ingest(wheel);
  store[Symbol.dispose]();
  const upkeep = await open(scene);
  const entries = [...upkeep.entries()];
  assert.equal(
    entries.map(({ label }) => label),
    ["case 1.0"],
  );
  assert.equal(await upkeep.remove(() => entries, "unused"), entries);
  const swept = await upkeep.sweep({ isDryRun: false });
  assert.ok(swept.files > 0);
  upkeep[Symbol.dispose]();
  assert.equal(filesIn(scene.dataDir), []);
  assert.equal(fs.readdirSync(path.join(scene.dataDir, "objects")), []);
  assert.equal((await scene.open()).find(wheel.sha256), undefined);
});

test("what another process may be about to link stays, and what came into use since it was listed", async ({
  scene,
}) => {
  const store = await scene.open();
  const entry = await store.ingest(scene.wheel());
  store[Symbol.dispose]();
  const upkeep = await open(scene);
  const listed = (): readonly KeptEntry[] => [...upkeep.entries()];
  const other = path.join(scene.dataDir, "tmp", "run-of-another");
  fs.mkdirSync(other, { recursive: true });
  claimFolder(other);
  assert.equal(await upkeep.remove(listed, "unused"), [], "found a moment ago, by one who is still at work");
  lastUsed(entry, 3);
  const before = listed();
  lastUsed(entry, 2.5);
  assert.equal(await upkeep.remove(() => before, "unused"), [], "used since");
  assert.is((await upkeep.remove(listed, "unused")).length, 1, "used by nobody for hours");
  upkeep[Symbol.dispose]();
});

test("a lookup waits while entries are being removed, and then does not find them", async ({ scene }) => {
  const store = await scene.open();
  const wheel = scene.wheel();
  await store.ingest(wheel);
  store[Symbol.dispose]();
  const upkeep = await open(scene);
  const looking = await scene.open();
  const removed = await upkeep.remove(() => {
    assert.ok(fs.existsSync(path.join(scene.dataDir, "locks", "store-removing.lock")));
    return [...upkeep.entries()];
  }, "unused");
  assert.is(removed.length, 1);
  assert.is(looking.find(wheel.sha256), undefined);
  upkeep[Symbol.dispose]();
});

test("files that two entries share stay for the other, and count only when the last one goes", async ({ scene }) => {
  const store = await scene.open();
  const data = "shared = 1\n".repeat(1000);
  const one = await store.ingest(scene.wheel({ extra: [{ name: "case/shared.py", data }] }));
  const other = await store.ingest(
    scene.wheel({
      extra: [
        { name: "case/shared.py", data },
        { name: "case/more.py", data: "x = 1\n" },
      ],
    }),
  );
  store[Symbol.dispose]();
  const upkeep = await open(scene);
  const [first] = [...upkeep.entries()].filter(({ id }) => id === one.id) as [KeptEntry];
  const shared = [...upkeep.usage(first).shared.values()];
  assert.ok(shared.some(({ bytes, links, linksHere }) => bytes === data.length && links === 3 && linksHere === 1));
  await upkeep.remove(() => [first], "unused");
  await upkeep.sweep({ isDryRun: false });
  assert.is(fs.readFileSync(path.join(other.path, "tree/case/shared.py"), "utf8"), data);
  const [left] = [...upkeep.entries()] as [KeptEntry];
  assert.ok(upkeep.usage(left).ownBytes > data.length);
  assert.equal((await upkeep.check(left, signal)).faults, []);
  upkeep[Symbol.dispose]();
});

test("what an older version left is none of ours: not found, not judged, and removed as unused", async ({ scene }) => {
  const wheel = scene.wheel();
  const packages = path.join(scene.dataDir, "packages");
  const id = "ab".repeat(32);
  const old = path.join(packages, "ab/ab", id);
  const layout = JSON.stringify({ name: "old", version: "1.0", linkedFolders: [] });
  const files = {
    [path.join(old, "tree/old/__init__.py")]: "",
    [path.join(old, "layout-3.json")]: layout,
    [path.join(old, "record")]: "",
    [path.join(old, "sums")]: "",
    [path.join(old, "last_used")]: "",
    [path.join(packages, "by-wheel-3", wheel.sha256.slice(0, 2), wheel.sha256)]:
      `${id}\n${wheel.filename}\n${layout}\n`,
    [path.join(packages, "known-3/segment")]: "",
  };
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  const store = await scene.open();
  assert.is(store.find(wheel.sha256), undefined);
  const entry = await store.ingest(wheel);
  store[Symbol.dispose]();
  const upkeep = await open(scene);
  const entries = [...upkeep.entries()];
  assert.equal(entries.map(({ label }) => label).toSorted(), ["case 1.0", "old 1.0"]);
  const former = entries.filter((each) => each.id === id);
  assert.equal(await upkeep.check(former[0]!, signal), { files: 0, bytes: 0, faults: [], wrongFiles: [] });
  assert.is(upkeep.usage(former[0]!).files, 5);
  assert.equal(await upkeep.remove(() => former, "unused"), former);
  await upkeep.sweep({ isDryRun: false });
  upkeep[Symbol.dispose]();
  assert.equal(
    filesIn(packages).filter((name) => !name.includes(entry.id) && !name.startsWith("by-wheel-5")),
    [],
  );
});

test("a store that may only be read is read", async ({ scene }) => {
  const store = await scene.open();
  const wheel = scene.wheel();
  const entry = await store.ingest(wheel);
  store[Symbol.dispose]();
  const text = `import open from ${module("store.ts")};
    const store = await open({ use: async () => ({ dataDir: ${JSON.stringify(scene.dataDir)} }), emit() {} });
    console.log(store.find(${JSON.stringify(wheel.sha256)})?.id);`;
  fs.rmdirSync(path.join(scene.dataDir, "tmp"));
  fs.chmodSync(scene.dataDir, 0o555);
  const words = asOrdinaryUser([process.execPath, "-e", text]);
  if (words === undefined) return;
  const { stdout, stderr } = spawnSync(words[0] as string, words.slice(1), { encoding: "utf8" });
  assert.is(stdout, `${entry.id}\n`, stderr);
});

test("killed anywhere, removing leaves an entry whole or takes it, and the next one completes it", async () => {
  const scene = openScene();
  try {
    const wheel = scene.wheel({ extra: [{ name: "case/a/b.py", data: "b = 1\n" }] });
    const script = {
      folder: scene.folder,
      text: `import open from ${module("upkeep.ts")};
        const session = { use: async () => ({ dataDir: ${JSON.stringify(scene.dataDir)} }), signal: new AbortController().signal };
        const upkeep = await open(session);
        const entries = [...upkeep.entries()];
        killBeforeChange(Number(process.argv[2]));
        await upkeep.remove(() => entries, "unused");
        await upkeep.sweep({ isDryRun: false });
        upkeep[Symbol.dispose]();`,
    };
    const kills = await killEverywhere(script, {
      before: async () => {
        removeTree(scene.dataDir);
        const store = await scene.open();
        await store.ingest(wheel);
        store[Symbol.dispose]();
      },
      after: async (n) => {
        const upkeep = await open(scene);
        for (const entry of upkeep.entries()) assert.equal((await upkeep.check(entry, signal)).faults, [], `kill ${n}`);
        await upkeep.remove(() => [...upkeep.entries()], "damaged");
        await upkeep.sweep({ isDryRun: false });
        upkeep[Symbol.dispose]();
        assert.equal(filesIn(scene.dataDir), [], `after kill ${n} and another try`);
      },
    });
    assert.ok(kills > 10, `${kills} kills`);
  } finally {
    scene.remove();
  }
});

test.run();
