import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { specifierText, versionText } from "../../test/harness/packaging-arbitraries.ts";
import { parseSpecifier } from "./specifier.ts";
import { BEYOND_KEYS, LOWEST_KEY, versionKey } from "./version-key.ts";
import { ceilingMinor, ceilingPoint, readPoint, startOfPoint } from "./version-point.ts";

const small = fc.nat(3).map(String);
/** Versions as interpreters have them: pre-releases are of the first patch. */
const interpreter = fc.oneof(
  fc.tuple(small, small, fc.nat(300).map(String)).map((numbers) => numbers.join(".")),
  fc.tuple(small, small, fc.constantFrom("a", "b", "rc"), small).map(([x, y, phase, n]) => `${x}.${y}.0${phase}${n}`),
);
/** Keys at which something may begin or end. */
const cut = fc.oneof(
  versionText.map((text) => versionKey(text)!),
  specifierText.chain((text) => fc.constantFrom(LOWEST_KEY, ...parseSpecifier(text).bounds)),
);

test("no interpreter's version lies between a cut and its point", () => {
  fc.assert(
    fc.property(cut, interpreter, (key, version) => {
      const own = versionKey(version)!;
      assert.is(own >= ceilingPoint(key), own >= key);
      assert.is(ceilingPoint(ceilingPoint(key)), ceilingPoint(key));
    }),
    { numRuns: 3000 },
  );
});

test("nor does a major and minor between a cut and where its full versions begin", () => {
  fc.assert(
    fc.property(cut, interpreter, (key, version) => {
      const minor = versionKey(version.split(".").slice(0, 2).join("."))!;
      assert.is(versionKey(version)! >= ceilingMinor(key), minor >= key);
    }),
    { numRuns: 3000 },
  );
});

const POINTS = [
  ["3.9.dev0", ["3", "9", "0"], "start"],
  ["3.9", ["3", "9", "0"], "final"],
  ["3.9.post1", ["3", "9", "1"], "final"],
  ["3.9.0.0.1", ["3", "9", "1"], "final"],
  ["3.9.300rc1", ["3", "9", "300"], "final"],
  ["3.10a0", ["3", "10", "0"], "start"],
  ["3.10rc2.post1", ["3", "10", "0"], { phase: "rc", number: "3" }],
  ["3.10b1.dev3", ["3", "10", "0"], { phase: "b", number: "1" }],
] as const;

test("a point is read as it was made", () => {
  for (const [version, release, at] of POINTS) {
    assert.equal(readPoint(ceilingPoint(versionKey(version)!)), { release, at }, version);
  }
  assert.is(ceilingPoint(versionKey("1!0")!), BEYOND_KEYS);
  assert.is(startOfPoint(versionKey("3.10rc3")!), ceilingMinor(versionKey("3.10")!));
  assert.is(startOfPoint(versionKey("3.10.1")!), versionKey("3.10.1"));
});

test.run();
