import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { one, servedWith, servers, warm } from "../harness/fork-server.ts";
import { startIndex } from "../harness/index-server.ts";
import type { Place } from "../harness/project.ts";
import { pythons } from "../harness/python.ts";
import { until } from "../harness/until.ts";

// Forks of a started Python are for Linux.
if (process.platform !== "linux") {
  console.log("skipped: fork servers are for Linux");
  process.exit(0);
}

const index = await startIndex({
  packages: [
    {
      name: "alpha",
      version: "1.0",
      requires: ["beta"],
      files: { "alpha/__init__.py": "import beta, decimal\n", "alpha/deep.py": "" },
    },
    { name: "beta", version: "1.0", files: { "beta/__init__.py": "import os\nMODE = os.environ.get('BETA_MODE')\n" } },
    {
      name: "shown",
      version: "1.0",
      files: {
        "shown.py":
          "import sys\ndef main(words=sys.argv):\n    assert words is sys.argv\n    print(open('/proc/self/comm').read().strip(), sys.argv, sys.flags, getattr(sys, 'orig_argv', 0), sys.executable, sys.path)\n    return 3\n",
      },
      "console-scripts": { show: "shown:main" },
    },
    { name: "slow", version: "1.0", files: { "slow/__init__.py": "import time\ntime.sleep(1)\n" } },
    { name: "gamma", version: "1.0", files: { "gamma/__init__.py": "import sys\nsys.path.append('/gamma')\n" } },
    { name: "zeta", version: "1.0", files: { "zeta/__init__.py": "import os\nALL = dict(os.environ)\n" } },
    { name: "eta", version: "1.0", files: { "eta/__init__.py": "import json\njson.dumps = lambda value: 'eta'\n" } },
    { name: "theta", version: "1.0", files: { "theta/__init__.py": "import logging\nlogging.basicConfig()\n" } },
    { name: "iota", version: "1.0", files: { "iota/__init__.py": "import sys\nCOLORED = sys.stdout.isatty()\n" } },
    {
      name: "kappa",
      version: "1.0",
      files: {
        "kappa/__init__.py":
          "import atexit, os\natexit.register(print, 'kappa ends')\nos.register_at_fork(before=lambda: print('kappa forks', flush=True))\n",
      },
    },
    { name: "delta", version: "1.0", files: { "delta/__init__.py": "import os\nHERE = os.getcwd()\n" } },
    {
      name: "epsilon",
      version: "1.0",
      files: {
        "epsilon/__init__.py":
          "import os\nTEXT = os.path.exists('/nowhere/epsilon')\nwith open(os.environ['HOME'] + '/epsilon.cfg') as f: TEXT = f.read()\n",
      },
    },
  ],
});
test.after(() => index.stop());

const served = servedWith(index);

/** Says what the last word of `--explain` about the fork server is. */
async function explained(place: Place, words: readonly string[], options = {}): Promise<string> {
  const { stderr } = await place.run(["run", "--explain", ...words], options);
  return /^fork server\s+(.*)$/m.exec(stderr)?.[1] ?? stderr;
}

const SCRIPT = `import os, sys
print(sys.argv, __name__, __file__, sys.path[0], os.getcwd(), os.environ.get("GIVEN"), sys.stdin.read())
print("err", file=sys.stderr)
sys.exit(int(sys.argv[1]))
`;

test(
  "a repeated run is a fork: same words, folder, variables, streams, exit code",
  served(async (place) => {
    place.write({ "app.py": SCRIPT, "sub/x": "" });
    await warm(place, ["app.py", "0"]);
    const before = (await one(place)).served;
    for (const [code, cwd] of [
      ["0", "."],
      ["3", "."],
      ["255", "."],
    ] as const) {
      const options = { cwd: path.join(place.cwd, cwd), stdin: "typed", env: { GIVEN: code } };
      const { stdout, stderr, exitCode } = await place.run(["run", "app.py", code, "x y", ""], options);
      const file = path.join(place.cwd, "app.py");
      assert.is(stdout, `['app.py', '${code}', 'x y', ''] __main__ ${file} ${place.cwd} ${place.cwd} ${code} typed\n`);
      assert.is(stderr, "err\n");
      assert.is(exitCode, Number(code));
    }
    assert.is((await one(place)).served, before + 3);
  }),
);

