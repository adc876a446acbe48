import { parse } from "smol-toml";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { digestOf, smallLock } from "../../test/harness/small-lock.ts";
import { lockJson } from "./json.ts";
import { formatLock } from "./text.ts";

const test = suite("a lock in words");
const PLACE = { path: "/p/pybun.lockb" };
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const WHEEL = "lib-2.0-cp312-cp312-manylinux_2_17_x86_64.whl";

const LOCK = smallLock({
  packages: [
    {
      id: "lib 2.0",
      extras: ["fast"],
      files: [{ filename: WHEEL, uploadedAtMs: Date.UTC(2024, 1, 3), isYanked: true }, "lib-2.0.tar.gz"],
    },
    { id: "app 1.0", needs: ["lib[fast] 2.0 ; python_version < '3.11'", "own 0"], marker: "os_name == 'posix'" },
    { id: "own 0", source: { kind: "member", path: "/p/packages/own", isVirtual: false } },
    { id: "repo 3", source: { kind: "git", url: "https://h.example/r.git", commit: COMMIT, reference: "main" } },
  ],
  roots: ["app 1.0", { needs: "repo 3 ; sys_platform == 'linux'", kind: "optional", name: "more", member: "own" }],
  forks: ["os_name == 'nt'", "os_name != 'nt'"],
  meta: { "exclude-newer": "2024-06-01T00:00:00Z", "inputs/project": "app\nlib" },
});

const TEXT = `format-version = 1
requires-python = ">=3.9"
forks = [
  "os_name != \\"nt\\"",
  "os_name == \\"nt\\"",
]

[meta]
exclude-newer = "2024-06-01T00:00:00Z"
"inputs/project" = [
  "app",
  "lib",
]

[[root]]
requirement = "repo"
kind = "optional"
name = "more"
member = "own"
version = "3"
marker = "sys_platform == \\"linux\\""

[[root]]
requirement = "app"
kind = "project"
version = "1.0"

[[package]]
name = "app"
version = "1.0"
source = { kind = "index", index = "public" }
marker = "os_name == \\"posix\\""
dependencies = [
  { name = "lib", version = "2.0", specifier = "==2.0", extras = ["fast"], marker = "python_version < \\"3.11\\"" },
  { name = "own", version = "0", specifier = "==0" },
]
files = [
  { file = "app-1.0-py3-none-any.whl", size = 1000, sha256 = "${digestOf("app-1.0-py3-none-any.whl")}", url = "https://files.example/app-1.0-py3-none-any.whl" },
]

[[package]]
name = "lib"
version = "2.0"
source = { kind = "index", index = "public" }
extras = ["fast"]
files = [
  { file = "${WHEEL}", size = 1000, sha256 = "${digestOf(WHEEL)}", uploaded = 2024-02-03T00:00:00.000Z, yanked = true, url = "https://files.example/${WHEEL}" },
  { file = "lib-2.0.tar.gz", size = 1000, sha256 = "${digestOf("lib-2.0.tar.gz")}", url = "https://files.example/lib-2.0.tar.gz" },
]

[[package]]
name = "own"
version = "0"
source = { kind = "member", path = "packages/own", virtual = false }

[[package]]
name = "repo"
version = "3"
source = { kind = "git", url = "https://h.example/r.git", commit = "${COMMIT}", reference = "main" }
`;

test("a block for each package, a line for each fact", () => assert.is(formatLock(LOCK, PLACE), TEXT));

test("it is TOML", () => {
  const read = parse(formatLock(LOCK, PLACE)) as unknown as { readonly package: readonly { readonly name: string }[] };
  assert.equal(
    read.package.map(({ name }) => name),
    ["app", "lib", "own", "repo"],
  );
});

test("JSON has everything, what is not known as null", () => {
  const json = JSON.parse(JSON.stringify(lockJson(LOCK, PLACE)));
  const { packages, roots, ...head } = json;
  assert.equal(head, {
    format_version: 1,
    python_version: "3.9",
    requires_python: ">=3.9",
    python_abi: null,
    platforms: ["manylinux_2_17_x86_64", "any"],
    platform: null,
    forks: ['os_name == "nt"', 'os_name != "nt"'],
    meta: { "exclude-newer": "2024-06-01T00:00:00Z", "inputs/project": "app\nlib" },
  });
  const [lib, app, own, repo] = packages;
  assert.equal(lib.artifacts[0], {
    file: WHEEL,
    kind: "wheel",
    size: 1000,
    sha256: digestOf(WHEEL),
    url: `https://files.example/${WHEEL}`,
    platform: "manylinux_2_17_x86_64",
    chosen: false,
    yanked: true,
    uploaded: "2024-02-03T00:00:00.000Z",
  });
  assert.equal([lib.artifacts[1].platform, lib.artifacts[1].uploaded, lib.integrity.kind], [null, null, "artifacts"]);
  assert.equal(app.dependencies[0], {
    name: "lib",
    version: "2.0",
    specifier: "==2.0",
    marker: 'python_version < "3.11"',
    extras: ["fast"],
  });
  assert.equal(own.source, { kind: "member", path: "packages/own", virtual: false });
  assert.equal([own.integrity, repo.integrity], [null, { kind: "git-sha1", digest: COMMIT }]);
  assert.equal(roots[1], {
    kind: "optional",
    name: "more",
    member: "own",
    requirement: "repo",
    package: "repo",
    version: "3",
    marker: 'sys_platform == "linux"',
  });
});

test.run();
