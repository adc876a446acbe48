import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place } from "../harness/project.ts";

const project = (tasks: string): Readonly<Record<string, string>> => ({
  "pyproject.toml": `[project]\nname = "p"\nversion = "1"\n\n[tool.pybun.tasks]\n${tasks}`,
});
const SAY = `import os, sys\nprint(*sys.argv[1:], os.environ.get("WHO", ""), flush=True)\n`;
const placed = (tasks: string, body: (place: Place) => Promise<void>) =>
  inPlace(async (place) => {
    place.write({ ...project(tasks), "say.py": SAY });
    await body(place);
  });

test(
  "without a name tasks are listed, with what they do or are for",
  placed(
    `lint = "say.py lint"\ntest = { cmd = "say.py test", depends-on = ["lint"], help = "run the tests" }\nall = { chain = ["lint", "test -x"] }\n`,
    async (place) => {
      const { stdout, stderr } = await place.run(["task"]);
      assert.equal(
        [stdout, stderr],
        ["lint  say.py lint\ntest  run the tests after lint\nall   lint, then test -x\n", ""],
      );
      const { tasks } = (await place.run(["--format=json", "task"])).json().data as { tasks: { origin: string }[] };
      assert.is(tasks[1]?.origin, "pyproject.toml:7");
    },
  ),
);

test(
  "a task runs with its arguments, variables and folder, and its exit code is the command's",
  placed(
    `t = { cmd = "say.py one", args = ["usual"], env = { WHO = "me" }, env-file = "my.env" }
w = { python = "import os; print(os.path.basename(os.getcwd()))", cwd = "sub" }
s = { shell = "echo a | tr a b; exit 3" }
f = { python = "say:main" }
`,
    async (place) => {
      place.write({ "my.env": "WHO=nobody\n", "sub/x": "" });
      assert.is((await place.run(["task", "t"])).stdout, "one usual me\n");
      assert.is((await place.run(["task", "t", "-x", "--", "--help"])).stdout, "one -x -- --help me\n");
      assert.is((await place.run(["task", "w"])).stdout, "sub\n");
      const shell = await place.run(["task", "s"]);
      assert.equal([shell.exitCode, shell.stdout, shell.stderr], [3, "b\n", ""]);
      place.write({ "say.py": "import sys\ndef main(*args):\n    print('called', args)\n    return 4\n" });
      const called = await place.run(["task", "f", "a"]);
      assert.equal([called.exitCode, called.stdout], [4, "called ('a',)\n"]);
    },
  ),
);

test(
  "`run` knows tasks too, and a task may be called as the command it runs",
  placed(`python = "python say.py from-task"\n`, async (place) => {
    assert.is((await place.run(["run", "python", "x"])).stdout, "from-task x \n");
    const { argv } = (await place.run(["--format=json", "run", "--dry-run", "python"])).json().data;
    assert.equal(argv, ["pybun", "task", "python"]);
  }),
);

// depends-on, chain

test(
  "each dependency runs once and before, and their lines are told apart",
  placed(
    `base = "say.py base"
a = { cmd = "say.py a", depends-on = ["base"] }
long = { cmd = "say.py long", depends-on = ["base"] }
all = { cmd = "say.py all", depends-on = ["a", "long"] }
`,
    async (place) => {
      const { stdout, stderr } = await place.run(["task", "all"]);
      const lines = stdout.split("\n");
      assert.equal([lines[0], lines[3], stderr], ["base | base ", "all ", ""]);
      assert.equal(lines.slice(1, 3).sort(), ["a    | a ", "long | long "]);
    },
  ),
);

test(
  "dependencies run at the same time",
  placed(
    `a = { python = "import os; os.mkfifo('f') if not os.path.exists('f') else 0; open('f','w').write('x')" }
b = { python = "import os; os.mkfifo('f') if not os.path.exists('f') else 0; print(open('f').read())" }
both = { cmd = "say.py both", depends-on = ["a", "b"] }
`,
    async (place) => {
      // Each of the two ends only when the other one runs.
      fs.writeFileSync(path.join(place.cwd, "make.py"), "import os; os.mkfifo('f')\n");
      await place.run(["run", "make.py"]);
      const { stdout, exitCode } = await place.run(["task", "both"], { env: { PYBUN_JOBS: "2" }, timeoutMs: 30_000 });
      assert.equal([exitCode, stdout], [0, "b    | x\nboth \n"]);
    },
  ),
);

