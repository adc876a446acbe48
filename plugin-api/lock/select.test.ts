import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type SmallLock, type SmallPackage, smallLock, smallTarget } from "../../test/harness/small-lock.ts";
import { PybunError } from "../error.ts";
import type { LockChoice } from "../model/lock.ts";
import type { Resolution } from "../model/resolution.ts";
import { selectPins } from "./select.ts";

const test = suite("choosing from a lock");
const LINUX = "3.12 linux x86_64";
const NOTHING_MORE: LockChoice = { extras: [], groups: [] };

const select = (lock: SmallLock, target = LINUX, choice: Partial<LockChoice> = {}): Resolution =>
  selectPins(smallLock(lock), smallTarget(target), { ...NOTHING_MORE, ...choice });
const names = ({ pins }: Resolution): string => pins.map(({ name, version }) => `${name} ${version}`).join(", ");

/** What is chosen, or the code of the error and words of its message. */
function outcome(make: () => Resolution): string {
  try {
    return names(make());
  } catch (error) {
    if (!(error instanceof PybunError)) throw error;
    return `${error.code} ${error.message}`;
  }
}

const marked: SmallLock = {
  packages: [
    {
      id: "app 1.0",
      needs: [
        "lib 1.0 ; python_version < '3.11'",
        "lib 2.0 ; python_version >= '3.11'",
        "win 1 ; sys_platform == 'win32'",
      ],
    },
    { id: "lib 1.0", marker: "python_version < '3.11'", needs: ["old 1"] },
    { id: "lib 2.0", marker: "python_version >= '3.11'" },
    { id: "old 1" },
    { id: "win 1" },
  ],
  roots: ["app 1.0"],
};
for (const [target, expected] of [
  [LINUX, "app 1.0, lib 2.0"],
  ["3.10 linux x86_64", "app 1.0, lib 1.0, old 1"],
  ["3.10 windows amd64", "app 1.0, lib 1.0, old 1, win 1"],
  ["3.13 macos arm64", "app 1.0, lib 2.0"],
] as const) {
  test(`markers: ${target}`, () => assert.is(names(select(marked, target)), expected));
}

test("a package that is not for the target is left out, even where an edge leads to it", () => {
  const packages: SmallPackage[] = [
    { id: "app 1", needs: ["x 1", "x 2"] },
    { id: "x 1", marker: "sys_platform == 'win32'" },
    { id: "x 2", marker: "sys_platform != 'win32'" },
  ];
  assert.is(names(select({ packages, roots: ["app 1"] })), "app 1, x 2");
});

const withExtras: SmallLock = {
  packages: [
    { id: "a 1", extras: ["fast", "all"], needs: ["b 1", "c 1 ; extra == 'fast'", "a[fast] 1 ; extra == 'all'"] },
    { id: "b 1", extras: ["x"], needs: ["d 1 ; extra == 'x' and sys_platform == 'linux'", "e 1 ; extra == 'y'"] },
    { id: "c 1", needs: ["b[x,unknown] 1", "a 1"] },
    { id: "d 1" },
    { id: "e 1" },
  ],
  roots: [],
};
for (const [root, expected] of [
  ["a 1", "a 1, b 1"],
  ["a[fast] 1", "a 1, b 1, c 1, d 1"],
  ["a[all] 1", "a 1, b 1, c 1, d 1"],
  ["b[y] 1", "b 1"],
] as const) {
  test(`extras of packages: ${root}`, () => assert.is(names(select({ ...withExtras, roots: [root] })), expected));
}

test("pins say which extras they have, what they lead to, and who was asked for", () => {
  const { pins } = select({ ...withExtras, roots: ["a[all] 1"] });
  const [a, b] = pins;
  assert.equal([a?.extras, a?.isDirect, b?.extras, b?.isDirect], [["all", "fast"], true, ["x"], false]);
  assert.equal(a?.dependencies, [
    { name: "b", extras: [], specifier: "==1" },
    { name: "c", extras: [], specifier: "==1" },
  ] as never);
});

