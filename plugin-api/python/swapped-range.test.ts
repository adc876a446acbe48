import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nearVersionText } from "../../test/harness/packaging-arbitraries.ts";
import { rangeHas } from "./key-range.ts";
import { parseClause, satisfies } from "./specifier.ts";
import { swappedRange } from "./swapped-range.ts";
import { versionKey, versionParts } from "./version-key.ts";

const OPERATORS = ["==", "!=", "<", "<=", ">", ">="];
/** What interpreters call themselves. */
const interpreter = fc.constantFrom(
  "0",
  "1",
  "1.0",
  "1.0.1",
  "1.1",
  "1.1.3",
  "1.10",
  "2",
  "1.0a0",
  "1.0a1",
  "1.1rc1",
  "2.0rc1",
);

test("the range holds the versions that, as a clause, admit the left side", () => {
  fc.assert(
    fc.property(nearVersionText, fc.constantFrom(...OPERATORS), interpreter, (left, operator, right) => {
      const range = swappedRange(operator, versionParts(left)!, 2)!;
      const expected = satisfies(parseClause(operator + right), left);
      assert.is(rangeHas(range, versionKey(right)!), expected, `${left} ${operator} ${right}`);
    }),
    { numRuns: 2000 },
  );
});

test("of a compatible release the left side is the upper end", () => {
  const holds = (left: string, right: string): boolean => {
    const expected = satisfies(parseClause(`~=${right}`), left);
    assert.is(rangeHas(swappedRange("~=", versionParts(left)!, 2)!, versionKey(right)!), expected);
    return expected;
  };
  assert.ok(holds("3.9.4", "3.9.1"));
  assert.ok(holds("3.9.4", "3.9.4"));
  assert.not(holds("3.9.4", "3.9.5"));
  assert.not(holds("3.10.0", "3.9.1"));
});

test("equality of texts is no matter of ranges", () => {
  assert.is(swappedRange("===", versionParts("1.0")!, 2), undefined);
});

test.run();