test(
  "the first that fails ends the others, and nothing behind it runs",
  placed(
    `slow = { python = "import time; time.sleep(60)" }
bad = { python = "import sys; print('bad'); sys.exit(7)" }
all = { cmd = "say.py never", depends-on = ["slow", "bad"] }
steps = { chain = ["bad", "never"] }
never = "say.py never"
`,
    async (place) => {
      const all = await place.run(["task", "all"], { env: { PYBUN_JOBS: "2" }, timeoutMs: 30_000 });
      assert.equal([all.exitCode, all.stdout], [7, "bad  | bad\n"]);
      const steps = await place.run(["task", "steps"]);
      assert.equal([steps.exitCode, steps.stdout], [7, "bad\n"]);
      const { data, exit_code } = (await place.run(["--format=json", "task", "steps"])).json();
      const [one] = data["tasks"] as { status: string; stdout: string }[];
      assert.equal([exit_code, one?.status, one?.stdout], [7, "failed", "bad\n"]);
    },
  ),
);

test(
  "a chain runs its steps in order, and its arguments go to the last",
  placed(`one = "say.py one"\ntwo = "say.py two"\nall = { chain = ["one a", "two", "one"] }\n`, async (place) => {
    assert.is((await place.run(["task", "all", "z"])).stdout, "one a \ntwo \none z \n");
  }),
);

test(
  "a circle, a name nobody has and a broken table are refused before anything runs",
  placed(
    `a = { cmd = "say.py a", depends-on = ["b"] }\nb = { cmd = "say.py b", depends-on = ["a"] }\nc = { cmd = "x", depends-on = ["bb"] }\n`,
    async (place) => {
      const circle = await place.run(["task", "a"]);
      assert.equal([circle.exitCode, circle.stdout], [3, ""]);
      assert.match(circle.stderr, "error[E_TASK_CYCLE]: task `a` waits for itself\n  a -> b -> a\n");
      const missing = await place.run(["task", "c"]);
      assert.match(missing.stderr, "pyproject.toml:8 task `c` needs task `bb`, which there is not");
      assert.match((await place.run(["task", "d"])).stderr, "E_TASK_NOT_FOUND");
      assert.match((await place.run(["task", "list"])).stderr, "\nhint: for a list of the tasks: `pybun task`\n");
      place.write(project("a = { cmdd = 'x' }\n"));
      const broken = await place.run(["task"]);
      assert.equal([broken.exitCode, /pyproject\.toml:6 task `a` has no key `cmdd`/.test(broken.stderr)], [3, true]);
    },
  ),
);

test(
  "the folder of a task is looked for when it starts, and told when it is not there",
  placed(
    `a = { cmd = "say.py a", cwd = "made here" }\nb = { shell = "mkdir 'made here'" }\nc = { depends-on = ["b"], chain = ["a"] }\n`,
    async (place) => {
      const { exitCode, stdout, stderr } = await place.run(["task", "a"]);
      assert.equal([exitCode, stdout], [3, ""]);
      assert.match(
        stderr,
        "error[E_TASK_INVALID]: pyproject.toml:6 task `a` is to run in `made here`, which is no folder\n",
      );
      const list = await place.run(["task"]);
      assert.match(list.stdout, "b  mkdir 'made here'\n");
      assert.not.match((await place.run(["task", "c"])).stderr, "E_TASK_INVALID");
    },
  ),
);

// inputs, outputs

