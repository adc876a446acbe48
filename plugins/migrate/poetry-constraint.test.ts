import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseMarker } from "../../plugin-api/python/marker.ts";
import { parseRequirement } from "../../plugin-api/python/requirement.ts";
import { platformMarker, pythonMarker, specifierOf } from "./poetry-constraint.ts";
import { convertDependency } from "./poetry-dependency.ts";

const specifiers: readonly (readonly [constraint: string, specifier: string | undefined])[] = [
  ["^1.2.3", ">=1.2.3,<2"],
  ["^1.2", ">=1.2,<2"],
  ["^1", ">=1,<2"],
  ["^0.2.3", ">=0.2.3,<0.3"],
  ["^0.0.3", ">=0.0.3,<0.0.4"],
  ["^0.0", ">=0.0,<0.1"],
  ["^0", ">=0,<1"],
  ["^2.0b1", ">=2.0b1,<3"],
  ["~1.2.3", ">=1.2.3,<1.3"],
  ["~1.2", ">=1.2,<1.3"],
  ["~1", ">=1,<2"],
  ["~=1.2", "~=1.2"],
  ["*", ""],
  ["", ""],
  ["1.*", "==1.*"],
  ["==1.2.*", "==1.2.*"],
  ["1.2.3", "==1.2.3"],
  ["=1.2", "==1.2"],
  [">=1.2,<2.0,!=1.5", ">=1.2,<2.0,!=1.5"],
  [">= 1.2, < 2", ">=1.2,<2"],
  [">=1.2 <2", ">=1.2,<2"],
  ["v1.2", "==1.2"],
  ["^1 || ^2", ">=1,<3"],
  ["^1.0 | ^2.0 | ^3.0", ">=1.0,<4"],
  ["^1 || >=2", ">=1"],
  ["^1 || ^3", undefined],
  ["* || ^3", ""],
  ["<1 || >2", undefined],
  ["not a version", undefined],
];
for (const [constraint, expected] of specifiers)
  test(`\`${constraint}\` is ${expected === undefined ? "no specifier" : `\`${expected}\``}`, () =>
    assert.is(specifierOf(constraint), expected));

const markers: readonly (readonly [python: string, marker: string | undefined])[] = [
  ["^3.8", "python_version >= '3.8' and python_version < '4'"],
  ["<3.11", "python_version < '3.11'"],
  ["~3.9", "python_version >= '3.9' and python_version < '3.10'"],
  [">=3.8.1", "python_full_version >= '3.8.1'"],
  [">3.8", "python_full_version > '3.8'"],
  ["3.9.*", "python_version == '3.9'"],
  ["*", ""],
  ["<3.8 || >=3.11", "python_version < '3.8' or python_version >= '3.11'"],
];
for (const [python, expected] of markers)
  test(`python \`${python}\``, () => {
    assert.is(pythonMarker(python), expected);
    if (expected) parseMarker(expected);
  });

test("platforms are markers", () => {
  assert.is(platformMarker("win32"), "sys_platform == 'win32'");
  assert.is(platformMarker("!=darwin"), "sys_platform != 'darwin'");
  assert.is(platformMarker("linux || darwin"), "sys_platform == 'linux' or sys_platform == 'darwin'");
});

const dependencies: readonly (readonly [value: unknown, requirements: readonly string[], source?: unknown])[] = [
  ["^1", ["n>=1,<2"]],
  [{ version: "*", extras: ["a", "b"] }, ["n[a,b]"]],
  [
    { version: "^1", markers: "a == 'b' or c == 'd'", python: "<3.9" },
    ["n>=1,<2; python_version < '3.9' and (a == 'b' or c == 'd')"],
  ],
  [{ git: "https://x/n.git", branch: "main" }, ["n"], { git: "https://x/n.git", branch: "main" }],
  [{ path: "../n" }, ["n"], { path: "../n" }],
  [{ path: "../n", develop: true, extras: ["x"] }, ["n[x]"], { path: "../n", editable: true }],
  [{ url: "https://x/n.whl" }, ["n"], { url: "https://x/n.whl" }],
  [{ version: "^1", source: "corp" }, ["n>=1,<2"], { index: "corp" }],
  [{ version: "^1", source: "PyPI" }, ["n>=1,<2"]],
  [
    [
      { version: "^1", platform: "linux", source: "cpu" },
      { url: "https://x/n.whl", platform: "win32" },
    ],
    ["n>=1,<2; sys_platform == 'linux'", "n; sys_platform == 'win32'"],
    [
      { index: "cpu", marker: "sys_platform == 'linux'" },
      { url: "https://x/n.whl", marker: "sys_platform == 'win32'" },
    ],
  ],
];
for (const [value, requirements, source] of dependencies)
  test(`the dependency ${JSON.stringify(value)}`, () => {
    const made = convertDependency("n", value);
    assert.equal("reason" in made ? made : [made.requirements, made.source], [requirements, source]);
    for (const text of requirements) if (!text.includes("a ==")) parseRequirement(text);
  });

for (const value of ["^1 || ^3", { version: "^1", "allow-prereleases": true }, { version: "1", odd: 1 }, 7])
  test(`the dependency ${JSON.stringify(value)} stays where it is`, () =>
    assert.ok("reason" in convertDependency("n", value)));

test.run();
