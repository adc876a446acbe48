import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withLock } from "../system/lock-file.ts";
import type { Entry } from "./format.ts";
import { Pack } from "./pack.ts";
import { lockFile, PACK, SEGMENT, tableFile } from "./places.ts";

const test = suite("pack");

const inFolder = (body: (folder: string) => Promise<void>) => async (): Promise<void> => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "pack-"));
  try {
    await body(path.join(root, "pack"));
  } finally {
    fs.rmSync(root, { recursive: true });
  }
};
const entry = (key: string, value: string | Uint8Array, more: Partial<Entry> = {}): Entry => ({
  key,
  note: "",
  value: typeof value === "string" ? Buffer.from(value) : value,
  checkedAtS: 100,
  freshUntilS: 200,
  ...more,
});
const read = (pack: Pack, key: string): string | undefined => {
  const record = pack.find(key);
  return record && Buffer.from(record.value).toString();
};
const packs = (folder: string): string[] => fs.readdirSync(folder).filter((name) => PACK.test(name));
const segments = (folder: string): string[] => fs.readdirSync(folder).filter((name) => SEGMENT.test(name));
const write = async (folder: string, ...entries: readonly Entry[]): Promise<void> => {
  const pack = new Pack(folder);
  for (const each of entries) pack.put(each);
  await pack.flush();
};

test(
  "gives back what was put, in this process and the next",
  inFolder(async (folder) => {
    const put = entry("a key – with ü", "value", { note: "etag\nmore", checkedAtS: 7, freshUntilS: 9 });
    const first = new Pack(folder);
    assert.is(first.find(put.key), undefined);
    first.put(put);
    assert.is(read(first, put.key), "value");
    await first.flush();
    for (const pack of [first, new Pack(folder)]) {
      const found = pack.find(put.key);
      assert.equal([found?.note, found?.checkedAtS, found?.freshUntilS], ["etag\nmore", 7, 9]);
      assert.is(read(pack, put.key), "value");
    }
    assert.is(new Pack(folder).find("another"), undefined);
  }),
);

test(
  "values lie at multiples of eight, empty ones included",
  inFolder(async (folder) => {
    await write(folder, ...Array.from({ length: 40 }, (_, i) => entry("k".repeat(i + 1), Buffer.alloc(i, i))));
    const pack = new Pack(folder);
    for (let i = 0; i < 40; i++) {
      const value = pack.find("k".repeat(i + 1))?.value as Uint8Array;
      assert.equal(
        [...value],
        Array.from({ length: i }, () => i),
      );
      assert.is(value.byteOffset % 8, 0);
    }
  }),
);

test(
  "the last one put under a key counts",
  inFolder(async (folder) => {
    await write(folder, entry("a", "1"), entry("a", "2"), entry("b", "1"));
    await write(folder, entry("a", "3"));
    const pack = new Pack(folder);
    assert.equal([read(pack, "a"), read(pack, "b")], ["3", "1"]);
  }),
);

test(
  "a renewal changes times and nothing else, wherever the record lies",
  inFolder(async (folder) => {
    await write(folder, entry("packed", "value"));
    const other = new Pack(folder);
    other.put(entry("beside", "value"));
    other.spill();
    const size = fs.statSync(path.join(folder, packs(folder)[0] as string)).size;
    const pack = new Pack(folder);
    pack.put(entry("pending", "value"));
    for (const key of ["packed", "beside", "pending"]) {
      pack.renew(key, { checkedAtS: 300, freshUntilS: 400 });
      assert.equal([pack.find(key)?.checkedAtS, pack.find(key)?.freshUntilS], [300, 400], key);
    }
    pack.renew("absent", { checkedAtS: 1, freshUntilS: 1 });
    const next = new Pack(folder);
    assert.equal([next.find("packed")?.freshUntilS, next.find("beside")?.freshUntilS], [400, 400]);
    assert.is(fs.statSync(path.join(folder, packs(folder)[0] as string)).size, size);
    await pack.flush();
    for (const key of ["packed", "beside", "pending"]) assert.is(new Pack(folder).find(key)?.freshUntilS, 400, key);
  }),
);

test(
  "what a process could not append is found, and taken in by the next writer",
  inFolder(async (folder) => {
    const holder = withLock(lockFile(folder), {}, async () => {
      const pack = new Pack(folder);
      pack.put(entry("a", "1"));
      await pack.flush(AbortSignal.abort());
    });
    await holder;
    assert.is(segments(folder).length, 1);
    assert.is(read(new Pack(folder), "a"), "1");
    await write(folder, entry("b", "2"));
    assert.equal(segments(folder), []);
    const pack = new Pack(folder);
    assert.equal([read(pack, "a"), read(pack, "b")], ["1", "2"]);
  }),
);

test(
  "an older record beside the pack does not hide a newer one in it",
  inFolder(async (folder) => {
    const slow = new Pack(folder);
    slow.put(entry("a", "old", { checkedAtS: 1 }));
    await write(folder, entry("a", "new", { checkedAtS: 2 }));
    slow.spill();
    assert.is(read(new Pack(folder), "a"), "new");
    await write(folder, entry("b", "2"));
    assert.is(read(new Pack(folder), "a"), "new");
  }),
);

