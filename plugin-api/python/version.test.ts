import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nearVersionText, runs, versionText } from "../../test/harness/packaging-arbitraries.ts";
import { InvalidSyntax } from "../error.ts";
import { baseVersion, canonicalVersion, compareVersions, parseVersion, publicVersion } from "./version.ts";
import { isPrereleaseKey, versionKey } from "./version-key.ts";

/** Ascending; texts in one row are the same version. */
const ORDER = [
  ["0.dev0", "0.0.dev"],
  ["0", "0.0.0", " v0\n"],
  ["0.0.1"],
  ["1.dev0"],
  ["1.0a0.dev1"],
  ["1.0a0", "1.0a", "1.0-ALPHA.0", "1a"],
  ["1.0a0.post0.dev3"],
  ["1.0a0.post1"],
  ["1.0a1"],
  ["1.0a9"],
  ["1.0a10"],
  ["1.0b1", "1.0.beta-1"],
  ["1.0rc1", "1.0c1", "1.0-pre.1", "1.0PREVIEW1"],
  ["1.0rc1+x"],
  ["1", "1.0", "1.0.0.0", "0!1"],
  ["1.0+a"],
  ["1.0+a.a"],
  ["1.0+a1", "1.0+A1"],
  ["1.0+a2"],
  ["1.0+ab"],
  ["1.0+1.a"],
  ["1.0+2", "1.0+002"],
  ["1.0+10"],
  ["1.0.post0.dev1"],
  ["1.0.post0", "1.0.post", "1-0", "1.0-r0"],
  ["1.0.post1.dev2"],
  ["1.0.post1", "1.0-1", "1.0_rev1"],
  ["1.0.post1+1"],
  ["1.0.0.1.dev0"],
  ["1.0.1"],
  ["1.1"],
  ["1.9"],
  ["1.10"],
  ["1.127"],
  ["1.128"],
  ["1.199"],
  ["1.200"],
  ["1.1000"],
  ["2024.1.15", "2024.01.15"],
  ["20240115"],
  ["9007199254740993"],
  ["9007199254740994"],
  [`1${"0".repeat(200)}`],
  [`1${"0".repeat(199)}1`],
  ["1!0"],
  ["1!0.1"],
  ["200!0"],
] as const;

const INVALID = [
  "",
  " ",
  "1.0+",
  "1..0",
  "1.",
  "a1",
  "1.0-",
  "1.0.post1.2",
  "1.0+a_+b",
  "1 .0",
  "１.0",
  "1.0١",
  "1,0",
  "latest",
];

test("versions are ordered as PEP 440 says, and so are their keys", () => {
  for (const [i, texts] of ORDER.entries()) {
    const [first] = texts;
    for (const text of texts) {
      assert.is(versionKey(text), parseVersion(first).key, `${text} = ${first}`);
      for (const [later] of ORDER.slice(i + 1)) {
        assert.is(compareVersions(parseVersion(text), parseVersion(later)), -1, `${text} < ${later}`);
      }
    }
  }
});

test("what is no version is refused", () => {
  for (const text of INVALID) {
    assert.is(versionKey(text), undefined, text);
    assert.throws(
      () => parseVersion(text),
      (error: unknown) => error instanceof InvalidSyntax && error.message.includes(text),
    );
  }
});

test("a version is taken apart and normalized", () => {
  const version = parseVersion("v1!02.0-ALPHA_3.Post-4dev5+Ubuntu_01");
  assert.is(version.normalized, "1!2.0a3.post4.dev5+ubuntu.1");
  const { epoch, release, pre, post, dev, local } = version;
  assert.equal(
    { epoch, release, pre, post, dev, local },
    {
      epoch: 1,
      release: [2, 0],
      pre: ["a", 3],
      post: 4,
      dev: 5,
      local: "ubuntu.1",
    },
  );
  assert.is(publicVersion(version), "1!2.0a3.post4.dev5");
  assert.is(baseVersion(version), "1!2.0");
  assert.is(canonicalVersion(version), "1!2a3.post4.dev5+ubuntu.1");
  assert.is(canonicalVersion(parseVersion("0.0")), "0");
  assert.is(parseVersion(`1.0${"9".repeat(60)}`).normalized, `1.${"9".repeat(60)}`);
});

test("pre-releases are told from their keys", () => {
  for (const text of ["1.0a1", "1.0rc1.post2", "1.0.dev1", "1.0.post1.dev1", "300.dev300", "1.0b1+5", "1.dev1+a"]) {
    assert.ok(isPrereleaseKey(versionKey(text)!), text);
  }
  for (const text of ["1.0", "1.0.post1", "300.1000.post200", "1.0+dev1", "1.0+1", "1.0.post1+a"]) {
    assert.not.ok(isPrereleaseKey(versionKey(text)!), text);
  }
});

test("keys are one byte a code unit, so that a page of them can be stored as latin1", () => {
  fc.assert(
    fc.property(versionText, (text) => /^[\0-\xfe]+$/.test(versionKey(text)!)),
    runs,
  );
});

test("the order is total and keys agree with it", () => {
  fc.assert(
    fc.property(nearVersionText, nearVersionText, nearVersionText, (x, y, z) => {
      const [a, b, c] = [parseVersion(x), parseVersion(y), parseVersion(z)];
      const ab = compareVersions(a, b);
      assert.is(compareVersions(b, a), ab === 0 ? 0 : -ab);
      assert.is(ab, a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
      assert.is(ab === 0, canonicalVersion(a) === canonicalVersion(b));
      if (ab <= 0 && compareVersions(b, c) <= 0) assert.ok(compareVersions(a, c) <= 0);
    }),
    runs,
  );
});

test("the normal form names the same version and is a fixed point", () => {
  fc.assert(
    fc.property(versionText, (text) => {
      const version = parseVersion(text);
      const again = parseVersion(version.normalized);
      assert.is(again.key, version.key);
      assert.is(again.normalized, version.normalized);
      assert.is(versionKey(text), version.key);
    }),
    runs,
  );
});

test.run();
