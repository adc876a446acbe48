import { test } from "uvu";
import * as assert from "uvu/assert";
import type { MarkerEnvironment } from "../../plugin-api/model/interpreter.ts";
import { PLAIN_TEXT } from "../../plugin-api/text/style.ts";
import { type SmallLock, smallLock } from "../../test/harness/small-lock.ts";
import type { Sight } from "./applies.ts";
import { draw } from "./draw.ts";
import { graphOf, type StartName } from "./graph.ts";
import { dependentsOf, type Node, requirementsOf, rowsOf } from "./rows.ts";

interface Case extends SmallLock {
  readonly about: string;
  readonly sight?: Sight;
  readonly starts?: readonly StartName[];
  /** Packages to begin at with what requires them. */
  readonly inverted?: readonly string[];
  readonly depth?: number;
  readonly isOnce?: boolean;
  readonly lines: readonly string[];
}

const LINUX = { sys_platform: "linux" } as MarkerEnvironment;
const APP = { name: "app", version: "1" };
const member = (path: string) => ({ kind: "member", path, isVirtual: false }) as const;

const CASES: readonly Case[] = [
  {
    about: "what was shown is not shown again, and a package without requirements has no mark",
    packages: [
      { id: "a 1", needs: ["c 1"] },
      { id: "b 1", needs: ["c 1", "d 1"] },
      { id: "c 1", needs: ["d 1"] },
      { id: "d 1" },
    ],
    roots: ["a 1", "b 1"],
    lines: ["app 1", "|- a 1", "|  `- c 1  ==1", "|     `- d 1  ==1", "`- b 1", "   |- c 1  ==1 (*)", "   `- d 1  ==1"],
  },
  {
    about: "everything each time, if asked for; a circle ends where it meets itself",
    packages: [
      { id: "a 1", needs: ["b 1"] },
      { id: "b 1", needs: ["a 1"] },
    ],
    roots: ["a 1", "b 1"],
    isOnce: false,
    lines: [
      "app 1",
      "|- a 1",
      "|  `- b 1  ==1",
      "|     `- a 1  ==1 (*)",
      "`- b 1",
      "   `- a 1  ==1",
      "      `- b 1  ==1 (*)",
    ],
  },
  {
    about: "levels below the project",
    packages: [{ id: "a 1", needs: ["b 1"] }, { id: "b 1", needs: ["c 1"] }, { id: "c 1" }],
    roots: ["a 1"],
    depth: 2,
    lines: ["app 1", "`- a 1", "   `- b 1  ==1"],
  },
  {
    about: "no level below the project",
    packages: [{ id: "a 1" }],
    roots: ["a 1"],
    depth: 0,
    lines: ["app 1"],
  },
  {
    about: "extras of a package add requirements, which it may have anyway",
    packages: [
      { id: "a 1", extras: ["x"], needs: ["b 1", 'b 1 ; extra == "x"', 'c 1 ; extra == "x"'] },
      { id: "b 1" },
      { id: "c 1" },
      { id: "d 1", needs: ["a 1"] },
    ],
    roots: ["a[x] 1", "d 1"],
    lines: [
      "app 1",
      "|- a[x] 1",
      "|  |- b 1  ==1",
      "|  `- c 1  ==1 (extra x)",
      "`- d 1",
      "   `- a 1  ==1",
      "      `- b 1  ==1",
    ],
  },
  {
    about: "requirements of extras and groups, told once where the words are the same",
    packages: [{ id: "a 1" }, { id: "b 1" }],
    roots: [
      { needs: "a 1", kind: "group", name: "lint" },
      { needs: "a 1", kind: "group", name: "dev" },
      { needs: "b 1", kind: "optional", name: "cli" },
      { needs: "b 1", kind: "group", name: "dev" },
    ],
    lines: ["app 1", "|- b 1 (extra cli, group dev)", "`- a 1 (groups dev, lint)"],
  },
  {
    about: "for every environment, each with its marker",
    packages: [
      { id: "a 1", marker: 'sys_platform == "win32"' },
      { id: "a 2", marker: 'sys_platform != "win32"', needs: ['b 1 ; python_version < "3.11"'] },
      { id: "b 1" },
    ],
    roots: ['a 1 ; sys_platform == "win32"', 'a 2 ; sys_platform != "win32"'],
    lines: [
      "app 1",
      '|- a 1  if sys_platform == "win32"',
      '`- a 2  if sys_platform != "win32"',
      '   `- b 1  ==1; python_version < "3.11"',
    ],
  },
  {
    about: "for one environment",
    packages: [
      { id: "a 1", marker: 'sys_platform == "win32"' },
      { id: "a 2", marker: 'sys_platform != "win32"' },
    ],
    roots: ['a 1 ; sys_platform == "win32"', 'a 2 ; sys_platform != "win32"'],
    sight: { markers: LINUX },
    lines: ["app 1", "`- a 2"],
  },
  {
    about: "only what was chosen of the project",
    packages: [{ id: "a 1" }, { id: "b 1" }, { id: "c 1" }],
    roots: ["a 1", { needs: "b 1", kind: "optional", name: "cli" }, { needs: "c 1", kind: "group", name: "dev" }],
    sight: { choice: { extras: ["cli"], groups: [] } },
    lines: ["app 1", "|- a 1", "`- b 1 (extra cli)"],
  },
  {
    about: "parts that are never chosen together, all of them when nobody chooses",
    packages: [
      { id: "a 1", marker: '"old" in extras' },
      { id: "a 2", marker: '"old" not in extras' },
    ],
    roots: [{ needs: 'a 1 ; "old" in extras', kind: "optional", name: "old" }, { needs: 'a 2 ; "old" not in extras' }],
    lines: ["app 1", "|- a 2", "`- a 1 (extra old)"],
  },
  {
    about: "parts that are never chosen together, those of the choice",
    packages: [
      { id: "a 1", marker: '"old" in extras' },
      { id: "a 2", marker: '"old" not in extras' },
    ],
    roots: [{ needs: 'a 1 ; "old" in extras', kind: "optional", name: "old" }, { needs: 'a 2 ; "old" not in extras' }],
    sight: { choice: { extras: ["old"], groups: [] } },
    lines: ["app 1", "`- a 1 (extra old)"],
  },
  {
    about: "members that require each other",
    packages: [{ id: "a 1" }, { id: "b 1" }, { id: "lib 2", source: member("/w/lib"), needs: ["a 1"] }],
    roots: [
      { needs: "lib 2", kind: "member", name: "app" },
      { needs: "a 1", kind: "member", name: "lib" },
      { needs: "b 1", kind: "group", name: "dev", member: "lib" },
    ],
    starts: [
      { name: "app", version: "1", member: "app" as never },
      { name: "lib", version: "2", member: "lib" as never },
    ],
    lines: ["app 1", "`- lib 2  /w/lib", "   `- a 1  ==1", "lib 2 (*)", "`- b 1 (group dev)"],
  },
  {
    about: "what requires a package, up to the project",
    packages: [{ id: "a 1", needs: ["c 1"] }, { id: "b 1", needs: ["a 1", "c 1"] }, { id: "c 1" }],
    roots: ["b 1"],
    inverted: ["c 1"],
    lines: ["c 1", "|- a 1  requires ==1", "|  `- b 1  requires ==1", "|     `- app 1", "`- b 1  requires ==1 (*)"],
  },
  {
    about: "what requires an extra is what asks for it",
    packages: [
      { id: "a 1", extras: ["x"], needs: ['c 1 ; extra == "x"'] },
      { id: "b 1", needs: ["a 1"] },
      { id: "c 1" },
    ],
    roots: ["b 1", { needs: "a[x] 1", kind: "optional", name: "full" }],
    inverted: ["c 1"],
    lines: ["c 1", "`- a[x] 1  requires ==1 (extra x)", "   `- app 1 (extra full)"],
  },
];

