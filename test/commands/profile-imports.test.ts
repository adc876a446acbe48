import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place, type RunOptions } from "../harness/project.ts";
import { type Python, pythons } from "../harness/python.ts";

interface Imported {
  readonly module: string;
  readonly parent: number | null;
  readonly importer: { readonly module: string; readonly file: string; readonly line: number } | null;
  readonly path: string | null;
  readonly start_ms: number;
  readonly total_ms: number;
  readonly self_ms: number;
  readonly failed: boolean;
  readonly main_thread: boolean;
}
interface Data {
  readonly imports: readonly Imported[];
  readonly imports_ms: number;
  readonly wall_ms: number;
  readonly exit_code: number;
  readonly stdout: string;
  readonly path_files: readonly { readonly file: string; readonly modules: number }[];
}

const isOneOfEachMinor = (python: Python, index: number, all: readonly Python[]): boolean =>
  all.findIndex(({ version }) => version[1] === python.version[1]) === index;

const PROGRAM = {
  "app.py": `import os, sys, threading
import outer.inner.leaf
try:
    import absent_module
except ImportError:
    pass
def later():
    import lazy_one
later()
def elsewhere():
    import in_thread
thread = threading.Thread(target=elsewhere)
thread.start()
thread.join()
print(os.environ.get("PYBUN_IMPORT_RECORD"), "PYTHONPATH" in os.environ, sys.argv[1:])
`,
  "outer/__init__.py": "import beside\n",
  "outer/inner/__init__.py": "",
  "outer/inner/leaf.py": "from . import other\nimport beside\n",
  "outer/inner/other.py": "import sum_of_it\n",
  "beside.py": "",
  "sum_of_it.py": "total = sum(range(1000))\n",
  "lazy_one.py": "",
  "in_thread.py": "",
};

async function measured(place: Place, words: readonly string[], options: RunOptions = {}): Promise<Data> {
  const { json, exitCode, stdout } = await place.run(["profile", "--format=json", ...words], options);
  assert.is(exitCode, 0, stdout);
  return json().data as unknown as Data;
}

for (const python of pythons().filter(isOneOfEachMinor))
  test(
    `profile: who imports what under Python ${python.version.join(".")}`,
    inPlace(async (place) => {
      place.write(PROGRAM);
      await place.run(["venv", ".env", "--python", python.path]);
      const options = { env: { VIRTUAL_ENV: path.join(place.cwd, ".env") } };
      const { imports, ...data } = await measured(place, ["app.py", "a", "-o"], options);
      assert.equal([data.exit_code, data.stdout], [0, "None False ['a', '-o']\n"]);
      const above = (module: string) => {
        const found = imports.find((it) => it.module === module);
        assert.ok(found, module);
        const parent = found.parent === null ? null : imports[found.parent]?.module;
        return [parent, path.basename(found.importer?.file ?? ""), found.importer?.line];
      };
      // The packages of a module stand beside it: that they are imported is the doing of who asked for the module.
      assert.equal(above("outer"), [null, "app.py", 2]);
      assert.equal(above("outer.inner"), [null, "app.py", 2]);
      assert.equal(above("outer.inner.leaf"), [null, "app.py", 2]);
      assert.equal(above("beside"), ["outer", "__init__.py", 1]);
      assert.equal(above("outer.inner.other"), ["outer.inner.leaf", "leaf.py", 1]);
      assert.equal(above("sum_of_it"), ["outer.inner.other", "other.py", 1]);
      assert.equal(above("lazy_one"), [null, "app.py", 8]);
      const flags = (module: string) =>
        imports.filter((it) => it.module === module).map((it) => [it.failed, it.main_thread]);
      assert.equal(
        [flags("absent_module"), flags("in_thread"), flags("beside")],
        [[[true, true]], [[false, false]], [[false, true]]],
      );
      const [leaf] = imports.filter(({ module }) => module === "outer.inner.leaf");
      assert.is(leaf?.path, path.join(place.cwd, "outer", "inner", "leaf.py"));
      // Each span lies within the one above it, and what modules took themselves adds up to all of it.
      for (const { parent, start_ms, total_ms } of imports) {
        const outer = parent === null ? undefined : imports[parent];
        assert.ok(
          !outer || (outer.start_ms <= start_ms && start_ms + total_ms <= outer.start_ms + outer.total_ms + 0.01),
        );
      }
      const self = imports.filter((it) => it.main_thread).reduce((sum, it) => sum + it.self_ms, 0);
      assert.ok(Math.abs(self - data.imports_ms) < 0.1, `${self} ${data.imports_ms}`);
      assert.ok(data.imports_ms <= data.wall_ms);
    }),
  );

