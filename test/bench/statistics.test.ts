import { test } from "uvu";
import * as assert from "uvu/assert";
import { median, pairedRatio, timing } from "./statistics.ts";

test("median of odd and even counts, in any order", () => {
  assert.is(median([3, 1, 2]), 2);
  assert.is(median([4, 1, 3, 2]), 2.5);
  assert.ok(Number.isNaN(median([])));
});

test("the ratio is taken pair by pair, so that a slow minute does not count", () => {
  assert.is(pairedRatio([1, 10, 1], [2, 20, 2]), 0.5);
  assert.is(timing([5, 3, 9]).minMs, 3);
});

test.run();
