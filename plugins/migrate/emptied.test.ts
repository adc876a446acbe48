import { test } from "uvu";
import * as assert from "uvu/assert";
import { openProjectText } from "../../plugin-api/project/project-text.ts";
import { openToml } from "../../plugin-api/toml-document.ts";
import { convertPoetry } from "./poetry.ts";
import { rewritten } from "./render.ts";

test("what is said about a table goes to what was made of it, and no header stays for it", () => {
  const before = `# first
[tool.poetry]  # ours
name = "p"
version = "1"
# needs
[tool.poetry.dependencies]
a = "^1"
# b comes later
# commands

# of the project
[tool.poetry.scripts] # two
run = "p:run"

# for tests
[tool.poetry.group.test.dependencies]
c = "*"
# the end of it

# not yet
[tool.poetry.extras]
# x = ["a"]

# other
[tool.other]
`;
  const { table } = openProjectText(before, { file: "/p/pyproject.toml", shown: "pyproject.toml" });
  const text = rewritten(before, convertPoetry({ document: openToml(before), table }), "poetry");
  assert.is(
    text,
    `# first
# ours
[project]
name = "p"
version = "1"
# needs
# b comes later
# commands
dependencies = [
    "a>=1,<2",
]

# of the project
# two
[project.scripts]
run = "p:run"

[dependency-groups]
# for tests
# the end of it
test = [
    "c",
]

# not yet
[tool.poetry.extras]
# x = ["a"]

# other
[tool.other]

[tool.pybun]
default-groups = ["test"]
`,
  );
});

test.run();
