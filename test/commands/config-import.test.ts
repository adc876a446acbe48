import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0" },
    { name: "alpha", version: "1.5" },
    { name: "beta", version: "1.0" },
  ],
});
test.after(() => index.stop());
const placed = (files: Readonly<Record<string, string>>, body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      place.write(files);
      await body(place);
    },
    { index },
  );

const POETRY = `[tool.poetry]
name = "app"
version = "1.0"
package-mode = false

[tool.poetry.dependencies]
python = "^3.9"
alpha = "^1.0"
odd = "^1 || ^9"

[tool.poetry.group.dev.dependencies]
beta = "*"
`;

test(
  "a project of Poetry's is converted, locked and run",
  placed({ "pyproject.toml": POETRY.replace('odd = "^1 || ^9"\n', "") }, async (place) => {
    const { exitCode, stdout, stderr } = await place.run(["config", "import", "poetry"]);
    assert.equal([exitCode, stderr], [0, ""]);
    assert.is(stdout, "Converted pyproject.toml from poetry: 1 dependency, 1 group\n");
    const code = "import importlib.metadata as m; print(*sorted(d.name + d.version for d in m.distributions()))";
    assert.is((await place.run(["run", "-c", code])).stdout, "alpha1.5 beta1.0\n");
    const again = await place.run(["config", "import", "poetry"]);
    assert.equal([again.exitCode, /E_MIGRATE_NOTHING/.test(again.stderr)], [3, true]);
  }),
);

test(
  "--dry-run shows the change line by line, and what stays with file and line",
  placed({ "pyproject.toml": POETRY }, async (place) => {
    const { stdout } = await place.run(["config", "import", "--dry-run"]);
    assert.match(stdout, '\n+[project]\n name = "app"\n version = "1.0"\n');
    assert.match(stdout, '\n-alpha = "^1.0"\n');
    assert.match(
      stdout,
      " = pyproject.toml:9 tool.poetry.dependencies.odd: `^1 || ^9` is no range that a specifier can say\n",
    );
    assert.match(stdout, /Would convert pyproject\.toml from poetry: 1 dependency, 1 group, 1 left as it is\n$/);
    assert.is(place.read("pyproject.toml"), POETRY);
    const { data } = (await place.run(["--format=json", "config", "import", "--dry-run"])).json();
    assert.equal([data["tool"], data["up_to_date"], data["dry_run"]], ["poetry", false, true]);
  }),
);

test(
  "a Pipfile becomes pyproject.toml, and stays itself",
  placed({ Pipfile: '[packages]\nalpha = "*"\n[dev-packages]\nbeta = "==1.0"\n' }, async (place) => {
    const { exitCode, stderr } = await place.run(["config", "import"]);
    assert.equal([exitCode, stderr], [0, ""]);
    assert.match(
      place.read("pyproject.toml"),
      'dependencies = [\n    "alpha",\n]\n\n[dependency-groups]\ndev = [\n    "beta==1.0",\n]\n',
    );
    assert.ok(place.exists("Pipfile"));
    assert.is((await place.run(["lock"])).exitCode, 0);
  }),
);

test(
  "PDM's tables join a project that is standard already",
  placed(
    {
      "pyproject.toml":
        '[project]\nname = "app"\nversion = "1"\ndependencies = ["alpha"]\n\n[tool.pdm.dev-dependencies]\ntest = ["beta"]\n\n[tool.pdm.scripts]\nhello = { cmd = "python -c \'print(1)\'" }\n',
    },
    async (place) => {
      await place.run(["config", "import", "pdm"]);
      assert.is((await place.run(["task", "hello"])).stdout, "1\n");
      assert.not.match(place.read("pyproject.toml"), "tool.pdm");
    },
  ),
);

const refused: readonly (readonly [
  what: string,
  files: Readonly<Record<string, string>>,
  words: readonly string[],
  code: string,
])[] = [
  ["no project", {}, [], "E_MIGRATE_NOTHING"],
  ["a tool nobody knows", { "pyproject.toml": POETRY }, ["hatch"], "E_USAGE"],
  ["another tool's project", { "pyproject.toml": POETRY }, ["pdm"], "E_MIGRATE_NOTHING"],
  ["a file that is no TOML", { "pyproject.toml": "[tool.poetry\n" }, [], "E_CONFIG_INVALID"],
  ["what would be no project", { "pyproject.toml": '[tool.poetry]\nname = "-"\n' }, [], "E_MIGRATE_REFUSED"],
];
for (const [what, files, words, code] of refused)
  test(
    `${what} is refused and nothing is changed`,
    placed(files, async (place) => {
      const { exitCode, stderr } = await place.run(["config", "import", ...words]);
      assert.ok(exitCode === 2 || exitCode === 3);
      assert.match(stderr, `error[${code}]`);
      for (const [file, text] of Object.entries(files)) assert.is(place.read(file), text);
    }),
  );

test.run();
