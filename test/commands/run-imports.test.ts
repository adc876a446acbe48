import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0" },
    { name: "pyyaml", version: "6.0" },
  ],
});
test.after(() => index.stop());

const PROJECT = `[project]
name = "shop"
version = "1"
dependencies = ["alpha"]

[project.optional-dependencies]
files = ["pyyaml"]

[tool.pybun]
package = false
`;
const inProject = (body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      assert.is((await place.run(["install", "--no-install-project"])).exitCode, 0);
      await body(place);
    },
    { index },
  );

/** What the environment's Python alone says. */
function plainly(place: Place, ...words: string[]): readonly [number | null, string] {
  const python = path.join(place.cwd, ".pybun", "venv", "bin", "python");
  const { status, stderr } = spawnSync(python, words, { cwd: place.cwd, encoding: "utf8", env: {} });
  return [status, stderr];
}

/** Words, files, and what follows Python's own output. */
const TOLD: readonly (readonly [
  what: string,
  words: readonly string[],
  files: Record<string, string>,
  said: string,
])[] = [
  [
    "a module whose package has another name",
    ["app.py"],
    { "app.py": "import alpha\n\nimport cv2\n" },
    "app.py:3 imports `cv2`, part of package `opencv-python`, which is not a dependency\nhint: `pybun add opencv-python`",
  ],
  [
    "one of the same name, in a module of the program's own",
    ["app.py"],
    { "app.py": "import helper\n", "helper.py": "import os\nimport numpy as np\n" },
    "helper.py:2 imports `numpy`, which is not a dependency\nhint: `pybun add numpy`",
  ],
  [
    "one of an extra that is not installed",
    ["app.py"],
    { "app.py": "import yaml\n" },
    "app.py:1 imports `yaml`, part of package `pyyaml`, which is in extra `files`, and not installed\nhint: `pybun sync --extra files`",
  ],
  [
    "one that nobody knows",
    ["app.py"],
    { "app.py": "import no_such_thing\n" },
    "app.py:1 imports `no_such_thing`, which is in no package that PyBun knows\nhint: `pybun module-find no_such_thing`",
  ],
  [
    "code",
    ["-c", "import pandas"],
    {},
    "the code imports `pandas`, which is not a dependency\nhint: `pybun add pandas`",
  ],
  [
    "what a module that is run imports",
    ["-m", "pkg.main"],
    { "pkg/__init__.py": "", "pkg/main.py": "import yaml\n" },
    "pkg/main.py:1 imports `yaml`, part of package `pyyaml`, which is in extra `files`, and not installed\nhint: `pybun sync --extra files`",
  ],
  [
    "what a folder that is run imports",
    ["tool"],
    { "tool/__main__.py": "import numpy\n" },
    "tool/__main__.py:1 imports `numpy`, which is not a dependency\nhint: `pybun add numpy`",
  ],
  [
    "a module that is to be run",
    ["-m", "pytest"],
    {},
    "no module `pytest` to run: it is not a dependency\nhint: `pybun add --dev pytest`",
  ],
];
for (const [what, words, files, said] of TOLD)
  test(
    `told behind Python's own words, each time: ${what}`,
    inProject(async (place) => {
      place.write({ ...files, "good.py": "import os, alpha\n" });
      const [status, stderr] = plainly(place, ...words);
      assert.is(status, 1);
      for (const turn of ["first", "again", "after a run that was noted"]) {
        const run = await place.run(["run", ...words]);
        assert.is(run.stderr, `${stderr}\nerror[E_IMPORT_MISSING]: ${said}\n`, turn);
        assert.equal([run.exitCode, run.stdout], [1, ""], turn);
        if (turn === "again") assert.is((await place.run(["run", "good.py"])).exitCode, 0);
      }
    }),
  );

