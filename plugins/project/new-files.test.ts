import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parsePyproject } from "../../plugin-api/project/parse-pyproject.ts";
import { BACKENDS } from "./commands.ts";
import { filesOf, type NewProject, scriptText } from "./new-files.ts";

const PLAIN: NewProject = {
  name: "Shop-API",
  version: "0.1.0",
  description: "",
  license: "",
  requiresPython: ">=3.12",
  kind: "app",
  layout: "src",
  backend: "hatchling",
  isBare: false,
  pythonVersion: "3.12",
  hasGitFiles: true,
};
const names = (project: NewProject): readonly string[] => filesOf(project).map(([name]) => name);
const content = (project: NewProject, file: string): string =>
  filesOf(project).find(([name]) => name === file)?.[1] ?? "";

test("an application", () => {
  assert.equal(names(PLAIN), [
    "pyproject.toml",
    "README.md",
    ".gitignore",
    ".gitattributes",
    ".python-version",
    "src/shop_api/__init__.py",
    "tests/test_shop_api.py",
  ]);
  assert.is(
    content(PLAIN, "pyproject.toml"),
    `[project]
name = "Shop-API"
version = "0.1.0"
readme = "README.md"
requires-python = ">=3.12"
dependencies = []

[project.scripts]
Shop-API = "shop_api:main"

[dependency-groups]
dev = ["pytest>=8"]

[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"
`,
  );
});

test("a library has types and no command, flat or not", () => {
  const lib: NewProject = {
    ...PLAIN,
    kind: "lib",
    layout: "flat",
    pythonVersion: undefined as never,
    hasGitFiles: false,
  };
  assert.equal(names(lib), [
    "pyproject.toml",
    "README.md",
    "shop_api/__init__.py",
    "tests/test_shop_api.py",
    "shop_api/py.typed",
  ]);
  assert.not.match(content(lib, "pyproject.toml"), "scripts");
  assert.not.match(content(lib, "README.md"), "pybun run Shop-API");
});

test("a bare one is nothing but pyproject.toml", () => {
  const { pythonVersion: _version, backend: _backend, ...bare } = { ...PLAIN, isBare: true, hasGitFiles: false };
  assert.equal(names(bare), ["pyproject.toml"]);
  assert.is(
    content(bare, "pyproject.toml"),
    '[project]\nname = "Shop-API"\nversion = "0.1.0"\nrequires-python = ">=3.12"\ndependencies = []\n',
  );
});

for (const backend of BACKENDS)
  for (const layout of ["src", "flat"] as const)
    test(`what ${backend} is told, ${layout}, is what was meant`, () => {
      const text = content(
        { ...PLAIN, backend, layout, license: "MIT", description: 'Says "hi" \\o/' },
        "pyproject.toml",
      );
      const project = parsePyproject(text, { file: "/p/pyproject.toml", shown: "pyproject.toml" });
      assert.equal([project.isPackage, project.name, project.version], [true, "shop-api", "0.1.0"]);
      const table = (parse(text) as Record<string, Record<string, unknown>>)["project"];
      assert.equal([table?.["license"], table?.["description"]], ["MIT", 'Says "hi" \\o/']);
      assert.not.match(text, /\n\n\n|<%|undefined/);
    });

test("a description becomes the docstring", () => {
  const text = content({ ...PLAIN, description: 'Says "hi" \\o/' }, "src/shop_api/__init__.py");
  assert.ok(text.startsWith('"""Says \\"hi\\" \\\\o/"""\n\n\ndef greeting'), text);
  assert.ok(content(PLAIN, "src/shop_api/__init__.py").startsWith("def greeting"));
});

test("a script", () => {
  assert.ok(
    scriptText(">=3.12").startsWith('# /// script\n# requires-python = ">=3.12"\n# dependencies = []\n# ///\n'),
  );
});

test.run();
