import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { requirementText, runs } from "../../test/harness/packaging-arbitraries.ts";
import { InvalidSyntax } from "../error.ts";
import { formatRequirement, parseRequirement, parseWrittenRequirement } from "./requirement.ts";

/** Input, and what is written for it. */
const VALID = [
  ["requests", "requests"],
  ["  Foo.Bar_baz\t", "foo-bar-baz"],
  ["a[X_1 , y,y]>=1, <2", "a[x-1,y]<2,>=1"],
  ["a[]", "a"],
  ["a(>=1)", "a>=1"],
  ["simple (==1.0)", "simple==1.0"],
  ["a ()", "a"],
  ["a>=1,", "a>=1"],
  ["a===odd_thing", "a===odd_thing"],
  // White space is Python's.
  ["a<=\x1c1,==\x852", "a<=1,==2"],
  ["a===\u2028x\ufeff", "a===x\ufeff"],
  ["a===1.0 ; os_name=='nt'", 'a===1.0; os_name == "nt"'],
  ["a>=1;os_name=='nt'", 'a>=1; os_name == "nt"'],
  ["a ; os_name=='nt' ", 'a; os_name == "nt"'],
  ["a @ https://example.org/a.zip#sha256=00", "a @ https://example.org/a.zip#sha256=00"],
  [
    "a[x]@git+https://example.org/r.git@main ; os_name=='nt'",
    'a[x] @ git+https://example.org/r.git@main ; os_name == "nt"',
  ],
  // Without a blank before it, the semicolon belongs to the URL.
  ["a @ https://example.org/a;os_name=='nt'", "a @ https://example.org/a;os_name=='nt'"],
] as const;

/** Input, and where the fault is seen. */
const INVALID = [
  ["", 0],
  ["-a", 0],
  ["a b", 2],
  ["a\n", 1],
  ["a[x", 3],
  ["a[x y]", 4],
  ["a[,x]", 2],
  ["a[x,]", 4],
  ["a (1.0)", 3],
  ["a===x\x1cy", 5],
  ["a<=\ufeff1", 1],
  ["a (>=1", 6],
  ["a >=1)", 5],
  ["a >= 1 2", 7],
  ["a>=1.*", 1],
  ["a==1.0 # comment", 7],
  ["a >1, ~=1", 2],
  ["a,>=1", 1],
  ["a @", 3],
  ["a @ https://example.org/a b", 26],
  ["a; os_name = 'x'", 11],
  ["a;", 2],
  ["https://example.org/a.whl", 5],
  ["./a", 0],
] as const;

test("requirements are read and written in one spelling", () => {
  for (const [text, expected] of VALID) assert.is(formatRequirement(parseRequirement(text)), expected, text);
});

test("malformed requirements are refused with text and position", () => {
  for (const [text, position] of INVALID) {
    try {
      parseRequirement(text);
    } catch (error) {
      if (!(error instanceof InvalidSyntax)) throw error;
      assert.ok(error.message.startsWith(`\`${text}\` is not a valid requirement: `), error.message);
      assert.is(error.position, position, text);
      continue;
    }
    assert.unreachable(`${text} was read`);
  }
  assert.throws(() => parseRequirement("a~=1"), /`~=1` is not a valid version specifier/);
});

test("names can be had as written", () => {
  const { name, extras } = parseWrittenRequirement("Foo.Bar[B_c,a]>1");
  assert.equal([name, extras], ["Foo.Bar", ["B_c", "a"]]);
});

test("what is written is read back", () => {
  fc.assert(
    fc.property(requirementText, (text) => {
      const requirement = parseRequirement(text);
      assert.equal(parseRequirement(formatRequirement(requirement)), requirement);
    }),
    runs,
  );
});

test.run();