test(
  "the JSON of it",
  inProject(async (place) => {
    place.write({ "app.py": "import alpha\n\ndef main():\n    import cv2\n\nmain()\n" });
    const envelope = (await place.run(["--format=json", "run", "app.py"])).json() as unknown as Record<string, unknown>;
    const { error_type, module, context, fix_suggestion, exit_code } = envelope;
    assert.equal([error_type, module, exit_code, fix_suggestion], ["ImportError", "cv2", 1, "pybun add opencv-python"]);
    assert.is(context, "app.py:4 imports `cv2`, part of package `opencv-python`, which is not a dependency");
    const [diagnostic] = envelope["diagnostics"] as Record<string, unknown>[];
    assert.equal(
      [diagnostic?.["code"], diagnostic?.["file"], diagnostic?.["line"]],
      ["E_IMPORT_MISSING", "app.py", 4],
      "imports in functions, too",
    );
    const facts = diagnostic?.["context"] as Record<string, unknown>;
    assert.equal([facts["distribution"], facts["declared"], facts["environment"]], ["opencv-python", null, "absent"]);
  }),
);

test(
  "nothing is said where the program catches it, ends otherwise, or looks elsewhere for modules",
  inProject(async (place) => {
    place.write({
      "caught.py": "try:\n    import cv2\nexcept ImportError:\n    print('without')\n",
      "inner.py": "import sys\ntry:\n    exec('import cv2')\nexcept ImportError:\n    sys.exit(1)\n",
      "lib/mine.py": "",
      "path.py": "import sys\nsys.path.insert(0, 'lib')\nimport mine\nprint('found')\n",
      "late.py": "print('before')\nraise SystemExit(1)\nimport cv2\n",
    });
    for (const [file, stdout] of [
      ["caught.py", "without\n"],
      ["inner.py", ""],
      ["path.py", "found\n"],
      ["late.py", "before\n"],
    ] as const) {
      const run = await place.run(["run", file]);
      assert.equal([run.stdout, run.stderr], [stdout, ""], file);
    }
  }),
);

test(
  "a program that lacks a module finds nothing of what will tell it",
  inProject(async (place) => {
    const look = `import atexit, os, sys
print(sys.excepthook is sys.__excepthook__, atexit._ncallbacks(), "PYTHONPATH" in os.environ)
print([name for name in sys.modules if "pybun" in name], [entry for entry in sys.path if "bootstraps" in entry])
print(sorted(sys.modules))
`;
    place.write({ "spy.py": look, "look.py": "import spy\nimport cv2\n" });
    const python = path.join(place.cwd, ".pybun", "venv", "bin", "python");
    const plain = spawnSync(python, ["look.py"], { cwd: place.cwd, encoding: "utf8", env: { HOME: place.home } });
    const run = await place.run(["run", "look.py"]);
    assert.is(run.stdout, plain.stdout);
    assert.match(run.stderr, "E_IMPORT_MISSING");
  }),
);

test(
  "a script with a block is told where its own list is; outside of projects there is --with",
  inPlace(
    async (place) => {
      place.write({
        "s.py": '# /// script\n# dependencies = ["alpha"]\n# ///\nimport alpha, requests\n',
        "plain.py": "import requests\n",
      });
      const script = await place.run(["run", "s.py"]);
      assert.match(script.stderr, "which is not in its block\nhint: `pybun add --script s.py requests`\n");
      const plain = await place.run(["run", "plain.py", "--flag"]);
      assert.match(plain.stderr, "which is not installed\nhint: `pybun run --with requests plain.py --flag`\n");
    },
    { index },
  ),
);

test(
  "an edit that brings a new import is seen, also where the run was noted before",
  inProject(async (place) => {
    place.write({ "app.py": "import os\n" });
    for (let turn = 0; turn < 2; turn++) assert.is((await place.run(["run", "app.py"])).exitCode, 0);
    fs.appendFileSync(path.join(place.cwd, "app.py"), "import scipy\n");
    assert.match((await place.run(["run", "app.py"])).stderr, "hint: `pybun add scipy`\n");
  }),
);

test.run();
