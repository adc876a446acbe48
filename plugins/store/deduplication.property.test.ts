import fs from "node:fs";
import path from "node:path";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { blake3Hex } from "../../plugin-api/blake3/blake3.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import { Host } from "../../plugin-api/services.ts";
import type { StoreUpkeep } from "../../plugin-api/store-upkeep.ts";
import { sessionWith } from "../../test/harness/plugin-session.ts";
import { filesIn, openScene, type Scene } from "./scene.fixture.ts";
import openUpkeep from "./upkeep.ts";

const RUNS = { numRuns: Number(process.env["RUNS"] ?? 100) };
const signal = new AbortController().signal;

interface Member {
  readonly name: string;
  readonly data: Uint8Array;
  readonly isExecutable: boolean;
}

/** Few contents, so that they meet: within a wheel, between wheels, executable here and not there. */
const contents = [
  Buffer.alloc(0),
  Buffer.from("x = 1\n"),
  Buffer.from("y = 2\n".repeat(300)),
  Buffer.from([0, 255, 10]),
];
const member = fc.record({
  name: fc
    .tuple(
      fc.constantFrom("case/", "case/deep/", "case-1.0.data/scripts/", "case-1.0.data/purelib/"),
      fc.nat({ max: 5 }),
    )
    .map(([folder, number]) => `${folder}m${number}`),
  data: fc.oneof(fc.constantFrom(...contents), fc.uint8Array({ maxLength: 20 })),
  isExecutable: fc.boolean(),
});
const members: fc.Arbitrary<readonly Member[]> = fc.uniqueArray(member, {
  maxLength: 7,
  // Where a file of this folder lies in the tree, it must meet none of the others.
  selector: ({ name }) => name.replace("case-1.0.data/purelib/", ""),
});
const wheelsOf = (count: number) => fc.array(members, { minLength: count, maxLength: count });
const history = fc.record({
  wheels: fc.oneof({ weight: 3, arbitrary: wheelsOf(2) }, { weight: 1, arbitrary: wheelsOf(3) }),
  // One after the other they take three times as long: each waits for the disk.
  isAtOnce: fc.nat({ max: 3 }).map((number) => number > 0),
  /** Which of them goes, and comes again. */
  leaving: fc.nat(),
  isSwept: fc.boolean(),
});

const treeOf = ({ path: folder }: Pick<StoreEntry, "path">): string => path.join(folder, "tree");
const keyOf = (file: string): string => {
  const key = blake3Hex(fs.readFileSync(file));
  return fs.statSync(file).mode & 0o111 ? `${key}-x` : key;
};

/** Every file is what its wheel had, and each content of one mode is one file on disk, whose name says what it holds. */
function checkShared(scene: Scene, live: readonly (readonly [entry: StoreEntry, given: readonly Member[]])[]): void {
  const objects = new Map(
    filesIn(path.join(scene.dataDir, "objects")).map((name) => [
      path.basename(name),
      fs.statSync(path.join(scene.dataDir, "objects", name)).ino,
    ]),
  );
  for (const [entry, given] of live) {
    const tree = treeOf(entry);
    for (const { name, data, isExecutable } of given) {
      const file = path.join(tree, name.replace("case-1.0.data/purelib/", ""));
      assert.ok(fs.readFileSync(file).equals(data), name);
      assert.is((fs.statSync(file).mode & 0o111) !== 0, isExecutable, name);
    }
    for (const name of filesIn(tree)) {
      const file = path.join(tree, name);
      const { ino, size } = fs.statSync(file);
      // What holds nothing needs no sharing.
      if (size > 0) assert.is(ino, objects.get(keyOf(file)), `${name} is not the shared file`);
    }
  }
}

/** Nothing is left of what nobody has, and nothing that somebody has is gone. */
function checkSwept(scene: Scene, live: readonly (readonly [entry: StoreEntry, ...unknown[]])[]): void {
  const needed = live.flatMap(([entry]) => filesIn(treeOf(entry)).map((name) => path.join(treeOf(entry), name)));
  const keys = needed.filter((file) => fs.statSync(file).size > 0).map(keyOf);
  const objects = filesIn(path.join(scene.dataDir, "objects")).map((name) => path.basename(name));
  assert.equal(objects.toSorted(), [...new Set(keys)].toSorted());
}

async function remove(upkeep: StoreUpkeep, id: string, isSwept: boolean): Promise<void> {
  await upkeep.remove(() => [...upkeep.entries()].filter((entry) => entry.id === id), "unused");
  if (isSwept) await upkeep.sweep({ isDryRun: false });
}

test("PROP-7: equal content is there once, every reference holds, also when another owner of it goes and comes again", async () => {
  const property = fc.asyncProperty(history, async ({ wheels, isAtOnce, leaving, isSwept }) => {
    const scene = openScene();
    try {
      const given = wheels.map((all) => {
        const extra = all.map(({ name, data, isExecutable }) => {
          return { name, data: Buffer.from(data), mode: isExecutable ? 0o100755 : 0o100644 };
        });
        return { all, file: scene.wheel({ extra }) };
      });
      const store = await scene.open();
      const take = async ({ all, file }: (typeof given)[number]) => [await store.ingest(file), all] as const;
      const live: (readonly [StoreEntry, readonly Member[]])[] = [];
      if (isAtOnce) live.push(...(await Promise.all(given.map(take))));
      else for (const each of given) live.push(await take(each));
      checkShared(scene, live);
      store[Symbol.dispose]();

      const upkeep = await openUpkeep(sessionWith([[Host, { dataDir: scene.dataDir }]]));
      const gone = given[leaving % given.length]!;
      const [{ id }] = live[leaving % given.length]!;
      const left = live.filter(([entry]) => entry.id !== id);
      await remove(upkeep, id, isSwept);
      checkShared(scene, left);
      if (isSwept) checkSwept(scene, left);
      const again = await scene.open();
      const back = await again.ingest(gone.file);
      assert.is(back.id, id);
      checkShared(scene, [...left, [back, gone.all]]);
      for (const entry of upkeep.entries()) assert.equal((await upkeep.check(entry, signal)).faults, []);
      upkeep[Symbol.dispose]();
    } finally {
      scene.remove();
    }
  });
  await fc.assert(property, RUNS);
});

test.run();
