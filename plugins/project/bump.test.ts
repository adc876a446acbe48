import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseVersion } from "../../plugin-api/python/version.ts";
import { type Bump, type BumpedPart, bumped } from "./bump.ts";

const CASES: readonly (readonly [version: string, bumps: string, result: string])[] = [
  ["1.2.3", "major", "2.0.0"],
  ["1.2.3", "minor", "1.3.0"],
  ["1.2.3", "patch", "1.2.4"],
  ["1.2", "patch", "1.2.1"],
  ["1", "minor", "1.1"],
  ["1.2.3.4", "minor", "1.3.0.0"],
  ["1.2.3", "patch=10", "1.2.10"],
  ["2!1.2.3", "minor", "2!1.3.0"],
  ["1.2.3+local.1", "patch", "1.2.4"],
  ["1.2.3b4.post5.dev6", "stable", "1.2.3"],
  ["1.2.3b4.post5.dev6", "major", "2.0.0"],
  ["1.2.3", "alpha", "1.2.3a1"],
  ["1.2.3a4", "alpha", "1.2.3a5"],
  ["1.2.3a4", "beta", "1.2.3b1"],
  ["1.2.3rc1.post2", "rc", "1.2.3rc2"],
  ["1.2.3rc1", "rc=7", "1.2.3rc7"],
  ["1.2.3", "post", "1.2.3.post1"],
  ["1.2.3.post5.dev1", "post", "1.2.3.post6"],
  ["1.2.3a1", "post", "1.2.3a1.post1"],
  ["1.2.3.dev4", "dev", "1.2.3.dev5"],
  ["1.2.3", "dev=0", "1.2.3.dev0"],
  ["1.2.3", "patch beta", "1.2.4b1"],
  ["1.2.3", "beta patch", "1.2.4b1"],
  ["1.2.3a1", "minor rc dev", "1.3.0rc1.dev1"],
  ["1.2.3rc1", "stable post", "1.2.3.post1"],
];
for (const [version, words, result] of CASES)
  test(`${version} ${words}`, () => {
    const bumps = words.split(" ").map((word): Bump => {
      const [part, value] = word.split("=") as [BumpedPart, string?];
      return { part, ...(value !== undefined && { value: Number(value) }) };
    });
    assert.is(bumped(parseVersion(version), bumps), result);
  });

test.run();
