import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nearVersionText, runs, specifierText } from "../../test/harness/packaging-arbitraries.ts";
import { InvalidSyntax } from "../error.ts";
import { complementRange, EVERY_KEY, intersectRanges, isSubrange, rangeHas, unionRanges } from "./key-range.ts";
import { containsKey, filterVersions, parseClause, parseSpecifier, satisfies } from "./specifier.ts";
import { versionKey } from "./version-key.ts";

/** Specifier, versions it admits, versions it does not. */
const CASES: readonly (readonly [specifier: string, inside: string, outside: string])[] = [
  ["", "0 1.0a1 1.0+x not-a-version", ""],
  ["==1.0", "1 1.0.0 1.0+x", "1.0.post0 1.0.dev0 1.0.1 1!1.0 not-a-version"],
  ["==1.0+x", "1.0+x 1+X", "1.0 1.0+x.1 1.0+y"],
  ["!=1.0", "1.0.post1 1.0rc1 1.1", "1.0 1.0+x"],
  ["!=1.0+x", "1.0 1.0+y 1.0+x.1", "1.0+x"],
  ["==1.*", "1 1.0 1.99 1.0a1 1.dev0 1.5+x", "0.9 2 2.dev0 1!1.0"],
  ["==1.0.*", "1 1.0a1 1.0.5 1.0.post3", "1.1.dev0 0.9"],
  ["!=1.0.*", "1.1 0.9", "1 1.0.9 1.0a1"],
  ["~=1.4.2", "1.4.2 1.4.9 1.4.2.post1", "1.4.1 1.5 1.4.2rc1 1.5.dev0"],
  ["~=1.4", "1.4 1.9", "2.0 2.0a1 1.3"],
  ["~=2.2.post3", "2.2.post3 2.3", "2.2 3.0"],
  ["~=1!1.0", "1!1.0 1!1.9", "1.5 1!2.0"],
  [">=1.0", "1 1.0+x 1.0.post1 2", "1.0rc1 0.9"],
  ["<=1.0", "1 1.0+x 1.0rc1 0", "1.0.post0 1.1"],
  [">1.0", "1.0.1 1.1.dev0 2", "1.0 1.0+x 1.0.post1 1.0.post1+x"],
  [">1.0.post1", "1.0.post2 1.0.post2.dev0 1.1", "1.0.post1 1.0.post1+x 1.0.post1.dev5"],
  [">1.0a1", "1.0a2.dev0 1.0a2 1.0", "1.0a1 1.0a1.post1"],
  [">1.0.dev1", "1.0.dev2 1.0a1", "1.0.dev1 1.0.dev1+x"],
  ["<1.0", "0.9 0.99.post1", "1.0 1.0a1 1.0.dev0"],
  ["<1.0rc1", "1.0a1 1.0.dev0 1.0b1", "1.0rc1 1.0"],
  ["<1.0.post1", "1.0a1 1.0 1.0.post0 1.0+x", "1.0.post1.dev0 1.0.post1"],
  ["<0", "", "0.dev0 0"],
  ["~=9007199254740993.1", "9007199254740993.1 9007199254740993.2", "9007199254740994.0 9007199254740993.0"],
  ["===1.0", "1.0", "1 1.0.0 1.0+x"],
  ["===Foo.Bar", "foo.bar FOO.BAR", "1.0 foo"],
  [">=1,<2,!=1.5", "1 1.4 1.6", "1.5 2 0.9"],
  [">=2,<1", "", "1 1.5 2"],
  [`>=1.${"9".repeat(40)}`, `1.${"9".repeat(40)} 2`, `1.${"9".repeat(39)}8 1.9`],
];

test("specifiers admit what PEP 440 says", () => {
  for (const [text, inside, outside] of CASES) {
    const specifier = parseSpecifier(text);
    for (const version of inside.split(" ").filter(Boolean))
      assert.ok(satisfies(specifier, version), `${version} in ${text}`);
    for (const version of outside.split(" ").filter(Boolean))
      assert.not(satisfies(specifier, version), `${version} in ${text}`);
  }
});

