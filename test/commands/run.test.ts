import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { findPython, pythons, requirePython } from "../harness/python.ts";

const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0" },
    { name: "beta", version: "1.0", "console-scripts": { "beta-tool": "beta:main" } },
  ],
});
test.after(() => index.stop());

const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });
const output = async (place: Place, words: readonly string[], stdin?: string): Promise<string> => {
  const result = await place.run(words, stdin === undefined ? {} : { stdin });
  assert.is(result.exitCode, 0, result.stderr);
  return result.stdout;
};

// TARGET

test(
  "files, folders, archives, modules, code and standard input are targets",
  placed(async (place) => {
    place.write({
      "one.py": "print('file', __name__)",
      "app/__main__.py": "print('folder', __name__)",
      "mod.py": "print('module', __name__)",
      shebang: "#!/usr/bin/env python3\nprint('no ending')",
    });
    spawnSync(requirePython().path, ["-m", "zipapp", "app", "-o", "app.pyz"], { cwd: place.cwd });
    assert.is(await output(place, ["run", "one.py"]), "file __main__\n");
    assert.is(await output(place, ["run", "app"]), "folder __main__\n");
    assert.is(await output(place, ["run", "app.pyz"]), "folder __main__\n");
    assert.is(await output(place, ["run", "./shebang"]), "no ending\n");
    assert.is(await output(place, ["run", "-m", "mod"]), "module __main__\n");
    assert.is(await output(place, ["run", "-c", "print(1, 2)"]), "1 2\n");
    assert.is(await output(place, ["run", "-c", ""]), "");
    assert.is(await output(place, ["run", "-", "x"], "import sys; print(sys.argv)"), "['-', 'x']\n");
  }),
);

test(
  "a command of the environment goes before one on PATH, which goes before nothing",
  placed(async (place) => {
    const found = await output(place, ["run", "python", "-c", "import sys; print(sys.executable)"]);
    assert.ok(fs.existsSync(found.trim()));
    assert.is(await output(place, ["run", "echo", "a", "--help"]), "a --help\n");
    const missing = await place.run(["run", "nothing-like-this"]);
    assert.ok(missing.exitCode !== 0 && missing.exitCode !== 70, missing.stderr);
    assert.match(missing.stderr, /^error\[E_\w+\]: .*nothing-like-this/);
  }),
);

test(
  "what a group that is not installed asks for, and PATH has, is said to be from elsewhere each time",
  placed(async (place) => {
    place.write({
      "pyproject.toml":
        '[project]\nname = "app"\nversion = "1"\n[project.optional-dependencies]\ndocs = ["other-tool"]\n[dependency-groups]\nci = ["a-tool>=1"]\n[tool.pybun]\npackage = false\n',
      "elsewhere/a-tool": "#!/bin/sh\necho ran\n",
      "elsewhere/other-tool": "#!/bin/sh\necho ran\n",
      "elsewhere/unasked": "#!/bin/sh\necho ran\n",
    });
    for (const name of ["a-tool", "other-tool", "unasked"])
      fs.chmodSync(path.join(place.cwd, "elsewhere", name), 0o755);
    const PATH = [path.join(place.cwd, "elsewhere"), path.dirname(requirePython().path), "/usr/bin", "/bin"];
    const run = (name: string) =>
      place.run(["run", "--no-sync", name, "-x"], { env: { PATH: PATH.join(path.delimiter) } });
    for (const [name, part] of [
      ["a-tool", "--group ci"],
      ["a-tool", "--group ci"],
      ["other-tool", "--extra docs"],
    ] as const) {
      const { stdout, stderr, exitCode } = await run(name);
      assert.equal([stdout, exitCode], ["ran\n", 0], stderr);
      assert.match(stderr, `warning[W_COMMAND_ELSEWHERE]: \`${name}\` is run from elsewhere`);
      assert.match(stderr, `hint: run the project's own: \`pybun run ${part} ${name} -x\``);
    }
    assert.is((await run("unasked")).stderr, "");
  }),
);

