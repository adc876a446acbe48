import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pythons } from "../../test/harness/python.ts";
import { optionAgainstBootstraps, pythonPathWith } from "../launch/python-path.ts";
import type { Bootstrap } from "../stages.ts";
import { bootstrapFolder } from "./bootstrap-folder.ts";

const home = fs.mkdtempSync(path.join(os.tmpdir(), "bootstraps-"));
test.after(() => fs.rmSync(home, { recursive: true }));

const SOURCE = `def start(config):
    import os
    os.write(2, repr(config).encode())
`;
const CONFIG = { text: 'ä "q" \\ \n\u2028😀', list: [1, 1.5, null, true, false, {}], nested: { a: [] } };
const bootstraps: readonly Bootstrap[] = [
  { name: "one", source: SOURCE, config: CONFIG },
  { name: "two", source: SOURCE, config: null },
];
const SHOWN = `import os, sys
import json, subprocess
here = dict(os.environ)
print(sorted(sys.modules))
print(sys.path, sys.path_importer_cache.keys(), sys.argv, sys.orig_argv if hasattr(sys, "orig_argv") else 0)
print({name: here[name] for name in sorted(here) if name not in {"LC_CTYPE"}})
print(subprocess.check_output([sys.executable, "-c", "import sys; print(sys.path)"], text=True))
print(sys.modules["sitecustomize"].WHO if "sitecustomize" in sys.modules else "nobody's")
raise KeyError("seen")
`;
const theirs = path.join(home, "theirs");
fs.mkdirSync(theirs);
fs.writeFileSync(path.join(theirs, "sitecustomize.py"), "WHO = 'theirs'\n");
fs.writeFileSync(path.join(home, "shown.py"), SHOWN);

const folder = bootstrapFolder(bootstraps, home);

for (const { path: python, version } of pythons())
  for (const before of [undefined, "", theirs, `${home}/nothing`]) {
    test(`a program sees nothing of what was started before it: ${version.join(".")}, PYTHONPATH=${before ?? "unset"}`, () => {
      const run = (PYTHONPATH: string | undefined) =>
        spawnSync(python, [path.join(home, "shown.py"), "x"], {
          encoding: "utf8",
          env: {
            PATH: "/bin",
            HOME: home,
            PYTHONDONTWRITEBYTECODE: "1",
            ...(PYTHONPATH !== undefined && { PYTHONPATH }),
          },
        });
      const plain = run(before);
      const begun = run(pythonPathWith(folder, before));
      assert.is(begun.stdout, plain.stdout);
      assert.is(begun.status, plain.status);
      assert.ok(begun.stderr.endsWith(plain.stderr), begun.stderr);
      assert.is(
        begun.stderr.slice(0, -plain.stderr.length),
        `{'text': 'ä "q" \\\\ \\n\\u2028😀', 'list': [1, 1.5, None, True, False, {}], 'nested': {'a': []}}None`,
      );
    });
  }

for (const { path: python, version } of pythons().filter(({ version: [, minor] }) => minor < 14))
  test(`another interpreter of the process starts as ever: ${version.join(".")}`, () => {
    const module = version[1] < 13 ? "_xxsubinterpreters" : "_interpreters";
    const code = `import ${module} as i; i.run_string(i.create(), "import sys; print(sys.path, 'sitecustomize' in sys.modules)")`;
    const run = (PYTHONPATH: string) =>
      spawnSync(python, ["-c", code], { encoding: "utf8", env: { PATH: "/bin", HOME: home, PYTHONPATH } });
    const begun = run(pythonPathWith(folder, theirs));
    assert.is(begun.stdout, run(theirs).stdout);
    assert.not.match(begun.stderr, /Error/);
  });

test("the folder is named by what is in it", () => {
  assert.is(bootstrapFolder(bootstraps, home), folder);
  assert.is.not(bootstrapFolder(bootstraps.slice(1), home), folder);
  assert.equal(fs.readdirSync(path.dirname(folder)).length, 2);
});

test("options by which Python does not look", () => {
  assert.is(optionAgainstBootstraps(["-X", "dev", "-E"]), "-E");
  assert.is(optionAgainstBootstraps(["-W", "-I", "-O"]), undefined);
});

test.run();
