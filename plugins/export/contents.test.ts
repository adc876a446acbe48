import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { contentsOf, type ExportChoice } from "./contents.ts";
import { lockOf } from "./scene.fixture.ts";

type Stated = Parameters<typeof lockOf>[0];
interface Case {
  readonly what: string;
  readonly lock: Stated;
  readonly choice?: Partial<ExportChoice>;
  /** `name version`, and the marker where there is one. */
  readonly expected: readonly string[];
}

const BAKED = { extras: [], groups: [] };
const WIN = "sys_platform == 'win32'";
const LINUX = "sys_platform == 'linux'";

const CASES: readonly Case[] = [
  {
    what: "markers along a chain all have to hold",
    lock: {
      packages: { a: { needs: [`b; ${LINUX}`] }, b: { needs: ["c; python_version >= '3.10'"] }, c: {} },
      roots: { project: ["a"] },
    },
    expected: ["a 1", 'b 1 ; sys_platform == "linux"', 'c 1 ; python_version >= "3.10" and sys_platform == "linux"'],
  },
  {
    what: "one chain is enough",
    lock: {
      packages: { a: { needs: [`c; ${WIN}`] }, b: { needs: [`c; ${LINUX}`] }, c: {} },
      roots: { project: ["a", "b"] },
    },
    expected: ["a 1", "b 1", 'c 1 ; sys_platform == "linux" or sys_platform == "win32"'],
  },
  {
    what: "chains that together lead everywhere leave no marker",
    lock: {
      packages: { a: { needs: [`c; ${WIN}`] }, b: { needs: ["c; sys_platform != 'win32'"] }, c: {} },
      roots: { project: ["a", "b"] },
    },
    expected: ["a 1", "b 1", "c 1"],
  },
  {
    what: "circles come to an end",
    lock: {
      packages: { a: { needs: ["b"] }, b: { needs: ["a", `c; ${WIN}`] }, c: { needs: ["a"] } },
      roots: { project: [`a; python_version < '3.12'`] },
    },
    expected: [
      'a 1 ; python_version < "3.12"',
      'b 1 ; python_version < "3.12"',
      'c 1 ; python_version < "3.12" and sys_platform == "win32"',
    ],
  },
  {
    what: "what only an extra of a package requires is there when the extra is",
    lock: {
      packages: {
        a: { extras: ["x"], needs: ["b; extra == 'x'", "c; extra == 'y'"] },
        b: {},
        c: {},
        d: { needs: [`a[x]; ${WIN}`] },
      },
      roots: { project: ["a", "d"] },
    },
    expected: ["a 1", 'b 1 ; sys_platform == "win32"', "d 1"],
  },
  {
    what: "an extra may ask its own package for another one",
    lock: {
      packages: { a: { extras: ["x", "y"], needs: ["a[y]; extra == 'x'", "b; extra == 'y'"] }, b: {} },
      roots: { project: ["a[x]"] },
    },
    expected: ["a 1", "b 1"],
  },
  {
    what: "versions of forks keep to their own environments",
    lock: {
      packages: {
        "a 1": { marker: "python_version < '3.11'" },
        "a 2": { marker: "python_version >= '3.11'" },
        b: { needs: ["a==1; python_version < '3.11'", "a==2; python_version >= '3.11'"] },
      },
      roots: { project: [`b; ${LINUX}`] },
    },
    expected: [
      'a 1 ; python_version < "3.11" and sys_platform == "linux"',
      'a 2 ; python_version >= "3.11" and sys_platform == "linux"',
      'b 1 ; sys_platform == "linux"',
    ],
  },
  {
    what: "what the lock's range says already is not repeated",
    lock: {
      packages: { a: {}, b: {} },
      roots: { project: ["a; python_version >= '3.8'", "b; python_version < '3.9'"] },
      requiresPython: ">=3.9",
    },
    expected: ["a 1"],
  },
  {
    what: "extras and groups of the project only when chosen",
    lock: { packages: { a: {}, b: {}, c: {} }, roots: { project: ["a"], "optional x": ["b"], "group dev": ["c"] } },
    expected: ["a 1"],
  },
  {
    what: "a chosen extra, in any spelling",
    lock: { packages: { a: {}, b: {}, c: {} }, roots: { project: ["a"], "optional x-y": ["b"], "group dev": ["c"] } },
    choice: { extras: ["X_y"], groups: [] },
    expected: ["a 1", "b 1"],
  },
  {
    what: "all extras, and a group",
    lock: { packages: { a: {}, b: {}, c: {} }, roots: { project: ["a"], "optional x": ["b"], "group dev": ["c"] } },
    choice: { extras: "all", groups: ["dev"] },
    expected: ["a 1", "b 1", "c 1"],
  },
  {
    what: "left open, extras and groups become conditions",
    lock: {
      packages: { a: {}, b: { needs: [`a; ${WIN}`] }, c: {} },
      roots: { "optional x": ["a"], "group dev": ["b", "c"], project: ["c"] },
    },
    choice: { pruned: [] },
    expected: [
      'a 1 ; "x" in extras or sys_platform == "win32" and "dev" in dependency_groups',
      'b 1 ; "dev" in dependency_groups',
      "c 1",
    ],
  },
  {
    what: "left open, one condition stands for all extras that lead to the same place",
    lock: {
      packages: { a: {}, b: { needs: ["a"] } },
      roots: { project: [`a; ${LINUX}`], "optional x": ["b"], "optional y": ["a"], "optional z": [`a; ${LINUX}`] },
    },
    choice: { pruned: [] },
    expected: ['a 1 ; sys_platform == "linux" or "x" in extras or "y" in extras', 'b 1 ; "x" in extras'],
  },
  {
    what: "left open, versions of extras that conflict exclude each other",
    lock: {
      packages: {
        "a 1": { marker: "'x' in extras" },
        "a 2": { marker: "'x' not in extras" },
        b: { needs: ["a==1; 'x' in extras", "a==2; 'x' not in extras"] },
      },
      roots: { project: [`b; ${LINUX}`], "optional x": ["a==1"] },
    },
    choice: { pruned: [] },
    expected: [
      'a 1 ; sys_platform == "linux" and "x" in extras or "x" in extras',
      'a 2 ; sys_platform == "linux" and "x" not in extras',
      'b 1 ; sys_platform == "linux"',
    ],
  },
  {
    what: "versions of extras that conflict go by what is chosen",
    lock: {
      packages: {
        "a 1": { marker: "'x' in extras" },
        "a 2": { marker: "'x' not in extras" },
        b: { needs: ["a==1; 'x' in extras", "a==2; 'x' not in extras"] },
      },
      roots: { project: ["b"], "optional x": ["a==1"], "optional y": ["a==2"] },
    },
    choice: { extras: ["y"], groups: [] },
    expected: ["a 2", "b 1"],
  },
  {
    what: "so do those of a workspace's members",
    lock: {
      packages: {
        "a 1": { marker: '"m:x" in extras' },
        "a 2": { marker: '"m:x" not in extras' },
        b: { needs: ['a==1; "m:x" in extras', 'a==2; "m:x" not in extras'] },
      },
      roots: { project: ["b"], "optional x": ["a==1"], "optional y": ["a==2"] },
    },
    choice: { extras: ["x"], groups: [] },
    expected: ["a 1", "b 1"],
  },
  {
    what: "a pruned package goes with what only it requires",
    lock: { packages: { a: { needs: ["b", "c"] }, b: { needs: ["d"] }, c: {}, d: {} }, roots: { project: ["a"] } },
    choice: { ...BAKED, pruned: ["B"] },
    expected: ["a 1", "c 1"],
  },
];

