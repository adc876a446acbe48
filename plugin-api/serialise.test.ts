import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createRedactor } from "./redact.ts";
import { serialise } from "./serialise.ts";

const redactor = createRedactor({ home: "/home/al", secrets: ["hunter22", 'quo"te\\d'] });
const looked = { entry: redactor.maskEntry, isClean: redactor.isClean };

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom(
    "hunter22",
    'a quo"te\\d one',
    "\u001b[31mred\u001b[0m",
    "pypi-AgEIcHlwaS5vcmcCJD",
    "token=abc",
    "\\u001b",
  ),
);
const key = fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("token", "http_auth", "credentials", "cookie", "n"));
const plain = fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined));
const rows = fc.array(fc.oneof(fc.dictionary(key, plain, { noNullPrototype: true }), plain), { maxLength: 40 });
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    plain,
    rows,
    fc.bigInt(),
    fc.date({ noInvalidDate: true }),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(key, tie("value"), { noNullPrototype: true }),
    fc.array(fc.tuple(key, tie("value"))).map((entries) => new Map(entries)),
    fc.array(tie("value")).map((entries) => new Set(entries)),
  ),
}));

test("rows that hold nothing to be masked are written as all others", () => {
  const property = fc.property(value, (each) => {
    assert.is(serialise(each, looked), serialise(each, { entry: redactor.maskEntry }));
  });
  fc.assert(property, { numRuns: 1000 });
});

test("what needs no redactor is as JSON.stringify has it", () => {
  const clean = fc.jsonValue().filter((each) => !JSON.stringify(each).includes("\\u001b"));
  fc.assert(fc.property(clean, (each) => assert.is(serialise(each), JSON.stringify(each))));
  assert.is(serialise([undefined, () => 1, { a: undefined, b: () => 1 }]), "[null,null,{}]");
});

test.run();