test(
  "profile: the program's output, then its imports as a tree; its exit code; and the next run is not measured",
  inPlace(async (place) => {
    place.write({
      ...PROGRAM,
      "ends.py":
        "import outer.inner.leaf, sys\ntry:\n  import absent_one\nexcept ImportError:\n  print('out')\nsys.exit(3)\n",
    });
    const { exitCode, stdout, stderr } = await place.run(["profile", "--least", "0", "ends.py"]);
    assert.equal([exitCode, stderr], [3, ""]);
    const lines = stdout.trimEnd().split("\n");
    assert.is(lines[0], "out");
    assert.match(lines[1] as string, /^ +total +self {2}module$/);
    assert.match(
      stdout,
      /\n +\d+ms +\d+ms {2}outer\.inner\.leaf {2}ends\.py:1\n +\d+ms +\d+ms {2}[|`]- outer\.inner\.other\n/,
    );
    assert.match(lines.at(-1) as string, /^Imported \d+ modules in \d+ms of .+$/);
    const again = await place.run(["run", "ends.py"]);
    assert.equal([again.exitCode, again.stdout], [3, "out\n"]);
    const none = await place.run(["profile", "--least", "99999", "ends.py"]);
    assert.match(none.stdout, /^out\nImported /);
  }),
);

test(
  "profile -o: a page that loads nothing, whatever the program is called; and the same as data",
  inPlace(async (place) => {
    place.write({ "m/__main__.py": "import json\n", "m/__init__.py": "" });
    const hostile = "</script><script>alert(1)</script>&";
    const { exitCode, stdout } = await place.run(["profile", "-o", "out/page.html", "-m", "m", hostile]);
    assert.is(exitCode, 0, stdout);
    assert.match(stdout, /Imported \d+ modules? in \d+ms, in out\/page\.html of /);
    const page = place.read("out/page.html");
    assert.not.match(page, /https?:|\b(?:src|href)=|@import|url\(/);
    assert.not.match(page, /<script>alert/);
    const [, data = ""] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? [];
    const read = JSON.parse(data) as { readonly target: string; readonly imports: readonly Imported[] };
    assert.is(read.target, `-m m ${hostile}`);
    assert.ok(read.imports.some(({ module }) => module === "json.decoder"));
    const [, script = ""] = /<script>\n(.*?)<\/script>/s.exec(page) ?? [];
    // Throws where it is no script.
    assert.ok(new vm.Script(script));
    await place.run(["profile", "-o", "imports.json", "-c", "import json", "--token", "s3cr3t-value"]);
    assert.not.match(place.read("imports.json"), /s3cr3t/);
    const written = JSON.parse(place.read("imports.json")) as Data;
    assert.ok(written.imports.some(({ module }) => module === "json"));
    assert.not(
      written.imports.some(({ module }) => module === "sitecustomize"),
      "what watches is not told",
    );
  }),
);

test(
  "profile: a failing import shows the traceback that Python alone shows",
  inPlace(async (place) => {
    place.write({ "app.py": "import broken\n", "broken.py": "import deeper\n", "deeper.py": "1/0\n" });
    const [python] = pythons();
    await place.run(["venv", ".env", "--python", (python as Python).path]);
    const env = { VIRTUAL_ENV: path.join(place.cwd, ".env") };
    const { exitCode, stderr } = await place.run(["profile", "app.py"], { env });
    const alone = spawnSync(path.join(place.cwd, ".env", "bin", "python"), ["app.py"], {
      cwd: place.cwd,
      encoding: "utf8",
      env: { PATH: process.env["PATH"] },
    });
    assert.equal([exitCode, stderr], [1, alone.stderr]);
  }),
);

test(
  "profile: what ends by Ctrl-C is told all the same, and written",
  inPlace(async (place) => {
    place.write({
      "serve.py":
        "import json, os, signal, time\nprint('up', flush=True)\nos.killpg(0, signal.SIGINT)\ntime.sleep(60)\n",
    });
    const { exitCode, stdout } = await place.run(["profile", "--least", "0", "-o", "o.json", "serve.py"]);
    assert.is(exitCode, 130);
    assert.match(stdout, /^up\n[^]*json\.decoder\n[^]*Imported \d+ modules in \d+ms, in o\.json of /);
    assert.ok((JSON.parse(place.read("o.json")) as Data).imports.length > 3);
  }),
);

test(
  "profile: start-up files and what they take",
  inPlace(async (place) => {
    await place.run(["venv", ".env"]);
    const lib = path.join(place.cwd, ".env", "lib");
    const site = path.join(lib, fs.readdirSync(lib)[0] as string, "site-packages");
    fs.writeFileSync(path.join(site, "slow.pth"), "import asyncio\n");
    const { path_files } = await measured(place, ["-c", "pass"], {
      env: { VIRTUAL_ENV: path.join(place.cwd, ".env") },
    });
    const [file] = path_files;
    assert.is(file?.file, path.join(site, "slow.pth"));
    assert.ok((file?.modules ?? 0) > 20);
  }),
);

test(
  "profile: what can't be measured, and what is asked wrongly",
  inPlace(async (place) => {
    place.write({ "app.py": "", "gone.py": "import os\nos._exit(0)\n" });
    const said = async (...words: string[]) => {
      const { exitCode, stderr } = await place.run(["profile", ...words]);
      return [exitCode, stderr.trimStart().split("\n")[0]];
    };
    const start = "error[E_IMPORTS_UNKNOWN]: the program did not tell what it imported: ";
    assert.equal(await said("-I", "app.py"), [2, `${start}with \`-I\` nothing can take part in a Python process`]);
    assert.equal(await said("gone.py"), [2, `${start}it is no Python program, or ended without its own end`]);
    assert.equal(await said("-o", "x.txt", "app.py"), [
      2,
      "error[E_USAGE]: `-o x.txt` has to end in .html or .json to hold imports",
    ]);
    assert.equal(await said("--least", "few", "app.py"), [
      2,
      "error[E_USAGE]: `--least` takes milliseconds or a part of all, such as 5 or 2%, not `few`",
    ]);
    assert.is((await said("absent.py"))[0], 2);
  }),
);

test.run();
