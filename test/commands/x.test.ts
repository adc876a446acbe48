import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { executablePath } from "../harness/executable.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

const MAIN = `import importlib.metadata, sys


def main():
    names = sorted(d.name + " " + d.version for d in importlib.metadata.distributions())
    print(names, sys.argv[1:])
    return int(sys.argv[1]) if sys.argv[1:] and sys.argv[1].isdigit() else 0
`;
const RUNS_LONG = `import os, subprocess, sys, time


def main():
    days_ago = time.time() - 3 * 86400
    os.utime(sys.prefix, (days_ago, days_ago))
    code = "import extra; print(extra.version)"
    subprocess.run([os.environ["TEST_PYBUN"], "run", "--with", "extra", "-c", code], check=True)
    print("still there" if os.path.exists(sys.executable) else "gone", flush=True)
`;
const tool = (version: string) => ({
  name: "my-tool",
  version,
  files: { "my_tool.py": MAIN },
  "console-scripts": { "my-tool": "my_tool:main", "other-name": "my_tool:main" },
  extras: { more: ["extra"] },
});
const index = await startIndex({
  packages: [
    tool("1.0"),
    tool("2.0"),
    { name: "extra", version: "1.0" },
    {
      name: "runs-long",
      version: "1.0",
      files: { "runs_long.py": RUNS_LONG },
      "console-scripts": { "runs-long": "runs_long:main" },
    },
    {
      name: "ends-its-parent",
      version: "1.0",
      files: { "ends.py": "import os, signal\n\n\ndef main():\n    os.kill(os.getppid(), signal.SIGKILL)\n" },
      "console-scripts": { "ends-its-parent": "ends:main" },
    },
    {
      name: "as-module",
      version: "1.0",
      files: { "as_module/__init__.py": "", "as_module/__main__.py": "print('main')" },
    },
    { name: "no-command", version: "1.0", "console-scripts": { one: "no_command:x", two: "no_command:x" } },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

/** Environments that are still there. */
const kept = (place: Place): string[] =>
  fs.existsSync(place.data)
    ? fs
        .readdirSync(place.data, { recursive: true, encoding: "utf8" })
        .filter((file) => path.basename(file) === "pyvenv.cfg")
    : [];

test(
  "the command of the package runs with its arguments and exit code, and nothing stays",
  placed(async (place) => {
    const { exitCode, stdout, stderr } = await place.run(["x", "my-tool", "5", "--help", "--", "-x"]);
    assert.equal([exitCode, stderr], [5, ""]);
    assert.is(stdout, "['my-tool 2.0'] ['5', '--help', '--', '-x']\n");
    assert.equal(kept(place), []);
  }),
);

const specs: readonly (readonly [spec: string, installed: string])[] = [
  ["my-tool==1.0", "['my-tool 1.0']"],
  ["my-tool<2", "['my-tool 1.0']"],
  ["my-tool@1.0", "['my-tool 1.0']"],
  ["my-tool[more]", "['extra 1.0', 'my-tool 2.0']"],
];
for (const [spec, installed] of specs) {
  test(
    `x ${spec}`,
    placed(async (place) => {
      const { stdout, stderr } = await place.run(["x", spec]);
      assert.equal([stdout, stderr], [`${installed} []\n`, ""]);
    }),
  );
}

// --from, --with

test(
  "--from names the package where the command is called otherwise, --with adds one",
  placed(async (place) => {
    const { stdout } = await place.run(["x", "--from", "my-tool==1.0", "--with", "extra", "other-name", "a"]);
    assert.is(stdout, "['extra 1.0', 'my-tool 1.0'] ['a']\n");
  }),
);

test(
  "a package without a command of its name runs as a module, if it can",
  placed(async (place) => {
    assert.is((await place.run(["x", "as-module"])).stdout, "main\n");
  }),
);

test(
  "a package without that command lists those it has, and nothing stays",
  placed(async (place) => {
    const { exitCode, stdout, stderr } = await place.run(["x", "no-command"]);
    assert.equal([exitCode, stdout], [2, ""]);
    assert.match(stderr, /error\[E_USAGE\].*no-command/);
    assert.match(stderr, "one, two");
    assert.match(stderr, "pybun x --from no-command one");
    assert.equal(kept(place), []);
  }),
);

test(
  "a tool that runs for days keeps its environment, whoever clears up meanwhile",
  placed(async (place) => {
    const { stdout, stderr } = await place.run(["x", "runs-long"], { env: { TEST_PYBUN: executablePath() } });
    assert.equal([stdout, stderr], ["1.0\nstill there\n", ""]);
  }),
);

test(
  "the environment of a tool that was killed goes with the next command",
  placed(async (place) => {
    const killed = await place.run(["x", "ends-its-parent"]);
    assert.is(killed.signal, "SIGKILL", killed.stderr);
    assert.is(kept(place).length, 1);
    await place.run(["run", "--with", "extra", "-c", "pass"]);
    assert.equal(
      kept(place).filter((file) => file.startsWith("tmp")),
      [],
    );
  }),
);

test(
  "python is the interpreter, with what --with adds and nothing else",
  placed(async (place) => {
    const code = "import importlib.metadata as m; print([d.name for d in m.distributions()])";
    assert.is((await place.run(["x", "python", "-c", code])).stdout, "[]\n");
    assert.is((await place.run(["x", "--with", "extra", "python", "-c", code])).stdout, "['extra']\n");
  }),
);

// --reuse

test(
  "--reuse keeps the environment for the next time",
  placed(async (place) => {
    const hit = async (): Promise<unknown> =>
      (await place.run(["--format=json", "x", "--reuse", "my-tool"])).json().data["cache_hit"];
    assert.equal([await hit(), await hit()], [false, true]);
    assert.is(kept(place).length, 1);
  }),
);

// --dry-run

test(
  "--dry-run and PYBUN_X_DRY_RUN say what would run, and run nothing",
  placed(async (place) => {
    for (const result of [
      await place.run(["x", "--dry-run", "my-tool"]),
      await place.run(["x", "my-tool"], { env: { PYBUN_X_DRY_RUN: "1" } }),
    ]) {
      assert.is(result.exitCode, 0);
      assert.match(result.stdout, /my-tool 2\.0[\s\S]*Would run/);
    }
    assert.equal(kept(place), []);
  }),
);

// JSON

test(
  "as JSON it tells package, version, command and that the environment was temporary",
  placed(async (place) => {
    const { data, exit_code } = (await place.run(["--format=json", "x", "my-tool<2", "4"])).json();
    assert.equal(
      [data["package"], data["version"], data["command"], data["args"], data["temp_env"], data["exit_code"], exit_code],
      ["my-tool", "1.0", "my-tool", ["4"], true, 4, 4],
    );
  }),
);

// scripts

test(
  "a file runs with its own requirements",
  placed(async (place) => {
    place.write({
      "f.py":
        "# /// script\n# dependencies = ['extra']\n# ///\nimport extra, sys\nprint(extra.version, sys.argv[1:])\n",
    });
    assert.is((await place.run(["x", "./f.py", "a"])).stdout, "1.0 ['a']\n");
  }),
);

test(
  "a name nobody has ends with 4",
  placed(async (place) => {
    const { exitCode, stderr } = await place.run(["x", "nobody-has-this"]);
    assert.is(exitCode, 4);
    assert.match(stderr, "error[E_RESOLVE_MISSING]");
    assert.equal(kept(place), []);
  }),
);

test.run();
