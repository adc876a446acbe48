import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place } from "../harness/project.ts";
import { pythons } from "../harness/python.ts";

const PROJECT = `[project]\nname = "p"\nversion = "1"\n`;
const FILES = {
  "app.py": `import sys\nimport heavy\nimport light\n\ndef work():\n    return heavy.value\n\nprint("app", light.value, "heavy" in sys.modules)\nif len(sys.argv) > 1:\n    print(work())\n`,
  "heavy.py": `import time\ntime.sleep(0.5)\nvalue = 42\n`,
  "light.py": "value = 1\n",
};
const LAZY = `\n[tool.pybun.run.lazy]\nmode = "profile"\nallow = ["heavy"]\n`;

const placed = (body: (place: Place) => Promise<void>, lazy = "") =>
  inPlace(async (place) => {
    place.write({ ...FILES, "pyproject.toml": PROJECT + lazy });
    await body(place);
  });

test(
  "a heavy module that is not used costs nothing, one that is used is there",
  placed(async (place) => {
    await place.run(["run", "app.py"]);
    const started = await place.run(["run", "app.py"]);
    assert.equal([started.stdout, started.stderr], ["app 1 False\n", ""]);
    // The module alone takes 500 ms. Of several runs one may meet with a busy machine.
    const again = [await place.run(["run", "app.py"]), await place.run(["run", "app.py"])];
    const leastMs = Math.min(...[started, ...again].map(({ durationMs }) => durationMs));
    assert.ok(leastMs < 300, `${leastMs} ms`);
    assert.is((await place.run(["run", "app.py", "x"])).stdout, "app 1 False\n42\n");
    assert.is((await place.run(["run", "-m", "app", "x"])).stdout, "app 1 False\n42\n");
    assert.is((await place.run(["run", "-I", "app.py"])).exitCode, 1, "-I leaves out the folder, and PyBun");
  }, LAZY),
);

test(
  "nothing waits unless it is asked for; the profile prod asks for what is allowed",
  placed(
    async (place) => {
      assert.is((await place.run(["run", "app.py"])).stdout, "app 1 True\n");
      assert.is((await place.run(["run", "--profile=prod", "app.py"])).stdout, "app 1 False\n");
      assert.is((await place.run(["run", "--profile=dev", "app.py"])).stdout, "app 1 True\n");
    },
    LAZY.replace("profile", "off"),
  ),
);

for (const { version } of pythons())
  test(
    `the standard library's own imports wait where that is asked for: Python ${version.join(".")}`,
    placed(async (place) => {
      const told = `import sys, mimetypes
print("urllib.parse" in sys.modules)
print(mimetypes.guess_type("a.html")[0], "urllib.parse" in sys.modules)
`;
      place.write({ "told.py": told, ".python-version": `${version.slice(0, 2).join(".")}\n` });
      assert.is((await place.run(["run", "told.py"])).stdout, "True\ntext/html True\n");
      place.write({
        "pyproject.toml": `${PROJECT}[tool.pybun.run.lazy]\nmode = "all"\nimporters = ["standard-library"]\n`,
      });
      for (const which of ["rewritten", "from the cache"])
        assert.is((await place.run(["run", "told.py"])).stdout, "False\ntext/html True\n", which);
    }),
  );

test(
  "what can't wait is imported at once, or refused",
  placed(async (place) => {
    place.write({ "app.py": `import heavy\ndef f(a: heavy.A): pass\n`, "heavy.py": "A = 1\nprint('heavy')\n" });
    assert.is((await place.run(["run", "app.py"])).stdout, "heavy\n");
    place.write({ "pyproject.toml": `${PROJECT}${LAZY}fallback = false\n` });
    const refused = await place.run(["run", "app.py"]);
    assert.is(refused.exitCode, 1);
    assert.match(
      refused.stderr,
      /`heavy` can't be imported lazily in .*app\.py, line 1: `heavy` is used in an annotation/,
    );
  }, LAZY),
);

test(
  "imports are told when that is asked for",
  placed(async (place) => {
    const { stderr } = await place.run(["run", "app.py", "x"]);
    assert.match(stderr, /^lazy: __main__:2 imports heavy \(\d+\.\d ms\)\n$/);
  }, `${LAZY}log-imports = true\n`),
);