for (const { about, sight = {}, starts = [APP], inverted, depth = 99, isOnce = true, lines, ...given } of CASES)
  test(about, () => {
    const lock = smallLock(given);
    const graph = graphOf(lock, starts, sight);
    const indexOf = (id: string) => lock.packages.findIndex(({ name, version }) => `${name} ${version}` === id);
    const roots: readonly Node[] = inverted
      ? inverted.map((id) => ({ kind: "package", index: indexOf(id), extras: [] }))
      : graph.starts.map((start) => ({ kind: "start", start }));
    const branches = (inverted ? dependentsOf : requirementsOf)(graph);
    const rows = [...rowsOf({ roots, branches, depth, isOnce })];
    const drawing = { graph, isInverted: inverted !== undefined, notes: () => [], place: { cwd: "/x", home: "/h" } };
    assert.equal(draw(rows, drawing, PLAIN_TEXT), lines);
  });

test("a chain of three thousand packages is no deeper than the memory", () => {
  const count = 3_000;
  const packages = Array.from({ length: count }, (_, at) => ({
    id: `p${at} 1`,
    needs: at + 1 < count ? [`p${at + 1} 1`] : [],
  }));
  const graph = graphOf(chain(packages), [APP], {});
  let last = 0;
  const roots = graph.starts.map((start) => ({ kind: "start", start }) as const);
  for (const { ends } of rowsOf({ roots, branches: requirementsOf(graph), depth: 1e9, isOnce: true }))
    last = ends.length;
  assert.is(last, count);
});

/** `smallLock` looks each requirement up by name, which would take long here. */
function chain(packages: readonly { readonly id: string }[]) {
  const lock = smallLock({ packages: packages.map(({ id }) => ({ id })), roots: ["p0 1"] });
  return {
    ...lock,
    packages: lock.packages.map((each, at) => ({
      ...each,
      dependencies: at + 1 < packages.length ? [{ to: at + 1, marker: "", extras: [], specifier: "" }] : [],
    })),
  };
}

test.run();
