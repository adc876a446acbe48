import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../error.ts";
import { formatGitUrl } from "../../python/git-url.ts";
import { importLock } from "./import-lock.ts";

type Files = Readonly<Record<string, string>>;

async function read(files: Files, name: string) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "import-"));
  try {
    for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, file), text);
    return await importLock({ file: path.join(folder, name), shown: name, cwd: folder, env: {} });
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const HASH = "0".repeat(64);
const COMMIT = "0123456789".repeat(4);
const UV = `version = 1
revision = 3
requires-python = ">=3.9"
resolution-markers = ["python_full_version >= '3.10'", "python_full_version < '3.10'"]

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "Click" }]

[[package]]
name = "click"
version = "8.1.8"
source = { registry = "https://index.example/simple" }
resolution-markers = ["python_full_version < '3.10'"]

[[package]]
name = "click"
version = "8.5.1"
source = { registry = "https://index.example/simple" }
resolution-markers = ["python_full_version >= '3.11' and extra == 'extra-3-app-x'", "python_full_version == '3.10.*'"]

[[package]]
name = "idna"
version = "3.20"
source = { registry = "https://index.example/simple" }

[[package]]
name = "lib"
version = "1"
source = { git = "https://git.example/lib?rev=main#0123" }

[[package]]
name = "tool"
source = { git = "https://me@git.example/tool.git?subdirectory=sub%2Flib&tag=v1&lfs=true#${COMMIT}" }

[[package]]
name = "head"
version = "2"
source = { git = "ssh://git@git.example/head#${COMMIT}" }
`;
const POETRY = `[[package]]
name = "Click"
version = "8.1.8"
optional = false
groups = ["main"]
markers = "python_version < \\"3.10\\""

[[package]]
name = "tomli"
version = "2.5"
markers = {main = "sys_platform == \\"win32\\"", dev = "sys_platform == \\"linux\\""}

[[package]]
name = "corp"
version = "1"
[package.source]
type = "legacy"
url = "https://corp.example/simple"

[[package]]
name = "lib"
version = "1"
[package.source]
type = "git"
url = "https://git.example/lib"

[[package]]
name = "tool"
version = "1"
[package.source]
type = "git"
url = "git@git.example:me/tool.git"
reference = "HEAD"
resolved_reference = "${COMMIT}"

[metadata]
lock-version = "2.1"
python-versions = ">=3.9"
`;
const PDM = `[metadata]
groups = ["default"]
lock_version = "4.5.0"

[[package]]
name = "requests"
version = "2.34.2"
marker = "python_version >= \\"3.10\\""

[[package]]
name = "requests"
version = "2.34.2"
extras = ["socks"]
marker = "python_version >= \\"3.10\\""

[[package]]
name = "lib"
version = "1"
git = "https://git.example/lib"

[[package]]
name = "tool"
version = "1"
git = "https://git.example/tool.git"
ref = "main"
revision = "${COMMIT}"
marker = "sys_platform == \\"linux\\""
`;
const PIPFILE = JSON.stringify({
  _meta: { hash: { sha256: HASH }, "pipfile-spec": 6 },
  default: {
    requests: { hashes: [`sha256:${HASH}`], index: "pypi", version: "==2.34.2" },
    lib: { git: "x", ref: "y" },
  },
  develop: { PyTest: { version: "==9.2.0", markers: "python_version >= '3.10'" }, requests: { version: "==2.34.2" } },
});
const PYLOCK = `lock-version = "1.0"
created-by = "x"
[[packages]]
name = "a"
version = "1"
marker = "'x' in extras and python_version < '3.12'"
wheels = [{ url = "https://e.x/a-1-py3-none-any.whl", hashes = { sha256 = "${HASH}" } }]
[[packages]]
name = "b"
directory = { path = "." }
[[packages]]
name = "tool"
vcs = { type = "git", url = "https://git.example/tool", requested-revision = "v1", commit-id = "${COMMIT}" }
`;
const REQUIREMENTS = `-r more.txt
Flask==3.1 ; python_version >= "3.9" --hash=sha256:${HASH}
werkzeug>=3
jinja2==3.*
lib @ https://e.x/lib-1.zip
-e .
`;

