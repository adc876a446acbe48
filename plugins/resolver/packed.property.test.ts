import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseSpecifier, satisfies } from "../../plugin-api/python/specifier.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import { compareVersionsSimd, comparisonFor } from "./compare-versions.ts";
import { simdComparison } from "./packed-simd.ts";
import { comparePacked, compareVersionsScalar, packList, packVersion } from "./packed-version.ts";

const RUNS = Number(process.env["RUNS"] ?? 200);
const number = fc.oneof(fc.nat(3), fc.constantFrom(0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff));
const packed = fc.record({ major: number, minor: number, patch: number });
const simd = simdComparison();

test("this machine has vectors", () => assert.ok(simd));

test("vectors and the sequential twin say the same of every list and bound, whatever its length (PROP-5)", () => {
  const lengths = new Set<number>();
  const property = fc.property(fc.array(packed, { maxLength: 70 }), packed, (versions, bound) => {
    const list = packList(versions);
    const expected = versions.map((version) => comparePacked(version, bound));
    assert.equal([...compareVersionsScalar(list, bound)].slice(0, list.count), expected);
    assert.equal([...simd!(list, bound)].slice(0, list.count), expected);
    lengths.add(versions.length % 8);
  });
  fc.assert(property, { numRuns: RUNS });
  assert.is(lengths.size, 8);
});

const text = fc
  .array(fc.oneof(fc.nat(12), fc.constant(4_294_967_295), fc.constant(4_294_967_296)), { minLength: 1, maxLength: 4 })
  .chain((release) =>
    fc.constantFrom("", "", "", "a1", ".post1", ".dev2", "+local").map((rest) => release.join(".") + rest),
  );

test("packed versions are ordered as versions are, and what does not fit is not packed", () => {
  const property = fc.property(text, text, (a, b) => {
    const [one, other] = [packVersion(a), packVersion(b)];
    if (!one || !other) return;
    const [first, second] = [versionKey(a)!, versionKey(b)!];
    assert.is(comparePacked(one, other), first < second ? -1 : first > second ? 1 : 0, `${a} and ${b}`);
  });
  fc.assert(property, { numRuns: 5 * RUNS });
  const none = ["1!1.0", "1.0a1", "1.0.post1", "1.0.dev1", "1.0+x", "1.2.3.4", "1.4294967296", "no version"];
  for (const version of none) assert.is(packVersion(version), undefined, version);
  assert.equal(packVersion("1.2.3.0.0"), { major: 1, minor: 2, patch: 3 });
  assert.equal(packVersion("v7"), { major: 7, minor: 0, patch: 0 });
});

test("filtering by a constraint in batches gives what comparing versions one by one gives, with vectors and without", () => {
  const operator = fc.constantFrom("<", "<=", ">", ">=", "==", "!=");
  const plain = fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }).map((release) => release.join("."));
  const property = fc.property(fc.array(plain, { maxLength: 90 }), operator, plain, (versions, op, bound) => {
    const list = packList(versions.map((version) => packVersion(version)!));
    const admits = { "<": [-1], "<=": [-1, 0], ">": [1], ">=": [0, 1], "==": [0], "!=": [-1, 1] }[op];
    const expected = versions.filter((version) => satisfies(parseSpecifier(op + bound), version));
    for (const setting of ["on", "off"]) {
      const signs = comparisonFor(versions.length, { PYBUN_SIMD: setting })(list, packVersion(bound)!);
      assert.equal(
        versions.filter((_, i) => admits.includes(signs[i]!)),
        expected,
      );
    }
  });
  fc.assert(property, { numRuns: RUNS });
});

test("vectors can be forbidden, and are not called for short lists", () => {
  assert.is(compareVersionsSimd({ PYBUN_SIMD: "off" }), undefined);
  assert.is(comparisonFor(1000, { PYBUN_SIMD: "off" }), compareVersionsScalar);
  assert.is(comparisonFor(8, {}), compareVersionsScalar);
  assert.is(comparisonFor(1000, {}), compareVersionsSimd({}));
});

test.run();