test(
  "a task with inputs runs again only when they, its command, its variables or its outputs are others",
  placed(
    `make = { python = "print('made'); open('out.txt', 'w').write(open('in.txt').read())", inputs = ["*.txt", "!out.txt"], outputs = ["out.txt"] }\n`,
    async (place) => {
      place.write({ "in.txt": "1" });
      const made = async (...words: string[]): Promise<boolean> =>
        (await place.run(["task", ...words])).stdout === "made\n";
      assert.equal([await made("make"), await made("make")], [true, false]);
      fs.utimesSync(path.join(place.cwd, "in.txt"), 1, 1);
      assert.is(await made("make"), false, "another time, the same content");
      place.write({ "in.txt": "2" });
      assert.equal([await made("make"), await made("make"), place.read("out.txt")], [true, false, "2"]);
      place.write({ "out.txt": "touched" });
      assert.is(await made("make"), true, "the output was changed");
      fs.rmSync(path.join(place.cwd, "out.txt"));
      assert.is(await made("make"), true, "the output is gone");
      assert.is(await made("--force", "make"), true);
      assert.is(await made("make", "arg"), true, "other arguments");
      place.write({ "more.txt": "" });
      assert.is(await made("make"), true, "one more input");
      place.write({ "pyproject.toml": place.read("pyproject.toml").replace("'made'", "'made' ") });
      assert.is(await made("make"), true, "another command");
      place.write({ "pybun.lockb": "x" });
      assert.is(await made("make"), true, "another lock");
      const { tasks } = (await place.run(["--format=json", "task", "make"])).json().data as {
        tasks: { status: string }[];
      };
      assert.is(tasks[0]?.status, "up to date");
    },
  ),
);

test(
  "a task that failed is not taken for done",
  placed(
    `t = { python = "import sys, os; print('ran'); sys.exit(os.path.exists('bad'))", inputs = ["in"] }\n`,
    async (place) => {
      place.write({ in: "", bad: "" });
      assert.is((await place.run(["task", "t"])).exitCode, 1);
      fs.rmSync(path.join(place.cwd, "bad"));
      assert.equal([(await place.run(["task", "t"])).stdout, (await place.run(["task", "t"])).stdout], ["ran\n", ""]);
    },
  ),
);

test(
  "--dry-run says what would run and runs nothing",
  placed(`a = "say.py a"\nb = { cmd = "say.py b", depends-on = ["a"] }\n`, async (place) => {
    const { stdout } = await place.run(["task", "--dry-run", "b"]);
    assert.is(stdout, "a  say.py a\nb  say.py b after a\nWould run 2 tasks\n");
    assert.not.ok(place.exists(".pybun"));
  }),
);

test(
  "a member of a workspace has its own tasks and the root's, each in its folder",
  inPlace(async (place) => {
    const PWD = `{ python = "import os; print(os.path.basename(os.getcwd()))" }`;
    place.write({
      "pyproject.toml": `[tool.pybun.workspace]\nmembers = ["libs/*"]\n[tool.pybun.tasks]\nshared = ${PWD}\nboth = ${PWD}\n`,
      "libs/a/pyproject.toml": `[project]\nname = "a"\nversion = "1"\n[tool.pybun.tasks]\nboth = ${PWD}\n`,
      "libs/a/src/x": "",
    });
    const cwd = path.join(place.cwd, "libs/a/src");
    const said = async (name: string) => (await place.run(["task", name], { cwd })).stdout;
    assert.equal([await said("shared"), await said("both")], ["work\n", "a\n"]);
    assert.is((await place.run(["task", "both"])).stdout, "work\n");
  }),
);

test(
  "a signal ends the tasks and PyBun as it ends a program that is run",
  placed(
    `t = { cmd = "say.py never", depends-on = ["slow"] }\nslow = { python = "import time; print('up', flush=True); time.sleep(60)" }\n`,
    async (place) => {
      const running = place.start(["task", "t"]);
      const pid = running.pid;
      await waitFor(() => childrenOf(pid).length > 0);
      running.kill("SIGTERM");
      const { exitCode, signal } = await running.ended;
      assert.ok(exitCode === 143 || signal === "SIGTERM", `${exitCode} ${signal}`);
      assert.equal(childrenOf(pid), []);
    },
  ),
);

const childrenOf = (pid: number): readonly string[] => {
  try {
    return fs
      .readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
      .split(" ")
      .filter((word) => word !== "");
  } catch {
    return [];
  }
};
async function waitFor(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

test.run();
