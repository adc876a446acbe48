import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { plainBackend } from "../harness/plain-backend.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";
import { runInTerminal } from "../harness/terminal.ts";

/** Stands for pytest: runs every function in `tests` whose name begins with \`test_\`. */
const RUNNER = `import glob, runpy, sys

def main():
    for file in glob.glob("tests/test_*.py"):
        for name, test in runpy.run_path(file).items():
            if name.startswith("test_"):
                test()
                print("passed", name)
`;
const index = await startIndex({
  packages: [
    plainBackend("hatchling", "hatchling.build", "1.30"),
    { name: "pytest", version: "9.0", files: { "pytest.py": RUNNER }, "console-scripts": { pytest: "pytest:main" } },
  ],
});
test.after(() => index.stop());

const python = requirePython().version.slice(0, 2).join(".");
const listed = (place: Place, folder = "."): readonly string[] =>
  fs
    .readdirSync(path.join(place.cwd, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => !/^\.(?:git|pybun|venv)(?:[/\\]|$)/.test(file))
    .filter((file) => fs.statSync(path.join(place.cwd, folder, file)).isFile())
    .sort();
const PROJECT_FILES = [
  ".gitattributes",
  ".gitignore",
  ".python-version",
  "README.md",
  "pyproject.toml",
  "src/shop_api/__init__.py",
  "tests/test_shop_api.py",
];

test(
  "-y makes a project that installs, runs and passes its test",
  inPlace(
    async (place) => {
      const { exitCode, stdout, stderr } = await place.run(["init", "shop-api", "-y"]);
      assert.equal([exitCode, stderr], [0, ""]);
      assert.match(
        stdout,
        / \+ pyproject\.toml, README\.md, \.gitignore, \.gitattributes, \.python-version\n \+ src\/shop_api\/__init__\.py, tests\/test_shop_api\.py\nCreated project shop-api in shop-api with Python 3[.\d]+\n$/,
      );
      assert.equal(listed(place, "shop-api"), PROJECT_FILES);
      assert.is(place.read("shop-api/.python-version"), `${python}\n`);
      assert.ok(place.exists("shop-api/.venv/pyvenv.cfg") && place.exists("shop-api/.git"));
      const there = { cwd: path.join(place.cwd, "shop-api") };
      const installed = await place.run(["install"], there);
      assert.is(installed.exitCode, 0, installed.stderr);
      assert.is((await place.run(["run", "shop-api"], there)).stdout, "Hello, world!\n");
      assert.is((await place.run(["run", "pytest"], there)).stdout, "passed test_greeting\n");
      // git is told of nothing that belongs to one machine only.
      const untracked = execFileSync("git", ["status", "--porcelain", "-uall"], { ...there, encoding: "utf8" });
      const told = untracked
        .trim()
        .split("\n")
        .map((line) => line.slice(3))
        .sort();
      assert.equal(told, [...PROJECT_FILES, "pybun.lockb"].sort());
    },
    { index },
  ),
);

test(
  "options decide: a library, flat, with another backend and name, without environment and repository",
  inPlace(async (place) => {
    const words = ["--lib", "--layout", "flat", "--build-backend", "flit", "--name", "Parse.It", "--license", "mit"];
    await place.run(["init", "-y", ...words, "--no-venv", "--vcs", "none"]);
    assert.equal(
      listed(place).filter((file) => file.endsWith(".py") || file.endsWith(".typed")),
      ["parse_it/__init__.py", "parse_it/py.typed", "tests/test_parse_it.py"],
    );
    assert.equal(
      [".pybun", ".venv", ".git"].filter((file) => place.exists(file)),
      [],
    );
    const text = place.read("pyproject.toml");
    for (const part of ['name = "Parse.It"', 'license = "MIT"', 'build-backend = "flit_core.buildapi"'])
      assert.ok(text.includes(part), part);
    assert.not.match(text, "scripts");
  }),
);

test(
  "--bare makes one file, --script another",
  inPlace(async (place) => {
    assert.equal((await place.run(["init", "--bare", "--name", "x"])).stderr, "");
    assert.equal(listed(place), ["pyproject.toml"]);
    assert.not.ok(place.exists(".pybun"));
    assert.match(
      (await place.run(["init", "--script", "tools/s.py"])).stdout,
      /^ \+ tools\/s\.py\nCreated script tools\/s\.py for Python 3/,
    );
    assert.is((await place.run(["run", "tools/s.py"])).stdout, "Hello, world!\n");
    const again = await place.run(["init", "--script", "tools/s.py"]);
    assert.equal(
      [again.exitCode, again.stderr.split("\n")[0]],
      [3, "error[E_PROJECT_EXISTS]: tools/s.py exists already"],
    );
  }),
);

test(
  "what is there is never written over",
  inPlace(async (place) => {
    place.write({ "README.md": "mine\n", "src/other/__init__.py": "x = 1\n", ".gitignore": "*.log\n" });
    fs.symlinkSync("nowhere", path.join(place.cwd, ".gitattributes"));
    const { stdout } = await place.run(["init", "-y", "--name", "app", "--no-venv"]);
    assert.equal(stdout.split("\n").slice(0, 4), [
      " + pyproject.toml, .python-version",
      " = README.md  there already, left as it is",
      " = .gitignore  there already, left as it is",
      " = .gitattributes  there already, left as it is",
    ]);
    assert.equal([place.read("README.md"), place.read(".gitignore")], ["mine\n", "*.log\n"]);
    assert.ok(fs.lstatSync(path.join(place.cwd, ".gitattributes")).isSymbolicLink());
    assert.not.ok(place.exists("src/app"));
    const before = place.read("pyproject.toml");
    const again = await place.run(["init", "-y"]);
    assert.equal([again.exitCode, again.stdout], [3, ""]);
    assert.match(
      again.stderr,
      /^error\[E_PROJECT_EXISTS\]: pyproject\.toml exists already\n {2}nothing was changed\nhint: .*`pybun add <package>`/,
    );
    assert.is(place.read("pyproject.toml"), before);
  }),
);

test(
  "--dry-run says it, and makes nothing; off a terminal it is told that nobody was asked",
  inPlace(async (place) => {
    const { stdout, stderr } = await place.run(["init", "shop-api", "--dry-run"]);
    assert.match(stdout, "Would create project shop-api in shop-api");
    assert.is(stderr, "info[I_INIT_DEFAULTS]: no terminal to ask, so the defaults were taken\n");
    assert.equal(listed(place), []);
    const { data } = (await place.run(["--format=json", "init", "shop-api", "-y", "--no-venv"])).json();
    assert.equal(
      { ...(data["project"] as object), root: "" },
      {
        name: "shop-api",
        version: "0.1.0",
        root: "",
        requires_python: `>=${python}`,
        kind: "app",
        build_backend: "hatchling",
        workspace: null,
        env: null,
      },
    );
    assert.equal([...(data["created"] as readonly string[])].sort(), PROJECT_FILES);
  }),
);

const WORKSPACE = `[project]
name = "all"
version = "1"
dependencies = []

[tool.pybun.workspace]
members = [
    "libs/*", # of ours
]
exclude = ["old"]
`;

test(
  "in a workspace the new project becomes a member, unless it is one or is excluded",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": WORKSPACE });
    const named = await place.run(["init", "libs/one", "--lib", "-y"]);
    assert.match(named.stdout, "member of the workspace in .\n");
    assert.is(place.read("pyproject.toml"), WORKSPACE);
    assert.equal(listed(place, "libs/one"), [
      "README.md",
      "pyproject.toml",
      "src/one/__init__.py",
      "src/one/py.typed",
      "tests/test_one.py",
    ]);
    await place.run(["init", "apps/two", "-y"]);
    assert.is(place.read("pyproject.toml"), WORKSPACE.replace("# of ours\n", '# of ours\n    "apps/two",\n'));
    const outside = await place.run(["init", "old", "-y", "--no-venv"]);
    assert.not.match(outside.stdout, "member");
    assert.equal(
      ["libs/one", "apps/two", "."].filter((folder) => place.exists(`${folder}/.pybun`)),
      [],
    );
    const tree = await place.run(["lock", "--dry-run", "--json"]);
    assert.is(tree.exitCode === 0 || tree.stderr !== "", true);
  }),
);

