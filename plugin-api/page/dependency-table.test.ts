import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { markerText, runs } from "../../test/harness/packaging-arbitraries.ts";
import type { MarkerEnvironment } from "../model/interpreter.ts";
import type { Extra } from "../model/requirement.ts";
import { evaluateMarker } from "../python/marker.ts";
import { formatRequirement } from "../python/requirement.ts";
import { encodeDependencies, openDependencies } from "./dependency-table.ts";

const LINUX = {
  python_version: "3.12",
  python_full_version: "3.12.1",
  implementation_version: "3.12.1",
  platform_release: "6",
  os_name: "posix",
  sys_platform: "linux",
  platform_machine: "x86_64",
} as MarkerEnvironment;

const open = (requires: readonly string[], extras: readonly string[] = []): ReturnType<typeof openDependencies> =>
  openDependencies(encodeDependencies(requires, extras));

function sections(requires: readonly string[], names: readonly string[]): Record<string, readonly string[]> {
  const table = open(requires);
  return Object.fromEntries(names.map((name) => [name, table.requirements(name as Extra | "").map(formatRequirement)]));
}

test("a requirement stands in the section of its extra, whatever form the marker has", () => {
  const forms = [
    "extra == 'X_y' and os_name == 'nt'",
    "os_name == 'nt' and extra == 'x.y'",
    "'x-y' == extra and (os_name == 'nt')",
    "(extra == 'x-y') and os_name == 'nt'",
    "(os_name == 'nt' and (extra == 'x-y'))",
    "extra == 'x-y' and extra != 'z' and os_name == 'nt'",
  ];
  for (const form of forms) {
    const expected = { "": [], "x-y": ['a>=1; os_name == "nt"'], z: [] };
    assert.equal(sections([`a>=1; ${form}`], ["", "x-y", "z"]), expected, form);
  }
  assert.equal(open(["a; extra == 'X_y'"], ["Z_1"]).extras, ["x-y", "z-1"]);
});

test("alternatives stand in each of their sections", () => {
  assert.equal(sections(["a; extra == 'x' or extra == 'y' and os_name == 'nt'"], ["", "x", "y", "z"]), {
    "": [],
    x: ["a"],
    y: ['a; os_name == "nt"'],
    z: [],
  });
  assert.equal(sections(["a; extra == 'x' or os_name == 'nt'"], ["", "x", "y"]), {
    "": ['a; os_name == "nt"'],
    x: ["a"],
    y: [],
  });
  // An extra does not repeat what the base has.
  assert.equal(sections(["a; os_name == 'nt' and (extra == 'x' or extra != 'x')"], ["", "x"]), {
    "": ['a; os_name == "nt"'],
    x: [],
  });
  assert.equal(sections(["a; (os_name == 'nt' or os_name == 'posix') and extra == 'x'"], ["", "x"]), {
    "": [],
    x: ['a; os_name == "nt" or os_name == "posix"'],
  });
});

test("extras are also decided where they cannot be listed", () => {
  assert.equal(sections(["a; extra in 'test dev'"], ["", "dev", "docs"]), { "": ["a"], dev: [], docs: [] });
  assert.equal(sections(["a; 'dev' in extra and os_name == 'nt'"], ["", "dev", "dev-all"]), {
    "": [],
    dev: ['a; os_name == "nt"'],
    "dev-all": ['a; os_name == "nt"'],
  });
  assert.equal(sections(["a; extra != ''", "b; extra != 'x'"], ["", "x", "y"]), { "": ["b"], x: ["a"], y: ["a"] });
});

test("rows keep name, extras, versions and URL", () => {
  const requires = ["Foo.Bar[Z,a] (>=1,<2)", "b @ https://example.org/b.zip ; os_name == 'a\tb'", "c"];
  assert.equal(sections(requires, [""])[""], [
    "foo-bar[a,z]<2,>=1",
    'b @ https://example.org/b.zip ; os_name == "a\\x09b"',
    "c",
  ]);
  const table = open([]);
  assert.equal([table.extras, table.requirements(""), table.problem], [[], [], undefined]);
});

test("a malformed requirement makes the table unusable", () => {
  for (const broken of [
    "invalid-version ==2010i",
    "a @ https://example.org/\fb",
    "a; extra = 'x'",
    "b; python_version < '3' extra == 'x'",
  ]) {
    const table = open(["good", broken, "better"], ["x"]);
    assert.match(table.problem ?? "", broken.split(" ")[0]!.replace(";", ""));
    assert.equal([table.extras, table.requirements(""), table.requirements("x" as Extra)], [[], [], []]);
  }
});

test("names that nobody can ask for do no harm", () => {
  assert.equal(sections(["a; extra == 'b\\x0cc\\n'", "b; extra == '*'", "c"], ["", "b", "c"]), {
    "": ["c"],
    b: [],
    c: [],
  });
});

test("sections hold exactly what the whole markers ask for", () => {
  const extras = ["", "test", "dev-x", "docs", "other"] as const;
  fc.assert(
    fc.property(fc.array(markerText, { minLength: 1, maxLength: 3 }), (markers) => {
      const table = open(markers.map((marker, i) => `a${i}; ${marker}`));
      const holding = (extra: string): string[] =>
        table
          .requirements(extra as Extra | "")
          .filter(({ marker }) => evaluateMarker(marker, LINUX))
          .map(({ name }) => name);
      const base = holding("");
      for (const extra of extras) {
        const expected = markers.flatMap((marker, i) => {
          const isAsked = evaluateMarker(marker, LINUX, extra) || evaluateMarker(marker, LINUX);
          return isAsked ? [`a${i}`] : [];
        });
        assert.equal([...new Set([...base, ...holding(extra)])].sort(), expected);
      }
    }),
    runs,
  );
});

test.run();