test("malformed clauses are refused and quoted", () => {
  const invalid = [
    "1.0",
    "=1.0",
    "=>1.0",
    "==",
    "==*",
    "~=1",
    ">=1.*",
    "==1.0a1.*",
    "==1.0 .*",
    ">=1.0+x",
    "~=1.0+x",
    ">=1 <2",
    "!!1",
    ">=1.0;",
    "===x\x1cy",
  ];
  for (const text of invalid) {
    assert.throws(
      () => parseClause(text),
      (error: unknown) => error instanceof InvalidSyntax && error.message.includes(text),
      text,
    );
    assert.throws(
      () => parseSpecifier(`>0,${text}`),
      (error: unknown) => error instanceof InvalidSyntax,
      text,
    );
  }
  assert.throws(() => parseClause(""));
  assert.throws(() => parseClause(">=1,<2"));
});

test("spellings of one list have one text", () => {
  assert.is(parseSpecifier(" < 2 , >= 1.0,<2,, ").text, "<2,>=1.0");
  assert.is(parseSpecifier(" , ").text, "");
});

test("pins and named pre-releases are noticed", () => {
  const facts = (text: string): unknown => {
    const { isPinned, namesPrerelease, exactTexts } = parseSpecifier(text);
    return [isPinned, namesPrerelease, exactTexts];
  };
  assert.equal(facts("==1.0"), [true, false, undefined]);
  assert.equal(facts("==1.*"), [false, false, undefined]);
  assert.equal(facts(">=1.0rc1,!=2.0a1"), [false, true, undefined]);
  assert.equal(facts("!=2.0a1"), [false, false, undefined]);
  assert.equal(facts("<2.0.dev0"), [false, true, undefined]);
  assert.equal(facts("===1.0.Dev1"), [true, true, ["1.0.dev1"]]);
});

test("pre-releases remain only if asked for or alone", () => {
  const filter = (text: string, versions: string, options = {}): string =>
    filterVersions(parseSpecifier(text), versions.split(" "), options).join(" ");
  assert.is(filter(">=1", "1.5a1 1.2 1.0"), "1.2 1.0");
  assert.is(filter(">=1", "1.5a1 0.9"), "1.5a1");
  assert.is(filter(">=1.0a1", "1.5a1 1.2"), "1.5a1 1.2");
  assert.is(filter(">=1", "1.5a1 1.2", { prereleases: true }), "1.5a1 1.2");
  assert.is(filter(">=1.0a1", "1.5a1", { prereleases: false }), "");
});

test("bounds without a version between them are empty", () => {
  for (const text of [
    ">1.0,<1.0",
    ">1.0.post1,<1.0.post2.dev0",
    "<=1.0,>=1.0.post0.dev0,!=1.0.post0.dev0",
    ">1.0a1,<1.0a2.dev0",
    "<0.dev0",
    "==1.0,==1.0.post0",
    "==1.*,<1.dev0",
  ]) {
    assert.equal(parseSpecifier(text).bounds, [], text);
  }
  assert.is.not(parseSpecifier(">1.0,<1.1.dev0").bounds.length, 0);
  assert.is.not(parseSpecifier("!=1.0+x,==1.0").bounds.length, 0);
});

test("a list admits what all its clauses admit", () => {
  fc.assert(
    fc.property(specifierText, nearVersionText, (text, version) => {
      const clauses = text.split(",").filter(Boolean);
      const key = versionKey(version)!;
      const expected = clauses.every((clause) => containsKey(parseClause(clause), key));
      assert.is(containsKey(parseSpecifier(text), key), expected);
      assert.is(containsKey(parseSpecifier(clauses.toReversed().join(" , ")), key), expected);
    }),
    runs,
  );
});

test("ranges of keys are sets", () => {
  fc.assert(
    fc.property(specifierText, specifierText, nearVersionText, (x, y, version) => {
      const a = parseSpecifier(x).bounds;
      const b = parseSpecifier(y).bounds;
      const key = versionKey(version)!;
      assert.is(rangeHas(complementRange(a), key), !rangeHas(a, key));
      assert.is(rangeHas(intersectRanges(a, b), key), rangeHas(a, key) && rangeHas(b, key));
      assert.is(rangeHas(unionRanges(a, b), key), rangeHas(a, key) || rangeHas(b, key));
      assert.equal(complementRange(complementRange(a)), a);
      assert.equal(intersectRanges(a, b), intersectRanges(b, a));
      assert.equal(unionRanges(a, complementRange(a)), EVERY_KEY);
      if (isSubrange(a, b) && rangeHas(a, key)) assert.ok(rangeHas(b, key));
      assert.ok(isSubrange(intersectRanges(a, b), a));
    }),
    runs,
  );
});

test.run();
