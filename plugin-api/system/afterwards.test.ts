import { test } from "uvu";
import * as assert from "uvu/assert";
import { afterwards, ahead, catchUp, stay, stays } from "./afterwards.ts";

test("in a process that stays, what nobody waits for is done when it catches up, and in any other at once or not at all", async () => {
  const done: string[] = [];
  const fails = (): never => {
    throw new Error("nobody hears of it");
  };
  afterwards(() => done.push("removed"));
  ahead(() => void done.push("read"));
  await catchUp();
  assert.equal(done, ["removed"]);
  assert.throws(() => afterwards(fails), /nobody hears/);
  assert.not(stays());
  stay();
  assert.ok(stays());
  afterwards(fails);
  afterwards(() => done.push("removed again"));
  ahead(() => void done.push("read ahead"));
  assert.equal(done, ["removed"]);
  await catchUp();
  await catchUp();
  assert.equal(done, ["removed", "removed again", "read ahead"]);
});

test.run();
