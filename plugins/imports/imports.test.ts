import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { distributionOf, moduleTable } from "./distributions.ts";
import { missingIn } from "./program.ts";
import { readTraceback } from "./service.ts";

test("the table has well over a hundred modules whose distribution has another name, each once", () => {
  const others = [...moduleTable].filter(([module, name]) => normalizeName(module) !== name);
  assert.ok(others.length >= 150, `${others.length}`);
  for (const [module, name] of moduleTable) assert.is(normalizeName(name), name, module);
});

for (const [module, name] of [
  ["cv2", "opencv-python"],
  ["yaml", "pyyaml"],
  ["sklearn.linear_model", "scikit-learn"],
  ["PIL.Image", "pillow"],
  ["google.cloud.storage.blob", "google-cloud-storage"],
  ["google", undefined],
  ["numpy", undefined],
] as const)
  test(`${module} is of ${name}`, () => assert.is(distributionOf(module), name));

const FROZEN = '  File "<frozen importlib._bootstrap>", line 1, in _find\n';
const tracebacks: readonly (readonly [title: string, stderr: string, found: ReturnType<typeof readTraceback>])[] = [
  [
    "the innermost frame that is a file",
    `Traceback (most recent call last):\n  File "/w/app.py", line 3, in <module>\n    import cv2\n  File "/w/lib.py", line 7, in f\n${FROZEN}ModuleNotFoundError: No module named 'cv2'\n`,
    { module: "cv2", frame: { file: "/w/lib.py", line: 7 } },
  ],
  [
    "a module of a package",
    `  File "a.py", line 1, in <module>\nModuleNotFoundError: No module named 'google.cloud'; 'google' is not a package\n`,
    { module: "google.cloud", frame: { file: "a.py", line: 1 } },
  ],
  ["python -m", "/w/.venv/bin/python3.12: No module named pytest\n", { module: "pytest" }],
  [
    "a package that can't be run",
    "python: No module named a.__main__; 'a' is a package and cannot be directly executed\n",
    undefined,
  ],
  ["caught and told", "ModuleNotFoundError: No module named 'a'\ngoing on without\n", undefined],
  ["another error", "  File \"a.py\", line 1, in <module>\nImportError: cannot import name 'x' from 'y'\n", undefined],
];
for (const [title, stderr, found] of tracebacks)
  test(`a traceback: ${title}`, () => assert.equal(readTraceback(stderr), found));

test("modules of the program's own folder are looked into, each once", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "imports-"));
  const write = (name: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  };
  write("helper.py", "import os\nimport app\nfrom pkg.inner import x\n");
  write("pkg/__init__.py", "from . import inner\n");
  write("pkg/inner.py", "from ..helper import y\nfrom .deep import z\nimport gone\n");
  write("pkg/deep.py", "import lost.below\n");
  write("other.py", "import unasked\n");
  write("app.py", "import helper\n");
  const names = new Set(["os", "helper", "pkg", "app", "other"]);
  assert.equal(missingIn({ folder, imports: ["os", "helper", "absent"] }, names), ["absent", "gone", "lost"]);
  fs.rmSync(folder, { recursive: true });
});

test.run();
