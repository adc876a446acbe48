import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

// A repeated call is decided by what it was decided by before, as long as none of that has changed.

if (process.platform === "win32") {
  console.log("skipped: a process becomes another one on Unix");
  process.exit(0);
}

const MAIN = "import sys\n\n\ndef main():\n    print('{}', sys.argv[1:])\n";
const tool = (name: string, says: string) => ({
  name,
  version: "1.0",
  files: { [`${name}.py`]: MAIN.replace("{}", says) },
  "console-scripts": { tool: `${name}:main` },
});
const module = { name: "as-module", version: "1.0", files: { "as_module/__main__.py": "print('a module')\n" } };
const index = await startIndex({ packages: [tool("alpha", "of alpha"), tool("beta", "of beta"), module] });
test.after(() => index.stop());

const project = (requirement: string, more = ""): string =>
  `[project]\nname = "p"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ["${requirement}"]\n${more}`;

/** A project whose environment has the command `tool`, which has been run. */
const placed = (body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      place.write({ "pyproject.toml": project("alpha") });
      await place.run(["sync", "-q"]);
      for (const _ of [1, 2]) assert.is(await said(place), "of alpha ['a', '--version']\n");
      assert.is(await said(place, {}, ["run", "-q", "-c", "print(1)"]), "1\n");
      await body(place);
    },
    { index },
  );

const said = async (place: Place, options = {}, words = ["run", "tool", "a", "--version"]): Promise<string> => {
  const { stdout, stderr } = await place.run(words, options);
  assert.is(stderr, "");
  return stdout;
};

/** Makes a file another one without a trace: whoever reads it again fails. */
function spoil(place: Place, file: string): void {
  const at = path.join(place.cwd, file);
  const { size, atimeMs, mtimeMs } = fs.statSync(at);
  fs.writeFileSync(at, "[".repeat(size));
  fs.utimesSync(at, atimeMs / 1000, mtimeMs / 1000);
}

test(
  "a command by its name is started without reading the project again",
  placed(async (place) => {
    spoil(place, "pyproject.toml");
    assert.is(await said(place), "of alpha ['a', '--version']\n");
    assert.is(await said(place, {}, ["run", "tool"]), "of alpha []\n");
    assert.is(await said(place, {}, ["run", "-q", "tool"]), "of alpha []\n");
    assert.is(await said(place, {}, ["run", "--quiet", "-c", "print(1)"]), "1\n");
    assert.is.not((await place.run(["run", "--no-zygote", "tool"])).exitCode, 0);
  }),
);

const scripts = (place: Place): string => path.join(place.cwd, ".pybun", "venv", "bin");

const CHANGES: readonly (readonly [what: string, change: (place: Place) => void, says: string | RegExp])[] = [
  [
    "a task of that name comes first",
    (place) => place.write({ "pyproject.toml": project("alpha", '[tool.pybun.tasks]\ntool = "echo a task"\n') }),
    /a task/,
  ],
  [
    "a script of that name comes first",
    (place) => place.write({ tool: "#!/usr/bin/env python3\nprint('own')\n" }),
    "own\n",
  ],
  [
    "a folder of that name that can be run comes first",
    (place) => place.write({ "tool/__main__.py": "print('folder')\n" }),
    "folder\n",
  ],
  [
    "another package brings it",
    (place) => place.write({ "pyproject.toml": project("beta") }),
    /E_LINK_CONFLICT|of beta/,
  ],
  [
    "it was replaced",
    (place) => fs.writeFileSync(path.join(scripts(place), "tool"), "#!/bin/sh\necho replaced\n"),
    "replaced\n",
  ],
];
for (const [what, change, says] of CHANGES)
  test(
    what,
    placed(async (place) => {
      change(place);
      const { stdout, stderr } = await place.run(["run", "tool", "a", "--version"]);
      if (typeof says === "string") assert.is(stdout, says);
      else assert.match(stdout + stderr, says);
    }),
  );