for (const { version } of pythons()) {
  const minor = version.slice(0, 2).join(".");
  test(
    `a program does not see that it is a fork: Python ${version.join(".")}`,
    served(async (place) => {
      place.write({
        ".python-version": `${minor}\n`,
        "seen.py": `import sys, os, gc, signal, threading, atexit, warnings
print(sorted(sys.modules), sys.meta_path, sys.path_hooks, sys.flags, sys.warnoptions, sys._xoptions)
print(sys.path, sorted(sys.path_importer_cache), getattr(sys, "orig_argv", None), sys.executable, sys.prefix)
print(list(os.environ), threading.enumerate(), sorted(globals()), __spec__, __loader__.__class__)
print(sys.stdin, sys.stdout, sys.stderr, sys.stdout.line_buffering, sys.stdout.errors, sys.stdin.errors)
print([signal.getsignal(n) for n in range(1, 32)], signal.pthread_sigmask(signal.SIG_BLOCK, []), warnings.filters)
print(gc.isenabled(), gc.get_threshold(), sys.getrecursionlimit(), sorted(os.listdir("/proc/self/fd")), os.umask(0))
print(open("/proc/self/cmdline").read().rstrip("\\0").split("\\0"))
def f(): raise KeyError("x")
atexit.register(print, "at exit")
class D:
    def __del__(self): print("finalised")
d = D()
d.me = d
f()
`,
      });
      const plain = await place.run(["run", "seen.py", "a"], { env: { PYBUN_ZYGOTE: "off" } });
      await warm(place, ["seen.py", "a"]);
      const before = (await one(place)).served;
      const forked = await place.run(["run", "seen.py", "a"]);
      assert.is((await one(place)).served, before + 1);
      const clean = (text: string): string =>
        text
          .replaceAll(/0x[0-9a-f]{6,}/g, "0x")
          .replaceAll(/started \d+/g, "started")
          .replace("'PYBUN_ZYGOTE', ", "");
      assert.is(clean(forked.stdout), clean(plain.stdout));
      assert.is(forked.stderr, plain.stderr);
      assert.is(forked.exitCode, plain.exitCode);
    }),
  );
}

const PROJECT = (...names: readonly string[]): string =>
  `[project]\nname = "p"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(names)}\n`;

test(
  "what programs import is loaded ahead, and nobody sees it who does not import it",
  served(async (place) => {
    place.write({
      "pyproject.toml": PROJECT("alpha"),
      "uses.py":
        "import sys; before = sorted(sys.modules); import alpha; print('beta' in sys.modules, 'decimal' in sys.modules, 'alpha.deep' in sys.modules, hasattr(alpha, 'deep'), alpha.__spec__.origin is not None, alpha.__loader__.__class__.__name__)",
      "deep.py": "import alpha.deep; print(alpha.deep.__name__)",
      "other.py": "import sys; print([name for name in sys.modules if name in ('alpha', 'beta', 'decimal', 'ctypes')])",
    });
    await warm(place, ["deep.py"]);
    await until(async () => {
      await place.run(["run", "deep.py"]);
      return fs.readFileSync(modulesFile(place), "utf8").includes("alpha.deep");
    }, "alpha is loaded ahead");
    const { modules } = await one(place);
    assert.ok(modules > 3, String(modules));
    const plain = await place.run(["run", "uses.py"], { env: { PYBUN_ZYGOTE: "off" } });
    await place.run(["run", "uses.py"]);
    assert.is((await place.run(["run", "uses.py"])).stdout, plain.stdout);
    assert.is(plain.stdout, "True True False False True SourceFileLoader\n");
    await place.run(["run", "other.py"]);
    assert.is((await place.run(["run", "other.py"])).stdout, "[]\n");
    assert.is((await place.run(["run", "deep.py"])).stdout, "alpha.deep\n");
  }),
);

test(
  "a command of the environment is a fork, told what the system would have told it",
  served(async (place) => {
    place.write({ "pyproject.toml": PROJECT("shown") });
    const words = ["show", "a", "--version"];
    await place.run(["sync", "-q"]);
    const plain = await place.run(["run", ...words], { env: { PYBUN_ZYGOTE: "off" } });
    await warm(place, words);
    const before = (await one(place)).served;
    const forked = await place.run(["run", ...words]);
    assert.is((await one(place)).served, before + 1);
    assert.equal([forked.stdout, forked.exitCode], [plain.stdout, 3]);
    assert.match(plain.stdout, /^show \['.*\/bin\/show', 'a', '--version'\]/);
    assert.is(await explained(place, words), "used");
    assert.is(await explained(place, ["true"]), "not used: the command is no Python script of the environment");
  }),
);

