import { test } from "uvu";
import * as assert from "uvu/assert";
import { takeTurn } from "./turns.ts";

/** Answers that have come at the same moment, each of some steps; gives how far the first was when the last was taken up. */
async function takenUp(count: number): Promise<readonly number[]> {
  const order: number[] = [];
  let steps = 0;
  const answer = async (nth: number): Promise<void> => {
    const turn = takeTurn();
    if (turn) await turn;
    order.push(nth);
    if (nth === count - 1) lastAt = steps;
    for (let i = 0; i < 5; i++) {
      await Promise.resolve();
      if (nth === 0) steps++;
    }
  };
  let lastAt = -1;
  await Promise.all(Array.from({ length: count }, (_, nth) => answer(nth)));
  assert.equal(
    order,
    Array.from({ length: count }, (_, nth) => nth),
    "in the order in which they came",
  );
  return [lastAt, order.length];
}

test("few answers are taken up at once", async () => {
  assert.equal(await takenUp(8), [0, 8]);
});

test("of many, the first are at their end before the last are taken up", async () => {
  assert.equal(await takenUp(100), [5, 100]);
  assert.equal(await takenUp(9), [5, 9]);
});

test.run();