test(
  "--check, --show-config and --config",
  placed(async (place) => {
    const check = async (...words: string[]) => {
      const { decision, rule, pattern } = (
        await place.run(["--format=json", "lazy-import", "--check", ...words])
      ).json().data;
      return [decision, rule, pattern];
    };
    assert.equal(await check("heavy"), ["lazy", "run.lazy.allow", "heavy"]);
    assert.equal(await check("heavy", "--deny", "heavy"), ["eager", "run.lazy.deny", "heavy"]);
    assert.equal(await check("light"), ["eager", "not in run.lazy.allow", null]);
    assert.equal(await check("light.x", "--allow", "light"), ["lazy", "run.lazy.allow", "light"]);
    assert.equal(await check("os.path"), ["eager", "built-in deny list", "os"]);
    place.write({ "own.toml": `mode = "all"\nlog_imports = true\n`, "bad.toml": `mode = "on"\n` });
    assert.equal(await check("light", "--config", "own.toml"), ["lazy", "run.lazy.mode", "all"]);
    const shown = (await place.run(["--format=json", "lazy-import", "--show-config", "--config", "own.toml"])).json();
    const { mode, log_imports } = shown.data["config"] as Record<string, unknown>;
    assert.equal([mode, log_imports], ["all", true]);
    const bad = await place.run(["lazy-import", "--config", "bad.toml"]);
    assert.equal([bad.exitCode, /E_LAZY_CONFIG.*off, profile or all/.test(bad.stderr)], [3, true]);
    assert.is((await place.run(["lazy-import", "--check", "not a module"])).exitCode, 2);
  }, LAZY),
);

test(
  "--lazy-suggest finds what is not used and what must not wait, and writes it when told to",
  placed(async (place) => {
    const order = `import sys\nimport registry\nimport plugin_a\nimport heavy\ndef f():\n    return heavy, plugin_a\nprint(registry.names)\n`;
    place.write({
      "app.py": order,
      "heavy.py": "import time\ntime.sleep(0.03)\n",
      "registry.py": "names = []\n",
      "plugin_a.py": "import registry\nregistry.names.append('a')\n",
    });
    const first = await place.run(["run", "--lazy-suggest", "app.py"]);
    assert.is(first.exitCode, 0);
    assert.match(
      first.stdout,
      /heavy +\d+\.\d ms[^]*__main__:plugin_a[^]*Starts in \d+ ms in place of \d+ ms[^]*allow = \["heavy"\]/,
    );
    assert.is(place.read("pyproject.toml"), PROJECT);
    const { data } = (await place.run(["--format=json", "run", "--yes", "--lazy-suggest", "app.py"])).json();
    const found = data["lazy"] as Record<string, unknown>;
    assert.equal([found["deny"], found["written"]], [["__main__:plugin_a"], true]);
    const table = `\n[tool.pybun.run.lazy]\nmode = "profile"\nallow = ["heavy"]\ndeny = ["__main__:plugin_a"]\n`;
    assert.is(place.read("pyproject.toml"), PROJECT + table);
    assert.is((await place.run(["run", "app.py"])).stdout, "['a']\n");
    place.write({ "app.py": "import time\nprint(time.time())\n" });
    const unsteady = await place.run(["run", "--lazy-suggest", "app.py"]);
    assert.match(unsteady.stderr, /E_LAZY_UNSTEADY[^]*stdout, line 1/);
  }),
);

const SHOW = `import lazy_setup, sys
import pkg, pkg.sub, single, broken
print(lazy_setup.statistics()["waiting"])
import threading
found = []
threads = [threading.Thread(target=lambda: found.append(single.value)) for _ in range(8)]
for t in threads: t.start()
for t in threads: t.join()
print(set(found), single.runs, type(single).__name__, single.__loader__.__class__.__name__)
print(pkg.x, pkg.sub.y, pkg.sub is sys.modules["pkg.sub"])
for _ in range(2):
    try:
        broken.x
    except ZeroDivisionError:
        print("broken")
single.extra = 1
print(vars(single)["extra"], lazy_setup.statistics()["loaded"], lazy_setup.statistics()["seconds"] > 0)
import json
print(type(json).__name__)
`;
test(
  "the generated module stands by itself on every Python",
  placed(async (place) => {
    await place.run([
      "lazy-import",
      "--generate",
      "--allow",
      "pkg",
      "--allow",
      "single",
      "--allow",
      "broken",
      "-o",
      "lazy_setup.py",
    ]);
    place.write({
      "show.py": SHOW,
      "pkg/__init__.py": "x = 1\n",
      "pkg/sub.py": "y = 2\n",
      "single.py": "import time\nruns = globals().get('runs', 0) + 1\ntime.sleep(0.05)\nvalue = 7\n",
      "broken.py": "1 / 0\n",
    });
    for (const { path: python, version } of pythons()) {
      const { stdout, stderr } = spawnSync(python, ["-B", "show.py"], { cwd: place.cwd, encoding: "utf8" });
      const expected =
        "['broken', 'single']\n{7} 1 module SourceFileLoader\n1 2 True\nbroken\nbroken\n1 2 True\nmodule\n";
      assert.is(stderr + stdout, expected, version.join("."));
    }
  }),
);

test.run();