const parts: SmallLock = {
  packages: ["base", "doc", "gpu", "cpu", "test", "lint", "other"].map((name) => ({ id: `${name} 1` })),
  roots: [
    "base 1",
    { needs: "gpu 1", kind: "optional", name: "gpu" },
    { needs: "cpu 1 ; 'gpu' not in extras", kind: "optional", name: "Cpu_Only" },
    { needs: "doc 1 ; 'test' in dependency_groups", kind: "project" },
    { needs: "test 1", kind: "group", name: "test" },
    { needs: "lint 1", kind: "group", name: "lint" },
  ],
};
for (const [what, choice, expected] of [
  ["nothing more", {}, "base 1"],
  ["an extra", { extras: ["GPU"] }, "base 1, gpu 1"],
  ["an extra whose requirement another one excludes", { extras: ["gpu", "cpu-only"] }, "base 1, gpu 1"],
  ["the other one alone", { extras: ["cpu.only"] }, "base 1, cpu 1"],
  ["all extras", { extras: "all" }, "base 1, gpu 1"],
  ["a group that a marker asks for", { groups: ["test"] }, "base 1, doc 1, test 1"],
  ["only groups", { groups: ["lint"], onlyGroups: true, extras: ["gpu"] }, "lint 1"],
] as const) {
  test(`parts of a project: ${what}`, () => assert.is(names(select(parts, LINUX, choice)), expected));
}

const workspace: SmallLock = {
  packages: [
    { id: "app 1", source: { kind: "member", path: "/w/app", isVirtual: false }, needs: ["base 1"] },
    { id: "tools 1", source: { kind: "member", path: "/w/tools", isVirtual: true }, needs: ["lint 1"] },
    { id: "base 1" },
    { id: "lint 1" },
    { id: "gpu 1" },
    { id: "more 1" },
  ],
  roots: [
    { needs: "base 1", kind: "member", name: "app" },
    { needs: "tools 1", kind: "member", name: "app" },
    { needs: "gpu 1", kind: "optional", name: "gpu", member: "app" },
    { needs: "more 1 ; 'app:gpu' in extras", kind: "member", name: "app" },
    { needs: "app 1", kind: "member", name: "tools" },
    { needs: "lint 1", kind: "group", name: "dev", member: "tools" },
  ],
};
for (const [what, choice, expected] of [
  ["all, without what is virtual", {}, "app 1, base 1, lint 1"],
  ["one member", { members: ["tools"] }, "app 1, base 1"],
  ["an extra of one member", { members: ["app"], extras: ["gpu"] }, "base 1, gpu 1, lint 1, more 1"],
  ["a group of another member", { members: ["app"], groups: ["dev"] }, "base 1, lint 1"],
] as const) {
  test(`members: ${what}`, () => assert.is(names(select(workspace, LINUX, choice as never)), expected));
}

const trees = (source: SmallPackage["source"]): unknown =>
  select({ packages: [{ id: "a 1", source: source! }], roots: ["a 1"] }).pins[0]?.file;
test("what is no file gets the file that stands for it", () => {
  const rest = { kind: "sdist", isYanked: false, hasMetadataFile: false };
  assert.equal(trees({ kind: "path", path: "/p/lib" }), { filename: "lib", url: "file:///p/lib", ...rest });
  const commit = "0123456789abcdef0123456789abcdef01234567";
  assert.equal(trees({ kind: "git", url: "https://h.example/r.git", commit, reference: "main", subdirectory: "s" }), {
    filename: "a-0123456789ab",
    url: `git+https://h.example/r.git@${commit}#subdirectory=s`,
    ...rest,
  });
});