test(
  "a command that is gone, or may not be run, is told of",
  placed(async (place) => {
    const file = path.join(scripts(place), "tool");
    fs.chmodSync(file, 0o644);
    assert.match((await place.run(["run", "tool"])).stderr, /^error\[E_TARGET_NOT_FOUND\]: no command `tool`/);
    fs.chmodSync(file, 0o755);
    assert.is(await said(place, {}, ["run", "tool"]), "of alpha []\n");
    assert.is(await said(place, {}, ["run", "-q", "tool"]), "of alpha []\n");
    assert.is(await said(place, {}, ["run", "--quiet", "-c", "print(1)"]), "1\n");
    fs.rmSync(file);
    assert.is.not((await place.run(["run", "--no-sync", "tool"])).exitCode, 0);
  }),
);

test(
  "what stands earlier on PATH is found, also when it came later",
  placed(async (place) => {
    const folders = ["one", "two"].map((name) => path.join(place.root, name));
    for (const folder of folders) fs.mkdirSync(folder);
    const put = (folder: string | undefined, text: string): void =>
      fs.writeFileSync(path.join(folder ?? "", "machine-tool"), `#!/bin/sh\necho ${text} "$@"\n`, { mode: 0o755 });
    put(folders[1], "second");
    const options = { env: { PATH: [...folders, process.env["PATH"]].join(path.delimiter) } };
    const words = ["run", "machine-tool", "x"];
    for (const _ of [1, 2]) assert.is(await said(place, options, words), "second x\n");
    put(folders[0], "first");
    assert.is(await said(place, options, words), "first x\n");
    put(scripts(place), "own");
    assert.is(await said(place, options, words), "own x\n");
  }),
);

test(
  "a task that runs a command says nothing of a command of its name",
  inPlace(
    async (place) => {
      const task = '[tool.pybun.tasks]\ntool = "tool by-task"\n';
      place.write({ "pyproject.toml": project("alpha", task) });
      await place.run(["sync", "-q"]);
      for (const _ of [1, 2, 3]) assert.match((await place.run(["run", "tool"])).stdout, /of alpha \['by-task'\]/);
    },
    { index },
  ),
);

// x --reuse

const keptTool = ["x", "--reuse", "--from", "alpha", "tool", "b"];

test(
  "a tool whose environment was kept is started without reading anything again",
  placed(async (place) => {
    for (const _ of [1, 2]) assert.is(await said(place, {}, keptTool), "of alpha ['b']\n");
    spoil(place, "pyproject.toml");
    assert.is(await said(place, {}, keptTool), "of alpha ['b']\n");
    assert.is(await said(place, {}, [...keptTool, "--reuse"]), "of alpha ['b', '--reuse']\n");
    for (const words of [keptTool.toSpliced(1, 1), ["x", "--no-zygote", ...keptTool.slice(1)]])
      assert.is.not((await place.run(words)).exitCode, 0, words.join(" "));
  }),
);

test(
  "a kept environment that is gone is made again, and a file of the name comes first",
  placed(async (place) => {
    for (const _ of [1, 2]) await place.run(keptTool);
    const root = path.join(place.data, "pep723-envs");
    const [name = ""] = fs.readdirSync(root);
    fs.rmSync(path.join(root, name), { recursive: true });
    assert.is((await place.run(keptTool)).stdout, "of alpha ['b']\n");
    place.write({ "alpha.py": "print('a file')\n" });
    assert.is((await place.run(["x", "--reuse", "alpha.py"])).stdout, "a file\n");
  }),
);

test(
  "a script's block counts also where something before it looks like one",
  placed(async (place) => {
    const decoy = '"""\n# /// script\n# none\n"""\n';
    for (const name of ["alpha", "alpha", "beta"]) {
      place.write({
        "s.py": `${decoy}# /// script\n# dependencies = ["${name}"]\n# ///\nimport ${name}; ${name}.main()\n`,
      });
      assert.is(await said(place, {}, ["run", "-q", "s.py"]), `of ${name} []\n`);
    }
  }),
);

test(
  "a tool that is a module is repeated, and says nothing of the modules of the project",
  placed(async (place) => {
    for (const _ of [1, 2]) assert.is(await said(place, {}, ["x", "--reuse", "as-module"]), "a module\n");
    spoil(place, "pyproject.toml");
    assert.is(await said(place, {}, ["x", "--reuse", "as-module"]), "a module\n");
    place.write({ "pyproject.toml": project("alpha") });
    assert.match((await place.run(["run", "-m", "as_module"])).stderr, /No module named as_module/);
  }),
);

test.run();