const show = (lock: Stated, choice: Partial<ExportChoice> = BAKED): readonly string[] =>
  contentsOf(lockOf(lock), { pruned: [], ...choice }).packages.map(
    ({ locked: { name, version }, marker }) => `${name} ${version}${marker === "" ? "" : ` ; ${marker}`}`,
  );
for (const { what, lock, choice, expected } of CASES) test(what, () => assert.equal(show(lock, choice), expected));

const SMALL: Stated = {
  packages: { a: {} },
  roots: { project: ["a"], "optional gpu": ["a"] },
  meta: { "inputs/group/empty": "" },
};
for (const [choice, message] of [
  [{ extras: ["gpuu"] }, /no extra `gpuu`; did you mean `gpu`\?/],
  [{ extras: [], groups: ["dev"] }, /no group `dev`; its groups: empty/],
  [{ pruned: ["zzz"] }, /no package `zzz`; its packages: a/],
] as const)
  test(`refuses ${JSON.stringify(choice)}`, () =>
    assert.throws(
      () => show(SMALL, choice),
      (error: unknown) => error instanceof PybunError && message.test(error.message),
    ));

test("environments are those asked for, else forks that leave something out", () => {
  const of = (more: Partial<Stated>) => contentsOf(lockOf({ ...SMALL, ...more }), { pruned: [] }).environments;
  assert.equal(of({ forks: [WIN, "sys_platform != 'win32'"] }), []);
  assert.equal(of({ forks: [WIN, LINUX] }), ['sys_platform == "win32"', 'sys_platform == "linux"']);
  assert.equal(of({ forks: [`${WIN} and 'x' in extras`, `${WIN} and 'x' not in extras`] }), [
    'sys_platform == "win32"',
  ]);
  assert.equal(of({ meta: { settings: JSON.stringify({ environments: `${LINUX}\n${WIN}` }) } }), [LINUX, WIN]);
  assert.equal(of({ meta: { settings: "{" } }), []);
});

test.run();