const UNRUNNABLE: readonly [target: string, message: RegExp][] = [
  ["data.txt", /^error\[E_TARGET_NOT_FOUND\]: file `data.txt` is neither .*\nhint: .*`pybun run python data.txt`/],
  [".", /folder `\.` has no `__main__\.py` to run\n$/],
  ["none/at-all", /no file `none\/at-all` in /],
  ["python9.1", /no command `python9\.1`.*\nhint: .*`pybun run --python 9\.1 python`/],
  ["./no-line", /^\n?error\[E_TARGET_NOT_FOUND\]: cannot run .*no-line: it is no program .*no `#!` line/],
  [
    "./gone-line",
    /^\n?error\[E_TARGET_NOT_FOUND\]: cannot run .*gone-line: its first line names \/nonexistent\/sh, which is not there/,
  ],
];

(process.platform === "win32" ? test.skip : test)(
  "what can't be run is told apart, captured or not",
  placed(async (place) => {
    place.write({ "data.txt": "x", "no-line": "echo\n", "gone-line": "#!/nonexistent/sh\n" });
    for (const file of ["no-line", "gone-line"]) fs.chmodSync(path.join(place.cwd, file), 0o755);
    for (const [target, message] of UNRUNNABLE) {
      const { exitCode, stderr } = await place.run(["run", target]);
      assert.is(exitCode, 2, stderr);
      assert.match(stderr, message);
      const captured = (await place.run(["--format=json", "run", target])).json();
      assert.equal([captured.exit_code, captured.error_type], [2, "TargetNotFound"], target);
    }
  }),
);

test(
  "the environment's folder is first on PATH, wherever it was before",
  placed(async (place) => {
    const own = path.dirname((await output(place, ["run", "-c", "import sys; print(sys.executable)"])).trim());
    const code = "import os; print(os.environ['PATH'].split(os.pathsep)[0])";
    const PATH = [path.dirname(requirePython().path), own].join(path.delimiter);
    assert.is((await place.run(["run", "-c", code], { env: { PATH } })).stdout, `${own}\n`);
  }),
);

test(
  "the script's own folder is where it imports from, whatever the working directory",
  placed(async (place) => {
    place.write({ "lib/tool.py": "import near\nprint(near.WHO)", "lib/near.py": "WHO = 'near'" });
    assert.is(await output(place, ["run", "lib/tool.py"]), "near\n");
  }),
);

// options of Python before the target

test(
  "options and variables of Python reach it unchanged",
  placed(async (place) => {
    place.write({
      "f.py": "import sys\nprint(sys.flags.dev_mode, sys.flags.optimize, sys.warnoptions, sys.flags.safe_path)",
    });
    assert.is(await output(place, ["run", "-X", "dev", "-OO", "f.py"]).then((text) => text.slice(0, 6)), "True 2");
    assert.match(await output(place, ["run", "-W", "error", "f.py"]), "['error']");
    const safe = await place.run(["run", "f.py"], { env: { PYTHONSAFEPATH: "1", PYTHONPATH: place.cwd } });
    if (requirePython().version[1] >= 11) assert.match(safe.stdout, / True$/m);
  }),
);

// --python

const older = pythons().find((python) => python.version[1] !== findPython()?.version[1]);
(older === undefined ? test.skip : test)(
  "--python takes another interpreter, by version and by path",
  placed(async (place) => {
    const { path: file, version } = older ?? requirePython();
    const PATH = [path.dirname(file), "/usr/bin", "/bin"].join(path.delimiter);
    const code = "import sys; print('%d.%d' % sys.version_info[:2])";
    const wanted = `${version[0]}.${version[1]}\n`;
    const byVersion = await place.run(["run", "--python", wanted.trim(), "-c", code], { env: { PATH } });
    const byPath = await place.run(["run", "--python", file, "-c", code]);
    assert.equal([byVersion.stdout, byPath.stdout], [wanted, wanted], byVersion.stderr + byPath.stderr);
  }),
);

