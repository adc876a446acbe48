import { test } from "uvu";
import * as assert from "uvu/assert";
import { handedOver } from "./descriptors.ts";

test("what the caller handed over is told from the streams and from what the runtime opened", () => {
  const open = [
    [0, "/dev/null"],
    [2, "/dev/pts/0"],
    [3, "anon_inode:[eventpoll]"],
    [4, "anon_inode:[eventfd]"],
    [5, "anon_inode:[pidfd]"],
    [63, "pipe:[12]"],
    [200, "socket:[7]"],
  ] as const;
  assert.equal(handedOver(open), [5, 63, 200]);
});

test.run();