test(
  "in a terminal it asks, says what is wrong with an answer, and offers the workspace",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": WORKSPACE });
    const answers = ["class", "my-shop", 'Sells "all"', "1.0rc1", "", "nonsense", "apache-2.0", "l", "f", "set", "n"];
    const { exitCode, shown } = await runInTerminal(place, ["init", "new"], { answers, columns: 100 });
    assert.is(exitCode, 0, shown);
    for (const words of ["`class` can't be imported", "`nonsense` is not", "Add `new` to the members", "Created"])
      assert.ok(shown.includes(words), shown);
    assert.is(place.read("pyproject.toml"), WORKSPACE);
    const text = place.read("new/pyproject.toml");
    for (const part of [
      'name = "my-shop"',
      'version = "1.0rc1"',
      'description = "Sells \\"all\\""',
      'license = "Apache-2.0"',
      "setuptools.build_meta",
    ])
      assert.ok(text.includes(part), text);
    assert.ok(place.exists("new/my_shop/py.typed"));
  }),
);

test(
  "Ctrl-C at a question makes nothing",
  inPlace(async (place) => {
    const { exitCode } = await runInTerminal(place, ["init", "new"], { answers: ["my-shop", "^C"] });
    assert.equal([exitCode, listed(place), place.exists("new")], [130, [], false]);
  }),
);

