import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseSpecifier, satisfies } from "../../../plugin-api/python/specifier.ts";
import { widen } from "./widen.ts";

const test = suite("widen");

const cases: readonly (readonly [specifier: string, versions: readonly string[], widened: string])[] = [
  [">=1.35", ["1.34.162"], ">=1.34"],
  [">=1.35,<2", ["1.34.2"], ">=1.34,<2"],
  [">1.35", ["1.34.2"], ">=1.34"],
  ["<2", ["2.6.1"], "<3"],
  ["<1.20", ["1.26.4"], "<1.27"],
  [">=1.2,<1.20", ["1.26.4"], ">=1.2,<1.27"],
  ["<=1.2.3", ["1.5"], "<=1.5"],
  ["==1.32.0", ["1.46.2"], "==1.46.2"],
  ["===1.32.0", ["1.46.2"], "===1.46.2"],
  ["==1.32.*", ["1.46.2"], "==1.46.*"],
  ["~=1.24.4", ["1.26.4"], "~=1.26.4"],
  ["~=1.24", ["2.0.1"], "~=2.0"],
  ["~=1.24.4", ["2.1"], "~=2.1.0"],
  [">=1,!=1.5", ["1.5"], ">=1"],
  ["!=1.5", ["1.5"], ""],
  ["==1.0", ["2.0", "3.1.4"], ">=2.0"],
  ["<2", ["1.5", "2.1"], "<3"],
  [">=2", ["1.0rc1"], ">=1.0rc1"],
  ["<1!2", ["1!2.5"], "<1!3"],
  [">=2", ["1.2.3+cpu"], ">=1.2"],
  ["<=1", ["1.2.3+cpu"], "<=1.2.3"],
  ["==1", ["1.2.3+cpu"], "==1.2.3+cpu"],
  [">=1", [], ""],
];

for (const [specifier, versions, expected] of cases)
  test(`${specifier} for ${versions.join(" and ")}`, () => {
    const widened = widen(specifier, versions);
    assert.is(widened, expected);
    for (const version of versions) assert.ok(satisfies(parseSpecifier(widened), version, { prereleases: true }));
  });

test.run();
