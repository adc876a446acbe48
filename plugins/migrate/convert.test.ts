import { test } from "uvu";
import * as assert from "uvu/assert";
import { openProjectText } from "../../plugin-api/project/project-text.ts";
import { openToml } from "../../plugin-api/toml-document.ts";
import { lineDiff } from "./line-diff.ts";
import { convertPdm } from "./pdm.ts";
import { convertPipfile } from "./pipenv.ts";
import { convertPoetry, type Source } from "./poetry.ts";
import { rewritten } from "./render.ts";
import { convertUv } from "./uv.ts";

const sourceOf = (text: string): Source => ({
  document: openToml(text),
  table: openProjectText(text, { file: "/p/pyproject.toml", shown: "pyproject.toml" }).table,
});
const converted = (text: string, tool: "poetry" | "pdm" = "poetry") => {
  const draft = tool === "poetry" ? convertPoetry(sourceOf(text)) : convertPdm(sourceOf(text));
  return { text: rewritten(text, draft, tool), left: draft.left.map(({ line, key }) => `${line} ${key}`) };
};

test("all that is converted goes, with its comments, and everything else stays as it is", () => {
  const { text, left } = converted(`# first
[tool.poetry]
name = "p"
version = "1" # v
packages = [{ include = "p" }]

[tool.poetry.dependencies]
python = "^3.9"
# why
a = "^1"   # a
b = "^1 || ^9"

[tool.other]
# kept
x = 1
`);
  assert.is(
    text,
    `# first
[project]
name = "p"
version = "1" # v
requires-python = ">=3.9,<4"
dependencies = [
    # why
    "a>=1,<2", # a
]

[tool.poetry]
packages = [{ include = "p" }]

[tool.poetry.dependencies]
b = "^1 || ^9"

[tool.other]
# kept
x = 1
`,
  );
  assert.equal(left, ["11 tool.poetry.dependencies.b"]);
});

test("Poetry 2: what `[project]` says is left, and its table only says where packages come from", () => {
  const { text } = converted(`[project]
name = "p"
version = "1"
dependencies = ["a>=1", "b"]

[tool.poetry.dependencies]
a = { git = "https://x/a.git" }

[tool.poetry.group.dev.dependencies]
c = "*"
`);
  assert.is(
    text,
    `[project]
name = "p"
version = "1"
dependencies = ["a>=1", "b"]

[dependency-groups]
dev = [
    "c",
]

[tool.pybun.sources]
a = { git = "https://x/a.git" }
`,
  );
});

test("a primary source takes the place of the public index, unless that is named too", () => {
  const head = '[tool.poetry]\nname = "p"\nversion = "1"\n';
  const mine = '[[tool.poetry.source]]\nname = "mine"\nurl = "https://m/simple"\n';
  assert.match(converted(head + mine).text, 'url = "https://m/simple"\ndefault = true\n');
  const both = converted(`${head}${mine}[[tool.poetry.source]]\nname = "PyPI"\npriority = "primary"\n`).text;
  assert.match(both, 'url = "https://m/simple"\n');
  assert.not.match(both, "default");
  const { text, left } = converted(`${head}${mine}priority = "supplemental"\n`);
  assert.equal([text.includes("explicit"), left], [false, ["4 tool.poetry.source.0"]]);
});

test("an optional dependency in no extra is told and kept", () => {
  const { text, left } = converted(
    '[tool.poetry]\nname = "p"\nversion = "1"\n[tool.poetry.dependencies]\na = { version = "1", optional = true }\n',
  );
  assert.match(text, '[project.optional-dependencies]\na = [\n    "a==1",\n]\n');
  assert.equal(left, ["5 tool.poetry.dependencies.a"]);
});

test("line ends stay what they were", () => {
  const { text } = converted('[tool.poetry]\r\nname = "p"\r\nversion = "1"\r\n\r\n[tool.x]\r\ny = 1\r\n');
  assert.is(text, '[project]\r\nname = "p"\r\nversion = "1"\r\n\r\n[tool.x]\r\ny = 1\r\n');
});

test("PDM: groups, sources, resolution and scripts", () => {
  const { text, left } = converted(
    `[project]
name = "p"
version = "1"

[tool.pdm]
distribution = true

[tool.pdm.dev-dependencies]
test = ["pytest>=7", "-e file:///\${PROJECT_ROOT}/libs/x#egg=x-lib"]

[[tool.pdm.source]]
name = "pypi"
url = "https://mirror/simple"
verify_ssl = true

[tool.pdm.resolution]
excludes = ["bad"]
[tool.pdm.resolution.overrides]
a = "1.0"
b = ">=2"

[tool.pdm.scripts]
start = "flask run"
lint = { composite = ["start -v"], help = "all" }
go = { call = "app:main", env = { A = "1" }, env_file = ".env", working_dir = "sub" }
post_install = "echo"

[tool.pdm.build]
includes = []
`,
    "pdm",
  );
  assert.is(
    text,
    `[project]
name = "p"
version = "1"

[tool.pdm.build]
includes = []

[dependency-groups]
test = [
    "pytest>=7",
    "x-lib",
]

[tool.pybun]
exclude-dependencies = ["bad"]
overrides = ["a==1.0", "b>=2"]
package = true

[[tool.pybun.index]]
name = "pypi"
url = "https://mirror/simple"
default = true

[tool.pybun.sources]
x-lib = { path = "libs/x", editable = true }

[tool.pybun.tasks]
start = "flask run"
lint = { chain = ["start -v"], help = "all" }
go = { python = "app:main", env = { A = "1" }, env-file = ".env", cwd = "sub" }
`.replace("[tool.pdm.build]", '[tool.pdm.scripts]\npost_install = "echo"\n\n[tool.pdm.build]'),
  );
  assert.equal(left, ["26 tool.pdm.scripts.post_install"]);
});