test(
  "a pack that is cut off, overwritten or gone is as good as it still can be",
  inFolder(async (folder) => {
    await write(folder, entry("first", "1".repeat(100)), entry("last", "2".repeat(100)));
    const file = path.join(folder, packs(folder)[0] as string);
    const whole = fs.readFileSync(file);
    for (let length = 0; length < whole.length; length += 7) {
      fs.writeFileSync(file, whole.subarray(0, length));
      const pack = new Pack(folder);
      for (const key of ["first", "last"])
        assert.ok([undefined, "1".repeat(100), "2".repeat(100)].includes(read(pack, key)));
    }
    fs.writeFileSync(file, whole.subarray(0, -50));
    // What was lost leaves a hole that no new record is written into.
    await write(folder, entry("new", "3"));
    assert.equal([read(new Pack(folder), "last"), read(new Pack(folder), "new")], [undefined, "3"]);
    fs.rmSync(file);
    assert.is(new Pack(folder).find("new"), undefined);
    await write(folder, entry("new", "4"));
    assert.is(read(new Pack(folder), "new"), "4");
  }),
);

test(
  "a table of another version or of nonsense is an empty pack",
  inFolder(async (folder) => {
    await write(folder, entry("a", "1"));
    const whole = fs.readFileSync(tableFile(folder));
    for (const at of [0, 4, 12, 16]) {
      const broken = Buffer.from(whole);
      broken.writeUInt32LE(broken.readUInt32LE(at) + 99_999, at);
      fs.writeFileSync(tableFile(folder), broken);
      assert.is(new Pack(folder).find("a"), undefined);
    }
    await write(folder, entry("a", "2"));
    assert.is(read(new Pack(folder), "a"), "2");
    assert.is(packs(folder).length, 1);
  }),
);

test(
  "a folder that nobody may write to is no error",
  inFolder(async (folder) => {
    fs.mkdirSync(path.dirname(folder), { recursive: true });
    fs.writeFileSync(folder, "a file where the folder should be");
    const pack = new Pack(folder);
    pack.put(entry("a", "1"));
    await pack.flush();
    pack.spill();
    assert.is(read(pack, "a"), "1");
  }),
);

test(
  "its state is the same until a record comes or is confirmed",
  inFolder(async (folder) => {
    assert.is(new Pack(folder).state(), "");
    await write(folder, entry("a", "1"));
    const first = new Pack(folder).state();
    const pack = new Pack(folder);
    pack.find("a");
    assert.is(pack.state(), first);
    pack.renew("a", { checkedAtS: 9, freshUntilS: 99 });
    await pack.flush();
    const renewed = new Pack(folder).state();
    assert.is.not(renewed, first);
    await write(folder, entry("b", "1"));
    assert.is.not(new Pack(folder).state(), renewed);
  }),
);

test(
  "packs of one process share what they mapped until a file is another",
  inFolder(async (folder) => {
    await write(folder, entry("a", "1"));
    const memoryOf = (key: string): ArrayBufferLike | undefined => new Pack(folder).find(key)?.value.buffer;
    const first = memoryOf("a");
    assert.ok(first);
    assert.is(memoryOf("a"), first);
    await write(folder, entry("b", "2"));
    assert.is.not(memoryOf("a"), first);
    assert.is(read(new Pack(folder), "b"), "2");
    new Pack(folder).renew("a", { checkedAtS: 9, freshUntilS: 99 });
    assert.is(new Pack(folder).find("a")?.freshUntilS, 99);
    fs.rmSync(folder, { recursive: true });
    assert.is(read(new Pack(folder), "a"), undefined);
    await write(folder, entry("a", "3"));
    assert.is(read(new Pack(folder), "a"), "3");
  }),
);

test(
  "is written anew when most of it leads nowhere",
  inFolder(async (folder) => {
    const large = Buffer.alloc(18 * 1024 * 1024, 1);
    await write(folder, entry("small", "1"), entry("large", large));
    const [before] = packs(folder);
    await write(folder, entry("large", large));
    assert.equal(packs(folder), [before]);
    const reader = new Pack(folder);
    assert.is(read(reader, "small"), "1");
    await write(folder, entry("large", large));
    await write(folder, entry("large", "2"));
    assert.is(packs(folder).length, 1);
    assert.is.not(packs(folder)[0], before);
    assert.ok(fs.statSync(path.join(folder, packs(folder)[0] as string)).size < 20 * 1024 * 1024);
    assert.equal([read(new Pack(folder), "small"), read(new Pack(folder), "large")], ["1", "2"]);
    assert.is(reader.find("large")?.value.length, large.length);
  }),
);

test(
  "many records, in any order and number, are all found",
  inFolder(async (folder) => {
    const model = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 60 }), async (rows) => {
        for (const [key, value] of rows) model.set(key, value);
        await write(folder, ...rows.map(([key, value]) => entry(key, value)));
        const pack = new Pack(folder);
        for (const [key, value] of model) assert.is(read(pack, key), value);
      }),
      { numRuns: 100 },
    );
    assert.ok(model.size > 200, String(model.size));
  }),
);

test(
  "several processes write at once and nothing is lost",
  inFolder(async (folder) => {
    const child = path.join(import.meta.dirname, "pack-writer.fixture.ts");
    const names = ["one", "two", "three"];
    const ends = names.map(
      (name) =>
        new Promise<number | null>((resolve) => {
          spawn(process.execPath, [child, folder, name, "12"], { stdio: "inherit" }).on("close", resolve);
        }),
    );
    assert.equal(await Promise.all(ends), [0, 0, 0]);
    await write(folder, entry("end", "1"));
    assert.equal(segments(folder), []);
    const pack = new Pack(folder);
    for (const name of names)
      for (let round = 0; round < 12; round++)
        assert.is(read(pack, `${name} ${round}`), name.repeat(9999).slice(0, 1 + ((round * 977) % 5000)));
    assert.ok(names.includes(read(pack, "shared") ?? ""));
  }),
);

test.run();
