import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { parsePylock } from "../../plugin-api/python/pylock.ts";
import { contentsOf } from "./contents.ts";
import { partJson } from "./lock-part.ts";
import { pylockText } from "./pylock.ts";
import { requirementsText } from "./requirements.ts";
import { digestOf, lockOf } from "./scene.fixture.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const LOCK = lockOf({
  packages: {
    "a 1": {
      marker: "python_version < '3.11'",
      files: ["a-1.tar.gz", "a-1-py3-none-any.whl"],
      requiresPython: "<3.10",
    },
    "a 2": {
      marker: "python_version >= '3.11'",
      source: { kind: "index", index: "corp" },
      files: ["a-2-py3-none-any.whl"],
    },
    b: { needs: ["a==1; python_version < '3.11'", "a==2; python_version >= '3.11'", "c"], requiresPython: ">=3.8" },
    c: {
      source: { kind: "git", url: "https://e.x/c.git", commit: COMMIT, reference: "main", subdirectory: "sub" },
      files: [],
    },
    d: {
      source: { kind: "url", url: "https://e.x/d-1.zip#sha256=0" },
      files: ["d-1.zip"],
      marker: "sys_platform == 'win32'",
    },
    e: { source: { kind: "path", path: "/p/libs/e", isEditable: true }, files: [] },
    f: { source: { kind: "member", path: "/p/f", isVirtual: false }, files: [] },
    g: { source: { kind: "member", path: "/p/g", isVirtual: true }, files: [], needs: ["h"] },
    h: { files: ["h-1.tar.bz2"] },
  },
  roots: { project: ["b", "d; sys_platform == 'win32'", "e", "f", "g"] },
});
const contents = contentsOf(LOCK, { extras: [], groups: [], pruned: [] });
const indexes = new Map([
  ["corp", "https://corp.example/simple/"],
  ["pypi", "https://public.example/simple/"],
  ["zoo", "https://zoo.example/"],
  ["wheels", "file:///p/x/wheels"],
]);
const projects = [{ name: "app" as PackageName, indexes, folder: "/p" }];

test("requirements: one line for each, with marker, hashes and indexes", () => {
  const { text, unhashed } = requirementsText(contents, { hasHashes: true, projects, indexes, cwd: "/p/sub" });
  assert.equal(text.split("\n"), [
    "# made by `pybun export` from pybun.lockb",
    "--extra-index-url https://corp.example/simple/",
    "-e ..",
    'a==1 ; python_version < "3.11" \\',
    ...[digestOf("a-1-py3-none-any.whl"), digestOf("a-1.tar.gz")]
      .sort()
      .map((hash, at) => `    --hash=sha256:${hash}${at === 0 ? " \\" : ""}`),
    'a==2 ; python_version >= "3.11" \\',
    `    --hash=sha256:${digestOf("a-2-py3-none-any.whl")}`,
    "b==1 \\",
    `    --hash=sha256:${digestOf("b-1-py3-none-any.whl")}`,
    `c @ git+https://e.x/c.git@${COMMIT}#subdirectory=sub`,
    'd @ https://e.x/d-1.zip ; sys_platform == "win32" \\',
    `    --hash=sha256:${digestOf("d-1.zip")}`,
    "-e ../libs/e",
    "-e ../f",
    "h==1 \\",
    `    --hash=sha256:${digestOf("h-1.tar.bz2")}`,
    "",
  ]);
  assert.equal(unhashed, ["-e ..", `c @ git+https://e.x/c.git@${COMMIT}#subdirectory=sub`, "-e ../libs/e", "-e ../f"]);
});

test("requirements without hashes name nothing that lacks one", () => {
  const { text, unhashed } = requirementsText(contents, { hasHashes: false, projects: [], indexes, cwd: "/p" });
  assert.not.match(text, "--hash");
  assert.match(text, "\n-e ./f\n");
  assert.equal(unhashed, []);
});

