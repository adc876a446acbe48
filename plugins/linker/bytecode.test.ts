import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Environment } from "../../plugin-api/model/environment.ts";
import { openLinkBench } from "../../test/harness/link-bench.ts";

const bench = await openLinkBench();
test.after(() => bench.remove());

const run = ({ python }: Environment): string => {
  const { stdout, stderr } = spawnSync(python, ["-B", "-c", "import tool; print(tool.v)"], { encoding: "utf8" });
  return stdout + stderr;
};

for (const mode of ["hardlink", "clone", "copy"] as const)
  test(`a module that was put in the place of a file counts (${mode})`, async () => {
    const tool = await bench.add({ name: "tool", version: "1", files: { "tool/__init__.py": "v = 1\n" } });
    const { interpreter } = await bench.link({ root: path.join(bench.dir, "first"), install: [tool] });
    await bench.store.compile([tool.entry], interpreter, "wait");
    const environment = await bench.link({ root: path.join(bench.dir, mode), install: [tool], mode });
    const folder = path.join(environment.sitePackages, "tool");
    // What was not asked for as links alone brings its bytecode.
    assert.is(fs.existsSync(path.join(folder, "__pycache__")), mode !== "hardlink");
    assert.is(run(environment), "1\n");
    fs.writeFileSync(path.join(folder, "new.py"), "v = 20\n");
    fs.renameSync(path.join(folder, "new.py"), path.join(folder, "__init__.py"));
    assert.is(run(environment), "20\n");
  });

test.run();