const WHEELS = [
  "a-1-cp312-cp312-manylinux_2_28_x86_64.whl",
  "a-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
  "a-1-cp312-cp312-macosx_11_0_arm64.whl",
  "a-1-cp39-abi3-win_amd64.whl",
  "a-1-1-py3-none-any.whl",
  "a-1-py3-none-any.whl",
  "a-1.zip",
  "a-1.tar.gz",
];
for (const [target, files, choice, expected] of [
  [LINUX, WHEELS, {}, "a-1-cp312-cp312-manylinux_2_28_x86_64.whl"],
  ["3.12 macos arm64", WHEELS, {}, "a-1-cp312-cp312-macosx_11_0_arm64.whl"],
  ["3.13 windows amd64", WHEELS, {}, "a-1-cp39-abi3-win_amd64.whl"],
  ["3.11 linux x86_64", WHEELS, {}, "a-1-1-py3-none-any.whl"],
  ["3.11 linux x86_64", WHEELS.slice(5), {}, "a-1-py3-none-any.whl"],
  ["3.11 linux x86_64", WHEELS.slice(6), {}, "a-1.tar.gz"],
  [LINUX, WHEELS, { policy: { noBinary: ["a"], noBuild: [] } }, "a-1.tar.gz"],
  [LINUX, WHEELS, { policy: { noBinary: ["b"], noBuild: [":all:"] } }, "a-1-cp312-cp312-manylinux_2_28_x86_64.whl"],
  [LINUX, [{ filename: WHEELS[0]!, isYanked: true }, ...WHEELS.slice(4)], {}, "a-1-1-py3-none-any.whl"],
  [LINUX, [{ filename: WHEELS[0]!, isYanked: true }], {}, WHEELS[0]],
] as const) {
  test(`the file: ${target}, ${files.length} files, ${JSON.stringify(choice)}`, () => {
    const { pins } = select({ packages: [{ id: "a 1", files }], roots: ["a 1"] }, target, choice);
    assert.is(pins[0]?.file.filename, expected);
  });
}

const only = (...files: string[]): SmallLock => ({ packages: [{ id: "a 1", files }], roots: ["a 1"] });
for (const [what, make, expected] of [
  [
    "a Python that is too old",
    () => select(marked, "3.8 linux x86_64"),
    /^E_PYTHON_MISMATCH the lock is for Python >=3.9, not 3.8.1$/,
  ],
  ["a Python that is too new", () => select({ ...marked, requiresPython: ">=3.9,<3.12" }), /^E_PYTHON_MISMATCH/],
  [
    "a candidate of the lowest Python",
    () => select({ ...marked, requiresPython: ">=3.12" }, "3.12.0rc1 linux x86_64"),
    /^app 1.0, lib 2.0$/,
  ],
  [
    "no fork for the platform",
    () => select({ ...marked, forks: ["sys_platform == 'win32'"] }),
    /^E_LOCK_TARGET .*CPython 3.12 on linux x86_64/,
  ],
  [
    "a fork for the platform",
    () => select({ ...marked, forks: ["sys_platform == 'win32'", "os_name == 'posix'"] }),
    /^app/,
  ],
  [
    "wheels for others",
    () => select(only(WHEELS[2]!, WHEELS[3]!)),
    /^E_LOCK_TARGET a 1 has no wheel that fits, and no source distribution: CPython 3.12 on linux x86_64$/,
  ],
  [
    "a source that may not be built",
    () => select(only("a-1.zip"), LINUX, { policy: { noBuild: ["a"], noBinary: [] } }),
    /^E_LOCK_TARGET .* may not be built/,
  ],
  [
    "wheels that may not be used",
    () => select(only(WHEELS[5]!), LINUX, { policy: { noBuild: [], noBinary: [":all:"] } }),
    /^E_LOCK_TARGET .* may not be used/,
  ],
  [
    "two versions at once",
    () => select({ packages: [{ id: "a 1" }, { id: "a 2" }], roots: ["a 1", "a 2"] }),
    /^E_LOCK_TARGET what was chosen needs two versions of `a` at once$/,
  ],
] as const) {
  test(`refused or not: ${what}`, () => assert.match(outcome(make), expected));
}

test("a requirement that is none", () => {
  const lock = smallLock({ packages: [{ id: "a 1" }], roots: ["a 1"] });
  const broken = { ...lock, roots: [{ ...lock.roots[0]!, requirement: "a [" }] };
  assert.match(
    outcome(() => selectPins(broken, smallTarget(LINUX), NOTHING_MORE)),
    /^E_LOCK_INVALID .*`a \[`/,
  );
});

test.run();