(older === undefined ? test.skip : test)(
  "packages that go with the project's environment when it gets another Python are named",
  placed(async (place) => {
    place.write({ "pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\n" });
    const { path: other } = older ?? requirePython();
    const code = "import sysconfig; print(sysconfig.get_path('purelib'))";
    const site = (await output(place, ["run", "-c", code])).trim();
    const rebuilt = () => place.run(["run", "--python", other, "-c", code]);
    place.write({ [`${path.relative(place.cwd, site)}/alpha-1.0.dist-info/METADATA`]: "Name: alpha\nVersion: 1.0\n" });
    const { stderr } = await rebuilt();
    assert.match(stderr, /^warning\[W_ENV_REBUILT\]: `\.pybun\/venv` was made anew .* is gone\n {2}alpha 1\.0\n$/);
    assert.is((await rebuilt()).stderr, "");
    assert.is((await place.run(["run", "-c", code])).stderr, "", "an empty one is nobody's loss");
  }),
);

test(
  "a Python that a variable names is refused with the variable's name",
  placed(async (place) => {
    const { exitCode, stderr } = await place.run(["run", "-c", "1"], { env: { PYBUN_PYTHON: "/nowhere/python3" } });
    assert.is(exitCode, 3);
    assert.match(stderr, "`/nowhere/python3`, asked by PYBUN_PYTHON, does not exist");
  }),
);

// --with, --isolated

test(
  "--with adds a package for this run, and leaves no trace in the next",
  placed(async (place) => {
    const code = "import alpha; print(alpha.version)";
    assert.is(await output(place, ["run", "--with", "alpha", "-c", code]), "1.0\n");
    assert.is(await output(place, ["run", "--with", "beta", "beta-tool", "x"]).catch(() => "no main\n"), "no main\n");
    const without = await place.run(["run", "-c", code]);
    assert.is(without.exitCode, 1);
    assert.match(without.stderr, "ModuleNotFoundError");
  }),
);

test(
  "--with does not take a requirement that is none",
  placed(async (place) => {
    const { exitCode, stderr } = await place.run(["run", "--with", "not a name!", "-c", "pass"]);
    assert.is(exitCode, 2);
    assert.match(stderr, "not a name!");
  }),
);

// --env-file

test(
  "--env-file sets variables, and one that is missing is an error",
  placed(async (place) => {
    place.write({ "app.env": "# comment\nONE=1\nexport TWO='a b'\nTHREE=\"x\\ny\"\n" });
    const code = "import os; print([os.environ.get(k) for k in ('ONE', 'TWO', 'THREE')])";
    assert.is(await output(place, ["run", "--env-file", "app.env", "-c", code]), "['1', 'a b', 'x\\ny']\n");
    const missing = await place.run(["run", "--env-file", "none.env", "-c", code]);
    assert.ok(missing.exitCode === 2 || missing.exitCode === 3, missing.stderr);
    assert.match(missing.stderr, "none.env");
  }),
);

// --dry-run

test(
  "--dry-run says what would run and runs nothing",
  placed(async (place) => {
    place.write({ "boom.py": "open('ran', 'w')" });
    const text = await output(place, ["run", "--dry-run", "boom.py", "x"]);
    assert.match(text, /Would run: .*boom\.py x/);
    assert.not.ok(place.exists("ran"));
    const script = "# /// script\n# dependencies = ['alpha']\n# ///\nopen('ran', 'w')\n";
    place.write({ "s.py": script });
    const dry = await place.run(["run", "s.py"], { env: { PYBUN_PEP723_DRY_RUN: "1" } });
    assert.equal([dry.exitCode, place.exists("ran")], [0, false]);
    assert.match(dry.stdout, "alpha 1.0");
    assert.not.ok(fs.existsSync(path.join(place.data, "pep723-envs")));
  }),
);

// --format=json, --stream

