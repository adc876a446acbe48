import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPlainProject, variablesLookedAt } from "./plain-project.ts";

let tree = "";
test.before.each(() => {
  tree = fs.mkdtempSync(path.join(os.tmpdir(), "plain-"));
});
test.after.each(() => fs.rmSync(tree, { recursive: true }));

const build = (backend: string, requires: readonly string[], more = ""): string =>
  `[build-system]\nrequires = ${JSON.stringify(requires)}\nbuild-backend = "${backend}"\n${more}\n`;
const HATCH = build("hatchling.build", ["hatchling>=1.2"]);
const SETUPTOOLS = build("setuptools.build_meta", ["setuptools>=61", "wheel"]);
const STATIC = '[project]\nname = "a"\nversion = "1"\n';
const DYNAMIC = '[project]\nname = "a"\ndynamic = ["version"]\n';

const CASES: readonly (readonly [what: string, isPlain: boolean, pyproject: string, files?: readonly string[]])[] = [
  ["hatchling", true, HATCH + STATIC],
  [
    "hatchling that reads the version from a file",
    true,
    `${HATCH}${DYNAMIC}[tool.hatch.version]\npath = "a/about.py"\n`,
  ],
  [
    "hatchling that is told what to take",
    true,
    `${HATCH}${STATIC}[tool.hatch.build.targets.wheel]\npackages = ["a"]\n`,
  ],
  ["setuptools", true, `${SETUPTOOLS}${STATIC}[tool.setuptools.packages.find]\nwhere = ["src"]\n`],
  ["flit", true, build("flit_core.buildapi", ["flit_core >=3.2,<4"]) + STATIC],
  [
    "poetry with settings of its own",
    true,
    `${build("poetry.core.masonry.api", ["poetry-core"])}[tool.poetry]\nname = "a"\nversion = "1"\n`,
  ],
  ["pdm", true, build("pdm.backend", ["pdm-backend"]) + STATIC],
  ["uv", true, build("uv_build", ["uv_build>=0.8,<0.10"]) + STATIC],
  ["no pyproject.toml", false, ""],
  ["a malformed one", false, "[build-system"],
  ["no backend", false, STATIC],
  ["another backend", false, build("maturin", ["maturin"]) + STATIC],
  ["a backend of its own", false, build("hatchling.build", ["hatchling"], 'backend-path = ["own"]') + STATIC],
  ["a plugin of the backend", false, build("hatchling.build", ["hatchling", "hatch-vcs"]) + STATIC],
  ["a backend from elsewhere", false, build("hatchling.build", ["hatchling @ file:///srv/hatchling"]) + STATIC],
  ["a version that setuptools finds out", false, SETUPTOOLS + DYNAMIC],
  ["a version that flit finds out", false, build("flit_core.buildapi", ["flit_core"]) + DYNAMIC],
  ["hatchling with hooks", false, `${HATCH}${STATIC}[tool.hatch.build.hooks.custom]\npath = "hook.py"\n`],
  ["hatchling with a hook of one target", false, `${HATCH}${STATIC}[tool.hatch.build.targets.wheel.hooks.custom]\n`],
  [
    "hatchling that runs code for the version",
    false,
    `${HATCH}${DYNAMIC}[tool.hatch.version]\nsource = "code"\npath = "a.py"\n`,
  ],
  [
    "hatchling that takes files from elsewhere",
    false,
    `${HATCH}${STATIC}[tool.hatch.build.targets.wheel.force-include]\n"/srv/x" = "x"\n`,
  ],
  ["hatchling that puts in variables", false, `${HATCH}${STATIC}dependencies = ["x @ {env:WHERE}"]\n`],
  ["files beside the tree", false, `${HATCH}${STATIC}readme = "../README.md"\n`],
  ["setuptools with extension modules", false, `${SETUPTOOLS}${STATIC}[[tool.setuptools.ext-modules]]\nname = "a.b"\n`],
  [
    "setuptools that looks at an attribute",
    false,
    `${SETUPTOOLS}${STATIC}[tool.setuptools.dynamic]\ndescription = {attr = "a.b"}\n`,
  ],
  ["setup.py", false, SETUPTOOLS + STATIC, ["setup.py"]],
  ["setup.cfg", false, SETUPTOOLS + STATIC, ["setup.cfg"]],
  [
    "pdm that asks version control",
    false,
    `${build("pdm.backend", ["pdm-backend"])}${STATIC}[tool.pdm.version]\nsource = "scm"\n`,
  ],
  [
    "poetry with a script",
    false,
    `${build("poetry.core.masonry.api", ["poetry-core"])}${STATIC}[tool.poetry.build]\nscript = "build.py"\n`,
  ],
];

for (const [what, isPlain, pyproject, files = []] of CASES)
  test(`${what}: ${isPlain ? "the tree tells all" : "more than the tree may tell"}`, () => {
    if (pyproject !== "") fs.writeFileSync(path.join(tree, "pyproject.toml"), pyproject);
    for (const file of files) fs.writeFileSync(path.join(tree, file), "");
    assert.is(isPlainProject(tree), isPlain);
  });

test("variables of backends are told, others not", () => {
  const env = {
    HATCH_BUILD_HOOKS_ENABLE: "1",
    SOURCE_DATE_EPOCH: "0",
    HATCHET: "x",
    PATH: "/bin",
    FLIT_ROOT: undefined,
  };
  assert.equal(variablesLookedAt(env), ["HATCH_BUILD_HOOKS_ENABLE=1", "SOURCE_DATE_EPOCH=0"]);
});

test.run();
