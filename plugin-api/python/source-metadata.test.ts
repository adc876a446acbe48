import { test } from "uvu";
import * as assert from "uvu/assert";
import { InvalidSyntax } from "../error.ts";
import { metadataOfPkgInfo, metadataOfPyproject } from "./source-metadata.ts";

const pkgInfo = (version: string, ...more: string[]): string =>
  [`Metadata-Version: ${version}`, "Name: Demo_One", "Version: 1.0", ...more, "", "text"].join("\n");

test("PKG-INFO counts from metadata 2.2 on, unless what decides is dynamic", () => {
  const fixed = metadataOfPkgInfo(pkgInfo("2.2", "Requires-Python: >=3.9", "Requires-Dist: a>1", "Dynamic: License"));
  assert.equal(fixed && [fixed.name, fixed.version, fixed.requiresPython, fixed.requiresDist], [
    "demo-one",
    "1.0",
    ">=3.9",
    ["a>1"],
  ]);
  assert.ok(metadataOfPkgInfo(pkgInfo("2.10")));
  for (const text of [
    pkgInfo("1.2"),
    pkgInfo("2.1", "Requires-Dist: a"),
    pkgInfo("2.2", "Dynamic: Requires-Dist"),
    pkgInfo("2.4", "Dynamic: REQUIRES-PYTHON"),
    pkgInfo("2.3", "Dynamic: Provides-Extra"),
    pkgInfo("2.3", "Dynamic: Version"),
  ])
    assert.is(metadataOfPkgInfo(text), undefined, text);
  assert.throws(
    () => metadataOfPkgInfo("Metadata-Version: 2.2\nName: demo\n"),
    (e: unknown) => e instanceof InvalidSyntax,
  );
});

test("[project] tells all of a static project, extras with their markers", () => {
  const text = `
    [project]
    name = "Demo.One"
    version = "1.0"
    requires-python = ">=3.9"
    dynamic = ["readme"]
    dependencies = ["a>=1", "b @ https://h.example/b;c.whl ; os_name == 'nt'"]
    [project.optional-dependencies]
    Cli_Tools = ["c; python_version < '3.10' or os_name == 'nt'", "d @ https://h.example/d;v=1.whl"]`;
  assert.equal(metadataOfPyproject(text), {
    name: "demo-one",
    version: "1.0",
    requiresPython: ">=3.9",
    requiresDist: [
      "a>=1",
      "b @ https://h.example/b;c.whl ; os_name == 'nt'",
      `c ; (python_version < '3.10' or os_name == 'nt') and extra == "cli-tools"`,
      `d @ https://h.example/d;v=1.whl ; extra == "cli-tools"`,
    ],
    providesExtra: ["Cli_Tools"],
  });
});

const UNDECIDED: Readonly<Record<string, string>> = {
  "no [project]": `[build-system]\nrequires = []`,
  "no version": `[project]\nname = "demo"`,
  "a dynamic version": `[project]\nname = "demo"\ndynamic = ["version"]`,
  "dynamic dependencies": `[project]\nname = "demo"\nversion = "1"\ndynamic = ["dependencies"]`,
  "dynamic extras": `[project]\nname = "demo"\nversion = "1"\ndynamic = ["optional-dependencies"]`,
  "a dynamic Python": `[project]\nname = "demo"\nversion = "1"\ndynamic = ["requires-python"]`,
  "a version that is none": `[project]\nname = "demo"\nversion = "one"`,
  "a name that is none": `[project]\nname = "-"\nversion = "1"`,
  "dependencies of the wrong kind": `[project]\nname = "demo"\nversion = "1"\ndependencies = "a"`,
  "extras of the wrong kind": `[project]\nname = "demo"\nversion = "1"\noptional-dependencies = ["a"]`,
  "an extra that is none": `[project]\nname = "demo"\nversion = "1"\n[project.optional-dependencies]\n'a"b' = ["c"]`,
  "Poetry's own dependencies": `[project]\nname = "demo"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.9"`,
};
for (const [what, text] of Object.entries(UNDECIDED))
  test(`${what}: the backend is asked`, () => assert.is(metadataOfPyproject(text), undefined));

test("what is not TOML is said with its line", () => {
  assert.throws(
    () => metadataOfPyproject("[project]\nname = demo"),
    (e: unknown) => e instanceof InvalidSyntax && e.message.startsWith("line 2 is not TOML"),
  );
});

test.run();
