import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { judgeWheels } from "../conformance/oracle.ts";
import { requirePython } from "./python.ts";
import type { Release } from "./release.ts";
import { makeSdist } from "./sdist.ts";
import { makeWheel } from "./wheel.ts";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "made-"));
test.after(() => fs.rmSync(scratch, { recursive: true }));

const release: Release = {
  name: "Odd.Name_here",
  version: "1.0+local.1",
  requires: ["other>=1; python_version >= '3'"],
  extras: { more: ["extra; os_name == 'posix'"] },
  files: { "odd/__init__.py": "", 'odd/a,"b.txt': "comma and quote", "odd/ünïcode.txt": "ü".repeat(500) },
  data: { "scripts/tool": "#!python\nprint(1)\n", "data/share/x": "x" },
  "console-scripts": { Odd: "odd:main" },
};

function written(made: { readonly filename: string; readonly bytes: Buffer }): string {
  const file = path.join(scratch, made.filename);
  fs.writeFileSync(file, made.bytes);
  return file;
}

test("an oracle that shares no code with the writer finds the wheel in order", () => {
  const [verdict] = judgeWheels([written(makeWheel(release))]);
  assert.is(verdict?.verdict, "install", verdict?.reason);
  assert.is(verdict?.file, "odd_name_here-1.0+local.1-py3-none-any.whl");
  assert.equal(Object.keys(verdict?.schemes?.["root"] ?? {}).slice(0, 3), Object.keys(release.files ?? {}));
  assert.is(verdict?.schemes?.["scripts"]?.["tool"]?.executable, true);
  assert.equal(verdict?.entry_points, { console_scripts: { Odd: "odd:main" } });
  assert.equal(verdict?.requires, [
    "other>=1; python_version >= '3'",
    `extra; (os_name == 'posix') and extra == "more"`,
  ]);
});

test("equal releases give equal bytes, and a changed one gives others", () => {
  assert.ok(makeWheel(release).bytes.equals(makeWheel({ ...release }).bytes));
  assert.ok(makeSdist(release).bytes.equals(makeSdist({ ...release }).bytes));
  assert.not.ok(makeWheel(release).bytes.equals(makeWheel({ ...release, version: "1.1" }).bytes));
});

test("Python reads the sdist, and its back end builds the wheel", () => {
  const file = written(makeSdist(release));
  const program = `import os, sys, tarfile
with tarfile.open(sys.argv[1]) as archive:
    names = archive.getnames()
    archive.extractall(sys.argv[2])
root = os.path.join(sys.argv[2], names[0].split("/")[0])
os.chdir(root)
sys.path.insert(0, "backend")
import backend
print(open("PKG-INFO").read().splitlines()[1], backend.build_wheel(sys.argv[2]))
`;
  const words = ["-I", "-W", "ignore", "-c", program, file, path.join(scratch, "unpacked")];
  const { stdout, stderr } = spawnSync(requirePython().path, words, { encoding: "utf8" });
  assert.is(stdout, "Name: Odd.Name_here odd_name_here-1.0+local.1-py3-none-any.whl\n", stderr);
});

test.run();