test("an index stands in for the public one where nothing comes from that", () => {
  const lock = lockOf({
    packages: {
      a: { source: { kind: "index", index: "corp" } },
      b: { source: { kind: "index", index: "zoo" } },
      c: { source: { kind: "index", index: "wheels" } },
    },
    roots: { project: ["a", "b", "c"] },
  });
  const { text } = requirementsText(contentsOf(lock, { extras: [], pruned: [] }), {
    hasHashes: false,
    projects: [],
    indexes,
    cwd: "/p",
  });
  assert.equal(text.split("\n").slice(1, 4), [
    "--index-url https://corp.example/simple/",
    "--extra-index-url https://zoo.example/",
    "--find-links ./x/wheels",
  ]);
});

test("pylock: read back, it says what the lock says", () => {
  const pylock = parsePylock(pylockText(contents, { projects, indexes, folder: "/p/out" }));
  assert.is(pylock.requiresPython, ">=3.9");
  const shown = pylock.packages.map(({ name, version = "-", marker, requiresPython, source, index = "-" }) =>
    [name, version, marker, requiresPython, source.kind, index].join(" | "),
  );
  assert.equal(shown, [
    // Its range has an end before that of its marker, which installers would refuse.
    'a | 1 | python_version < "3.11" |  | files | https://public.example/simple/',
    'a | 2 | python_version >= "3.11" |  | files | https://corp.example/simple/',
    "app | - |  |  | directory | -",
    "b | 1 |  | >=3.8 | files | https://public.example/simple/",
    "c | 1 |  |  | vcs | -",
    'd | 1 | sys_platform == "win32" |  | archive | -',
    "e | - |  |  | directory | -",
    "f | - |  |  | directory | -",
    "h | 1 |  |  | archive | https://public.example/simple/",
  ]);
  const [a1, , app, b, c, d, e] = pylock.packages;
  assert.equal(
    b?.dependencies?.map((each) => ({ ...each })),
    [{ name: "a", version: "1" }, { name: "a", version: "2" }, { name: "c" }],
  );
  assert.equal(c?.source, {
    kind: "vcs",
    type: "git",
    url: "https://e.x/c.git",
    requestedRevision: "main",
    commitId: COMMIT,
    subdirectory: "sub",
  });
  assert.equal(app?.source, { kind: "directory", path: "..", isEditable: true });
  assert.equal(e?.source, { kind: "directory", path: "../libs/e", isEditable: true });
  assert.ok(d?.source.kind === "archive" && d.source.hashes["sha256"] === digestOf("d-1.zip"));
  assert.ok(a1?.source.kind === "files" && a1.source.sdist?.sizeBytes === 10 && a1.source.wheels.length === 1);
});

test("pylock: extras and groups are left to choose", () => {
  const lock = lockOf({
    packages: { a: {}, b: {} },
    roots: { project: ["a"], "optional x": ["b"], "group dev": ["b"] },
  });
  const pylock = parsePylock(pylockText(contentsOf(lock, { pruned: [] }), { projects: [], indexes, folder: "/p" }));
  assert.equal([pylock.extras, pylock.dependencyGroups, pylock.defaultGroups], [["x"], ["dev"], []]);
  assert.is(pylock.packages[1]?.marker, '"x" in extras or "dev" in dependency_groups');
});

test("pylock: a file without a hash is refused", () => {
  const lock = lockOf({ packages: { a: {} }, roots: { project: ["a"] } });
  const [a] = lock.packages;
  const { sha256: _, ...bare } = a!.files[0]!;
  const broken = contentsOf({ ...lock, packages: [{ ...a!, files: [bare] }] }, { pruned: [] });
  assert.throws(
    () => pylockText(broken, { projects: [], indexes, folder: "/p" }),
    (error: unknown) => error instanceof PybunError && error.code === "E_LOCK_INCOMPLETE",
  );
});

test("json: the part of the lock that is exported, its references intact", () => {
  const part = contentsOf(LOCK, { extras: [], groups: [], pruned: ["a"] });
  const json = partJson(part, "/p/pybun.lockb") as {
    packages: { name: string; dependencies: { name: string }[] }[];
    roots: { package: string }[];
  };
  assert.equal(
    json.packages.map(({ name }) => name),
    ["b", "c", "d", "e", "f", "g", "h"],
  );
  assert.equal(
    json.packages[0]?.dependencies.map(({ name }) => name),
    ["c"],
  );
  assert.equal(
    json.roots.map((root) => root.package),
    ["b", "d", "e", "f", "g"],
  );
});

test.run();