const CASES: readonly (readonly [name: string, files: Files, expected: readonly string[]])[] = [
  [
    "uv.lock",
    { "uv.lock": UV },
    [
      'click 8.1.8 python_version < "3.10"',
      'click 8.5.1 python_version == "3.10" or python_full_version >= "3.11"',
      "head 2  git+ssh://git@git.example/head",
      "idna 3.20 ",
      "tool 0  git+https://git.example/tool.git@v1#subdirectory=sub/lib&lfs=true",
    ],
  ],
  [
    "poetry.lock",
    { "poetry.lock": POETRY },
    [
      'click 8.1.8 python_version < "3.10"',
      "corp 1 ",
      'tomli 2.5 sys_platform == "linux" or sys_platform == "win32"',
      "tool 1  git+ssh://git@git.example/me/tool.git",
    ],
  ],
  [
    "pdm.lock",
    { "pdm.lock": PDM },
    [
      'requests 2.34.2 python_version >= "3.10"',
      'tool 1 sys_platform == "linux" git+https://git.example/tool.git@main',
    ],
  ],
  ["Pipfile.lock", { "Pipfile.lock": PIPFILE }, ['pytest 9.2.0 python_version >= "3.10"', "requests 2.34.2 "]],
  [
    "pylock.toml",
    { "pylock.toml": PYLOCK },
    ['a 1 python_version < "3.12"', "tool 0  git+https://git.example/tool@v1"],
  ],
  [
    "requirements.txt",
    { "requirements.txt": REQUIREMENTS, "more.txt": "attrs===25.1" },
    ["attrs 25.1 ", 'flask 3.1 python_version >= "3.9"'],
  ],
];
for (const [kind, files, expected] of CASES) {
  test(`${kind}: releases of indexes and commits, with their places`, async () => {
    const found = await read(files, kind);
    assert.is(found.kind, kind);
    assert.equal(
      found.lock.packages.map(
        ({ name, version, marker, source }) =>
          `${name} ${version} ${marker}${source.kind === "git" ? ` ${formatGitUrl(source)}` : ""}`,
      ),
      expected,
    );
  });
  test(`${kind} is known by its content too`, async () => {
    const { [kind]: text = "", ...others } = files;
    const found = await read({ ...others, "other.name": text }, "other.name");
    assert.is(found.kind, kind);
    assert.is(found.lock.packages.length, expected.length);
    for (const { source } of found.lock.packages) if (source.kind === "git") assert.is(source.commit, COMMIT);
  });
}

const REFUSED: readonly (readonly [name: string, files: Files, message: RegExp])[] = [
  ["uv.lock", {}, /taken from uv\.lock: it is not there/],
  ["uv.lock", { "uv.lock": "[[package" }, /taken from uv\.lock/],
  ["uv.lock", { "uv.lock": "[[package]]\nname = 1" }, /`package\[0\]\.name` is an integer, not text/],
  ["poetry.lock", { "poetry.lock": '[[package]]\nname = "a b"\nversion = "1"' }, /`package\[0\]\.name` is malformed/],
  ["pdm.lock", { "pdm.lock": '[[package]]\nname = "a"\nversion = "one"' }, /`package\[0\]\.version` is malformed/],
  ["Pipfile.lock", { "Pipfile.lock": "{" }, /taken from Pipfile\.lock/],
  ["Pipfile.lock", { "Pipfile.lock": '{"default": {"a": 1}}' }, /`default\.a` is no table/],
  ["pylock.toml", { "pylock.toml": 'lock-version = "1.0"\ncreated-by = "x"' }, /`packages` is missing/],
  ["some.toml", { "some.toml": "[tool]\nx = 1" }, /it is no lock of a tool that is known/],
  ["r.txt", { "r.txt": "-r s.txt" }, /it names s\.txt, which is not there/],
  ["r.txt", { "r.txt": "-r https://e.x/s.txt" }, /on another machine/],
  ["r.txt", { "r.txt": "a b c" }, /r\.txt:1 can't be read/],
];
for (const [name, files, message] of REFUSED)
  test(`refused: ${JSON.stringify(files).slice(0, 60)}`, async () => {
    try {
      await read(files, name);
    } catch (error) {
      assert.instance(error, PybunError);
      assert.match((error as PybunError).code, /^E_(?:FOREIGN_LOCK|REQUIREMENTS_INVALID)$/);
      return assert.match((error as PybunError).message, message);
    }
    assert.unreachable();
  });

test("changed texts lead to pins or to a coded error", async () => {
  const edit = fc.tuple(
    fc.nat(),
    fc.nat(6),
    fc.constantFrom("", '"', "[", "]", "{", "\n", "=", "1e9", "\0", "'", "#", "-r ", ";"),
  );
  const changed = fc.tuple(fc.constantFrom(...CASES), fc.array(edit, { minLength: 1, maxLength: 3 }));
  await fc.assert(
    fc.asyncProperty(changed, async ([[name, files], edits]) => {
      const text = edits.reduce((all, [at, cut, put]) => {
        const place = at % (all.length + 1);
        return all.slice(0, place) + put + all.slice(place + cut);
      }, files[name]!);
      try {
        await read({ ...files, [name]: text }, name);
      } catch (error) {
        if (!(error instanceof PybunError)) throw error;
      }
    }),
    { numRuns: 10 * Number(process.env["RUNS"] ?? 100) },
  );
});

test.run();