const REFUSED: readonly (readonly [words: readonly string[], said: string])[] = [
  [["--app", "--lib"], "`--app` and `--lib` exclude each other"],
  [["--script", "s.py", "--lib"], "`--script` makes no project, so `--lib` is of no use"],
  [["new", "--script", "s.py"], "`--script` makes no project, so a path is of no use"],
  [["json", "-y"], "Python has a module `json` of its own"],
  [["new", "-y", "--name", "a b"], "`a b` is no project name"],
  [["日本", "-y"], "choose one with `--name`"],
  [["new", "-y", "--license", "free"], "`free` is not"],
  [["new", "--build-backend", "make"], "`--build-backend` takes"],
];

test(
  "what can't be is refused before anything is made",
  inPlace(async (place) => {
    for (const [words, said] of REFUSED) {
      const { exitCode, stdout, stderr } = await place.run(["init", ...words]);
      assert.equal([exitCode, stdout], [2, ""], words.join(" "));
      assert.ok(stderr.includes(said), `${words.join(" ")}: ${stderr}`);
    }
    assert.equal(fs.readdirSync(place.cwd), []);
  }),
);

test(
  "in a folder that can't be written, nothing is left behind",
  inPlace(async (place) => {
    if (process.getuid?.() === 0) return;
    fs.mkdirSync(path.join(place.cwd, "locked"), { mode: 0o555 });
    const { exitCode } = await place.run(["init", "locked/new", "-y"]);
    assert.equal([exitCode, fs.readdirSync(path.join(place.cwd, "locked"))], [9, []]);
  }),
);

test(
  "beside a setup.py a project is begun with a word",
  inPlace(async (place) => {
    place.write({ "setup.py": "from setuptools import setup\nsetup(name='old')\n" });
    const { exitCode, stderr } = await place.run(["init", "--vcs", "none"]);
    assert.is(exitCode, 0, stderr);
    assert.match(
      stderr,
      "warning[W_INIT_SETUP_PY]: setup.py describes a project already; nothing of it was taken over",
    );
    assert.ok(place.exists("pyproject.toml"));
  }),
);

test.run();
