import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  ABSENT,
  ALL,
  complement,
  END,
  has,
  including,
  intersect,
  isDisjoint,
  isSame,
  isSubset,
  onlyRank,
  type Ranks,
  ranksOf,
  single,
  union,
} from "./ranks.ts";

const test = suite("ranks");

const WIDTH = 12;
/** Sets as bit lists from ABSENT on; the last bit stands for everything above. */
const bits = fc.array(fc.boolean(), { minLength: WIDTH, maxLength: WIDTH });
function toRanks(list: readonly boolean[]): Ranks {
  const ranks: number[] = [];
  list.forEach((isIn, i) => {
    if (isIn !== (list[i - 1] ?? false)) ranks.push(ABSENT + i);
  });
  if (list.at(-1)) ranks.push(END);
  return ranks;
}
const toBits = (ranks: Ranks): boolean[] => Array.from({ length: WIDTH }, (_, i) => has(ranks, ABSENT + i));

test("one rank more is the union with it", () => {
  fc.assert(
    fc.property(bits, fc.integer({ min: 0, max: WIDTH }), (a, rank) => {
      assert.equal(including(toRanks(a), rank), union(toRanks(a), single(rank)));
    }),
  );
});

test("sets behave as sets of bits", () => {
  fc.assert(
    fc.property(bits, bits, (a, b) => {
      const [x, y] = [toRanks(a), toRanks(b)];
      assert.equal(toBits(x), a);
      assert.equal(intersect(x, y), toRanks(a.map((bit, i) => bit && b[i]!)));
      assert.equal(union(x, y), toRanks(a.map((bit, i) => bit || b[i]!)));
      assert.equal(complement(x), toRanks(a.map((bit) => !bit)));
      assert.is(
        isSubset(x, y),
        a.every((bit, i) => !bit || b[i]!),
      );
      assert.is(isDisjoint(x, y), !a.some((bit, i) => bit && b[i]!));
      assert.is(isSame(x, y), a.join() === b.join());
    }),
    { numRuns: 1000 },
  );
});

test("the only rank and the list of ranks", () => {
  assert.is(onlyRank([3, 4]), 3);
  assert.is(onlyRank([3, 5]), undefined);
  assert.is(onlyRank([3, END], 4), 3);
  assert.is(onlyRank([3, 4, 6, 7]), undefined);
  assert.equal([...ranksOf([ABSENT, 2, 4, END], 6)], [0, 1, 4, 5]);
  assert.equal([...ranksOf(ALL, 2)], [0, 1]);
});

test.run();
