import { test } from "uvu";
import * as assert from "uvu/assert";
import { groupSync } from "./group-sync.ts";

const alone = (): boolean => false;

test("calls that wait at the same time share a sync that began after them", async () => {
  const ends: (() => void)[] = [];
  const sync = groupSync("/", alone, () => new Promise((resolve) => ends.push(resolve)));
  const log: string[] = [];
  const call = (name: string) => sync().then(() => log.push(name));
  const all = [call("first"), call("second"), call("third")];
  assert.is(ends.length, 1);
  ends[0]!();
  await all[0];
  assert.equal(log, ["first"]);
  await Promise.resolve();
  assert.is(ends.length, 2);
  all.push(call("fourth"));
  ends[1]!();
  await Promise.all(all.slice(1, 3));
  assert.equal(log, ["first", "second", "third"]);
  await Promise.resolve();
  assert.is(ends.length, 3);
  ends[2]!();
  await Promise.all(all);
  assert.equal(log, ["first", "second", "third", "fourth"]);
});

test("who is still at work is waited for, but not for long", async () => {
  let isMoreToCome = true;
  let count = 0;
  const sync = groupSync(
    "/",
    () => isMoreToCome,
    async () => void count++,
  );
  const early = [sync(), sync()];
  assert.is(count, 0);
  await Promise.all(early);
  assert.is(count, 1);
  const [before, last] = [sync(), ((isMoreToCome = false), sync())];
  assert.is(count, 2);
  await Promise.all([before, last]);
  assert.is(count, 2);
});

test("a sync that fails does not stop the next", async () => {
  let count = 0;
  const sync = groupSync("/", alone, () => (++count === 1 ? Promise.reject(new Error("no")) : Promise.resolve()));
  const [first, second] = [sync(), sync()];
  await first.then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, "no"),
  );
  await second;
  await sync();
  assert.is(count, 3);
});

test.run();
