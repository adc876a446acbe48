import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { catchUp, stay } from "../system/afterwards.ts";
import { withLock } from "../system/lock-file.ts";
import { Pack } from "./pack.ts";
import { lockFile, SEGMENT } from "./places.ts";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "save-"));
test.after(() => fs.rmSync(root, { recursive: true }));

const entry = (key: string, text: string) => ({
  key,
  note: "",
  value: Buffer.from(text),
  checkedAtS: 1,
  freshUntilS: 2,
});
const read = (folder: string, key: string): string | undefined => {
  const found = new Pack(folder).find(key)?.value;
  return found && Buffer.from(found).toString();
};
const segments = (folder: string) => fs.readdirSync(folder).filter((name) => SEGMENT.test(name));

test("a process for one command saves at once", async () => {
  const folder = path.join(root, "one");
  const pack = new Pack(folder);
  pack.put(entry("a", "1"));
  await pack.save();
  assert.is(read(folder, "a"), "1");
});

test("one that stays saves when it catches up, what was put meanwhile included, and writes nothing twice", async () => {
  stay();
  const folder = path.join(root, "more");
  const pack = new Pack(folder);
  await pack.save();
  pack.put(entry("a", "1"));
  await pack.save();
  pack.put(entry("a", "2"));
  await pack.save();
  pack.spill();
  assert.not(fs.existsSync(folder));
  await catchUp();
  assert.is(read(folder, "a"), "2");
  assert.equal(segments(folder), []);
  pack.put(entry("b", "3"));
  await pack.save();
  pack.put(entry("b", "4"));
  await pack.flush();
  await catchUp();
  assert.is(read(folder, "b"), "4");
});

test("one that stays does not keep the next command waiting for another writer", async () => {
  const folder = path.join(root, "busy");
  const pack = new Pack(folder);
  pack.put(entry("a", "1"));
  await pack.save();
  await withLock(lockFile(folder), {}, () => catchUp());
  assert.is(segments(folder).length, 1);
  assert.is(read(folder, "a"), "1");
});

test.run();