const modulesFile = (place: Place): string => {
  const root = path.join(place.data, "zygote");
  const [folder = ""] = fs.readdirSync(root);
  return path.join(root, folder, "modules");
};

test(
  "a variable that a library has read has to be the same",
  served(async (place) => {
    place.write({ "pyproject.toml": PROJECT("beta"), "app.py": "import beta; print(beta.MODE)" });
    await warm(place, ["app.py"]);
    await until(async () => {
      await place.run(["run", "app.py"]);
      return fs.readFileSync(modulesFile(place), "utf8").includes("beta");
    }, "beta is loaded ahead");
    assert.is(await explained(place, ["app.py"]), "used");
    const changed = { env: { BETA_MODE: "fast" } };
    assert.is(
      await explained(place, ["app.py"], changed),
      "not used: a loaded library has read BETA_MODE, which differs",
    );
    assert.is((await place.run(["run", "app.py"], changed)).stdout, "fast\n");
    assert.is((await place.run(["run", "app.py"])).stdout, "None\n");
  }),
);

test(
  "where all variables have to be the same, those that begin to differ get a server of theirs",
  served(async (place) => {
    place.write({ "pyproject.toml": PROJECT("zeta"), "app.py": "import os, zeta; print(zeta.ALL == os.environ)" });
    await warm(place, ["app.py"]);
    await until(async () => {
      assert.is((await place.run(["run", "app.py"])).stdout, "True\n");
      return fs.readFileSync(modulesFile(place), "utf8").includes("zeta");
    }, "zeta is loaded ahead");
    assert.is(await explained(place, ["app.py"]), "used");
    const changed = { env: { ANYTHING: "else" } };
    assert.is(
      await explained(place, ["app.py"], changed),
      "not used: a loaded library has read ANYTHING, which differs",
    );
    await until(async () => (await explained(place, ["app.py"], changed)) === "used", "a server for the changed ones");
    assert.is((await place.run(["run", "app.py"], changed)).stdout, "True\n");
  }),
);

test(
  "what a package wants to be called at the end, or at a fork, is called for who imports it",
  served(async (place) => {
    place.write({
      "pyproject.toml": PROJECT("kappa"),
      "uses.py": "import os, kappa\nif os.fork() == 0: os._exit(0)\nos.wait()\nprint('uses', flush=True)\n",
      "other.py": "import os\nif os.fork() == 0: os._exit(0)\nos.wait()\nprint('other', flush=True)\n",
      "anew.py":
        "import sys, kappa\nfirst = kappa\ndel sys.modules['kappa']\nimport kappa\nprint(kappa is first, flush=True)\n",
    });
    await warm(place, ["uses.py"]);
    await until(async () => {
      assert.is((await place.run(["run", "uses.py"])).stdout, "kappa forks\nuses\nkappa ends\n");
      return fs.readFileSync(modulesFile(place), "utf8").includes("kappa");
    }, "kappa is loaded ahead");
    for (let times = 0; times < 2; times++) {
      assert.is((await place.run(["run", "uses.py"])).stdout, "kappa forks\nuses\nkappa ends\n");
      assert.is((await place.run(["run", "other.py"])).stdout, "other\n");
      assert.is((await place.run(["run", "anew.py"])).stdout, "False\nkappa ends\nkappa ends\n");
    }
    assert.is(await explained(place, ["other.py"]), "used");
  }),
);

test(
  "no fork runs what asks for its parent, itself or by a module of its own",
  served(async (place) => {
    place.write({
      "app.py": "print(1)",
      "asks.py": "import os\nprint(os.getppid())\n",
      "by_module.py": "import os, sys, asks\n",
      "by_package.py": "from package import part\n",
      "package/__init__.py": "",
      "package/part.py": "import os\nprint(os.getpgrp())\n",
    });
    await warm(place, ["app.py"]);
    const reason = (name: string): string => `not used: its code has ${name}, which says something else in a fork`;
    for (const words of [["asks.py"], ["-m", "asks"], ["by_module.py"], ["-c", "import os; os.getppid()"]])
      assert.is(await explained(place, words), reason("getppid"), words.join(" "));
    assert.is(await explained(place, ["by_package.py"]), reason("getpgrp"));
    assert.is(await explained(place, ["app.py"]), "used");
  }),
);

