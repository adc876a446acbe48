import { test } from "uvu";
import * as assert from "uvu/assert";
import { tomlLine } from "./toml-line.ts";

const TEXT = `# [tool.pybun]
offline = 1
[tool.pybun] # mine
"offline" = true
link . mode = 'x'
sources = { flask = { index = "corp" } }

[[tool.pybun.index]]
url = "x"
[tool.pybun.http]
retries = 2
`;

for (const [path, line] of [
  ["offline", 2],
  ["tool.pybun.offline", 4],
  ["tool.pybun.link.mode", 5],
  ["tool.pybun.link", 5],
  ["tool.pybun.sources.flask.index", 6],
  ["tool.pybun.index", 8],
  ["tool.pybun.http.retries", 11],
  ["tool.pybun.http", 10],
  ["tool.pybun", 3],
  ["tool.pybun.nothing", undefined],
  ["url", undefined],
] as const)
  test(`${path} stands on line ${line}`, () => assert.is(tomlLine(TEXT, path.split(".")), line));

test.run();