test("PDM: what runs before a script is what its task depends on, and each step of a chain is a task", () => {
  const { text, left } = converted(
    `[project]
name = "p"
version = "1"

[tool.pdm.scripts]
pre_start = "python make.py"
start = "flask run"
pre_build = "echo"
check-2 = "true"
check = { composite = ["start -v", "mypy src", "pre_start"] }
pre_check = { shell = "true" }
`,
    "pdm",
  );
  assert.is(
    text,
    `[project]
name = "p"
version = "1"

[tool.pdm.scripts]
pre_build = "echo"

[tool.pybun.tasks]
pre_start = "python make.py"
start = { cmd = "flask run", depends-on = ["pre_start"] }
check-2 = "true"
check-2- = "mypy src"
check = { chain = ["start -v", "check-2-", "pre_start"], depends-on = ["pre_check"] }
pre_check = { shell = "true" }
`,
  );
  assert.equal(left, ["8 tool.pdm.scripts.pre_build"]);
});

test("a Pipfile becomes a project", () => {
  const text = `[[source]]
url = "https://mirror/simple"
name = "mirror"
verify_ssl = true

[packages]
requests = "*"  # http
django = {version = "~=4.2", extras = ["argon2"], markers = "python_version < '4'"}
lib = {git = "https://x/lib.git", ref = "main", editable = true}
here = {path = ".", editable = true}
exact = "1.2"
win = {version = ">=1", sys_platform = "== 'win32'"}

[dev-packages]
pytest = ">=7"

[requires]
python_version = "3.11"

[scripts]
serve = "python -m http.server"
`;
  const draft = convertPipfile(sourceOf(text), "/home/My App", false);
  assert.is(
    rewritten("", draft, "pipenv"),
    `[project]
name = "my-app"
version = "0.1.0"
requires-python = "==3.11.*"
dependencies = [
    "requests", # http
    "django[argon2]~=4.2; python_version < '4'",
    "lib",
    "exact==1.2",
    "win>=1; sys_platform == 'win32'",
]

[dependency-groups]
dev = [
    "pytest>=7",
]

[[tool.pybun.index]]
name = "mirror"
url = "https://mirror/simple"
default = true

[tool.pybun.sources]
lib = { git = "https://x/lib.git", rev = "main" }

[tool.pybun.tasks]
serve = "python -m http.server"
`,
  );
  assert.equal(
    draft.left.map(({ line, key }) => `${line} ${key}`),
    ["10 packages.here"],
  );
});

test("uv: lines are moved or renamed as they are, and what has no name here stays", () => {
  const { text, left } = convertUv(`[project]
name = "p"

[tool.uv]
# for tests
dev-dependencies = ["a"]
constraint-dependencies = ["b<2"]  # old
compile-bytecode = true
prerelease = "if-necessary-or-explicit"

[tool.uv.sources]
c = { workspace = true }

[[tool.uv.index]]
name = "i"
url = "https://i/simple"
authenticate = "always"

[tool.uv.workspace]
members = ["libs/*"]

[tool.uv.pip]
x = 1
`);
  assert.is(
    text,
    `[project]
name = "p"

[tool.pybun]
constraints = ["b<2"]  # old
prerelease = "if-necessary"

[tool.uv]
compile-bytecode = true

[tool.pybun.sources]
c = { workspace = true }

[[tool.pybun.index]]
name = "i"
url = "https://i/simple"
authenticate = "always"

[tool.pybun.workspace]
members = ["libs/*"]

[tool.uv.pip]
x = 1

[dependency-groups]
dev = ["a"]
`,
  );
  assert.equal(left.map(({ line, key }) => `${line} ${key}`).sort(), [
    "17 tool.uv.index.0.authenticate",
    "22 tool.uv.pip",
    "8 tool.uv.compile-bytecode",
  ]);
});

test("a difference shows what goes and comes, with what is around it", () => {
  assert.equal(lineDiff("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nX\ne\nf\n"), ["...", " b", " c", "-d", "+X", " e", " f"]);
  assert.equal(lineDiff("", "a\n"), ["+a"]);
  assert.equal(lineDiff("a\n", "a\n"), ["..."]);
});

test.run();