const REFUSED = [
  "! gamma it changes sys.path",
  "! delta it reads the working directory",
  "! eta it changes json.dumps",
  "! theta it changes logging",
  "! iota it looks at the terminal",
];

test(
  "a library that changes the process, or looks at the folder or the terminal, is not loaded ahead; the others are",
  served(async (place) => {
    place.write({
      "pyproject.toml": PROJECT("gamma", "delta", "eta", "theta", "iota", "beta"),
      "app.py": "import gamma, delta, eta, theta, iota, beta, sys; print(sys.path.count('/gamma'), delta.HERE)",
      "sub/app.py": "import delta; print(delta.HERE)",
    });
    await warm(place, ["app.py"]);
    await until(async () => {
      await place.run(["run", "app.py"]);
      const text = fs.readFileSync(modulesFile(place), "utf8");
      return REFUSED.every((line) => text.includes(line));
    }, "all is learned");
    await until(async () => {
      assert.is((await place.run(["run", "app.py"])).stdout, `1 ${place.cwd}\n`);
      return (await servers(place)).some(({ served: count }) => count > 0);
    }, "a server with beta");
    assert.match(fs.readFileSync(modulesFile(place), "utf8"), /^beta$/m);
  }),
);

test(
  "a file that a library has read, or a package that has changed, ends the server",
  served(async (place) => {
    fs.writeFileSync(path.join(place.home, "epsilon.cfg"), "one");
    place.write({ "pyproject.toml": PROJECT("epsilon"), "app.py": "import epsilon; print(epsilon.TEXT)" });
    await warm(place, ["app.py"]);
    await until(async () => {
      await place.run(["run", "app.py"]);
      return fs.readFileSync(modulesFile(place), "utf8").includes("epsilon");
    }, "epsilon is loaded ahead");
    assert.is((await place.run(["run", "app.py"])).stdout, "one\n");
    fs.writeFileSync(path.join(place.home, "epsilon.cfg"), "two");
    assert.is((await place.run(["run", "app.py"])).stdout, "two\n");
    await warm(place, ["app.py"]);
    place.write({ "pyproject.toml": PROJECT("epsilon", "beta") });
    await place.run(["sync", "-q"]);
    place.write({ "both.py": "import beta, epsilon; print(beta.__name__, epsilon.TEXT)" });
    assert.is((await place.run(["run", "both.py"])).stdout, "beta two\n");
  }),
);

test(
  "a server that is told to end while it loads leaves nothing that would keep the next from being started",
  served(async (place) => {
    place.write({ "pyproject.toml": PROJECT("slow", "gamma"), "app.py": "import slow, gamma", "short.py": "print(1)" });
    await warm(place, ["short.py"]);
    await place.run(["run", "app.py"]);
    // It starts anew then, without gamma, and loads what is slow.
    const isRefused = () =>
      fs.existsSync(modulesFile(place)) && fs.readFileSync(modulesFile(place), "utf8").includes("! gamma");
    await until(isRefused, "gamma is refused");
    const folder = path.dirname(modulesFile(place));
    const before = fs.readdirSync(folder).filter((name) => name.endsWith(".started"));
    assert.is(before.length, 1);
    await place.run(["zygote", "stop"]);
    await until(() => before.every((name) => !fs.existsSync(path.join(folder, name))), "nothing is left");
    assert.equal(await servers(place), []);
  }),
);

test(
  "where none is wanted, none is started",
  served(async (place) => {
    place.write({ "app.py": "print(1)" });
    for (const env of [{ CI: "true" }, { PYBUN_ZYGOTE: "off" }, { PYTHONPATH: "relative" }]) {
      for (const _ of [1, 2, 3]) await place.run(["run", "app.py"], { env });
      assert.equal(await servers(place), [], JSON.stringify(env));
    }
    for (const _ of [1, 2, 3]) await place.run(["run", "--no-zygote", "app.py"]);
    for (const _ of [1, 2, 3]) await place.run(["run", "-X", "dev", "app.py"]);
    assert.equal(await servers(place), []);
    assert.is(await explained(place, ["app.py"], { env: { CI: "1" } }), "not used: CI is set");
    assert.is(await explained(place, ["-X", "dev", "app.py"]), "not used: Python was given -X");
  }),
);

test.run();
