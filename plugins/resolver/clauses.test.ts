import { test } from "uvu";
import * as assert from "uvu/assert";
import { Clauses } from "./clauses.ts";
import { single } from "./ranks.ts";

const [A, B] = [1, 2];

function fourOf(): Clauses {
  const clauses = new Clauses();
  clauses.of.push([], [], []);
  const reason = { kind: "dependency", from: A, to: B } as const;
  for (let rank = 0; rank < 4; rank++) clauses.add([A, B], [single(rank), single(0)], reason);
  return clauses;
}

test("what is settled for good is left out, until it holds for more", () => {
  const clauses = fourOf();
  clauses.settle(1, 1);
  clauses.settle(2, 1);
  clauses.leaveOut(A);
  assert.equal(
    [clauses.of[A], clauses.of[B]],
    [
      [0, 3],
      [0, 1, 2, 3],
    ],
  );
  clauses.widen(1, [1, 3]);
  assert.equal(
    [clauses.of[A], clauses.of[B]],
    [
      [0, 1, 3],
      [0, 1, 2, 3],
    ],
  );
});

test("what may have to be looked at again stays", () => {
  const clauses = fourOf();
  clauses.settle(1, 1);
  clauses.settle(2, 2);
  clauses.leaveOut(A);
  assert.equal(clauses.of[A], [0, 2, 3]);
  clauses.backtrack(1);
  assert.equal(
    [1, 2].map((id) => clauses.isSettled(id)),
    [true, false],
  );
});

test.run();
