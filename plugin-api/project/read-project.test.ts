import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../error.ts";
import { findProjectRoot } from "../system/project-root.ts";
import { matchesGlob } from "./member-globs.ts";
import { memberAround, readProject } from "./read-project.ts";

const project = (name: string, more = ""): string => `[project]\nname = "${name}"\nversion = "1"\n${more}`;
const workspace = (members: string, more = ""): string => `[tool.pybun.workspace]\nmembers = ${members}\n${more}`;

/** A folder with these files, removed afterwards. */
const inFolder = (files: Readonly<Record<string, string>>, body: (folder: string) => void) => () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "project-")));
  try {
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), text);
    }
    body(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
};
const namesIn = (folder: string) => readProject(folder).members.map(({ name }) => name);

const MEMBERS = {
  "pyproject.toml": project("root", workspace('["libs/*", "app"]', 'exclude = ["libs/old"]\n')),
  "libs/b/pyproject.toml": project("b", 'requires-python = ">=3.10"\n'),
  "libs/a/pyproject.toml": project("a", 'requires-python = ">=3.9,<4"\n'),
  "libs/old/pyproject.toml": project("old"),
  "libs/.hidden/pyproject.toml": project("hidden"),
  "libs/notes/README.md": "",
  "libs/a/src/deep/x.py": "",
  "app/pyproject.toml": project("app"),
};

test(
  "a workspace is its members, sorted by folder, without those excluded; what is no project is told",
  inFolder(MEMBERS, (folder) => {
    const read = readProject(folder);
    assert.equal(
      read.members.map(({ name }) => name),
      ["root", "app", "a", "b"],
    );
    assert.is(read.requiresPython, "<4,>=3.10,>=3.9");
    assert.equal(read.notices, ["`libs/notes` has no project in it and is left out of the workspace"]);
    const seen = read.watched.map((file) => path.relative(folder, file));
    assert.equal(
      ["pyproject.toml", "libs", "libs/notes/pyproject.toml"].filter((file) => !seen.includes(file)),
      [],
    );
  }),
);

test(
  "the root is found from any member, and a member from any folder in it",
  inFolder(MEMBERS, (folder) => {
    const home = path.dirname(folder);
    for (const at of ["libs/a/src/deep", "app", "."]) assert.is(findProjectRoot(path.join(folder, at), home), folder);
    const old = path.join(folder, "libs/old");
    assert.is(findProjectRoot(old, home), old);
    assert.is(findProjectRoot(path.join(folder, "app"), folder), path.join(folder, "app"));
    assert.is(memberAround(readProject(folder), path.join(folder, "libs/a/src"))?.name, "a");
  }),
);

test(
  "a workspace that uv knows is one; a root without [project] is no member",
  inFolder(
    { "pyproject.toml": '[tool.uv.workspace]\nmembers = ["**"]\n', "x/y/pyproject.toml": project("y") },
    (folder) => assert.equal(namesIn(folder), ["y"]),
  ),
);

const refused: readonly (readonly [what: string, files: Readonly<Record<string, string>>, words: RegExp])[] = [
  [
    "a workspace in another",
    { "pyproject.toml": workspace('["a"]'), "a/pyproject.toml": project("a", workspace("[]")) },
    /`a` is a workspace inside the workspace/,
  ],
  [
    "two members of one name",
    {
      "pyproject.toml": workspace('["*"]'),
      "x/pyproject.toml": project("a_b"),
      "y/pyproject.toml": project("A-B"),
    },
    /two members of the workspace are called `a-b`/,
  ],
  ["a member that is not there", { "pyproject.toml": workspace('["a"]') }, /names the member `a`/],
  [
    "a member that can't be read",
    { "pyproject.toml": workspace('["*"]'), "x/pyproject.toml": "[project]\nname = 1\n" },
    /^x\/pyproject\.toml:2 `project\.name` must be a text/,
  ],
];
for (const [what, files, words] of refused)
  test(
    `${what} is refused`,
    inFolder(files, (folder) =>
      assert.throws(
        () => readProject(folder),
        (error: PybunError) => error.code === "E_PROJECT_INVALID" && words.test(error.message),
      ),
    ),
  );

test(
  "a folder without a project is told",
  inFolder({}, (folder) =>
    assert.throws(
      () => readProject(folder),
      (error: PybunError) => error.code === "E_PROJECT_NOT_FOUND",
    ),
  ),
);

for (const [pattern, folder, expected] of [
  ["libs/*", "libs/a", true],
  ["libs/*", "libs/a/b", false],
  ["libs/*/", "libs/a", true],
  ["./libs/a", "libs/a", true],
  ["**/a", "x/y/a", true],
  ["**/a", "a", true],
  ["libs/[ab]?", "libs/ax", true],
  ["libs/[!ab]", "libs/a", false],
  ["a.b", "axb", false],
  ["../c", "../c", true],
] as const)
  test(`${pattern} ${expected ? "leads" : "does not lead"} to ${folder}`, () =>
    assert.is(matchesGlob(folder, pattern), expected));

test.run();