test(
  "as JSON the child's output is captured, and its exit code kept",
  placed(async (place) => {
    place.write({ "both.py": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.exit(7)\n" });
    const result = await place.run(["--format=json", "run", "both.py", "a"]);
    const { data, status } = result.json();
    assert.equal([result.exitCode, result.stderr, status], [7, "", "error"]);
    assert.equal([data["stdout"], data["stderr"], data["exit_code"]], ["out\n", "err\n", 7]);
    assert.equal([data["target"], data["kind"], data["args"], data["origin"]], ["both.py", "script", ["a"], "child"]);
    assert.is(data["pep723"], null);
  }),
);

test(
  "--stream also copies it to standard error as it comes",
  placed(async (place) => {
    const result = await place.run(["--format=json", "run", "--stream", "-c", "print('seen')"]);
    assert.match(result.stderr, "seen");
    assert.is(result.json().data["stdout"], "seen\n");
  }),
);

test(
  "much output is cut at the front, and says so",
  placed(async (place) => {
    const code = "for i in range(200000): print('%09d' % i)";
    const { data } = (await place.run(["--format=json", "run", "-c", code])).json();
    const kept = String(data["stdout"]);
    assert.is(data["truncated"], true);
    assert.ok(kept.length <= 1 << 20);
    assert.ok(kept.endsWith("000199999\n"));
  }),
);

// exit codes and signals

test(
  "the child's exit code and its end by a signal are handed through",
  placed(async (place) => {
    assert.is((await place.run(["run", "-c", "import sys; sys.exit(300 % 256)"])).exitCode, 44);
    const killed = await place.run(["run", "-c", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"]);
    assert.ok(killed.signal === "SIGTERM" || killed.exitCode === 143, `${killed.signal} ${killed.exitCode}`);
    const code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)";
    const captured = await place.run(["--format=json", "run", "-c", code]);
    assert.is(captured.json().exit_code, 137);
  }),
);

test(
  "standard streams are the child's own",
  placed(async (place) => {
    const code = "import sys; sys.stdout.write(sys.stdin.read()[::-1]); sys.stderr.write('e')";
    const { stdout, stderr } = await place.run(["run", "-c", code], { stdin: "abc" });
    assert.equal([stdout, stderr], ["cba", "e"]);
  }),
);

(process.platform === "linux" ? test : test.skip)(
  "a child that PyBun waits for has the limits of open files that PyBun was started with",
  placed(async (place) => {
    const code = "import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])";
    const behind = ["/bin/sh", "-c", 'ulimit -S -n 300; "$@"; exit $?', "sh"];
    const waited = await place.run(["--format=json", "run", "-c", code], { behind });
    assert.is(waited.json().data["stdout"], "300\n");
  }),
);

// the environment the child sees

test(
  "nothing of the executable's own reaches the child",
  placed(async (place) => {
    const code = "import os; print(sorted(k for k in os.environ if k.startswith(('BUN_', 'NODE_'))))";
    assert.is(await output(place, ["run", "-c", code]), "[]\n");
  }),
);

test(
  "how the child ended is the same in the event, the envelope and the data",
  inPlace(async (place) => {
    for (const [code, exitCode, errorType, signal] of [
      ["import os; os.kill(os.getpid(), 11)", 139, "ChildKilled", "SIGSEGV"],
      ["raise SystemExit(3)", 3, "ChildFailed", null],
      ["pass", 0, undefined, null],
    ] as const) {
      const envelope = (await place.run(["--format=json", "run", "-c", code])).json();
      const status = exitCode === 0 ? "ok" : "error";
      assert.equal([envelope.status, envelope.exit_code, envelope.error_type], [status, exitCode, errorType]);
      assert.equal([envelope.data["exit_code"], envelope.data["signal"]], [exitCode, signal]);
      const end = envelope.events.find((event) => (event as { type: string }).type === "CommandEnd");
      assert.is((end as { status?: string } | undefined)?.status, status);
    }
  }),
);

test.run();
