import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace } from "../harness/project.ts";

// Commands of a wheel that would be more than a file of their own in the scripts folder, installed by the executable.

type Entry = readonly [name: string, value?: string];
const UNSAFE: readonly Entry[] = [
  ["../evil"],
  ["../../../../evil"],
  ["/evil"],
  ["a/b"],
  [".."],
  ["."],
  ["..\\evil"],
  ["a\\b"],
  ["C:evil"],
  ["a\u0000b"],
  ["a\u001b[2Jb"],
  ["n".repeat(300)],
  ["evil", "os:system('x')"],
  ["evil", "os;import evil"],
  ["evil", "os"],
  ["evil", "os:"],
  ["evil", "a b:c"],
];
const OWN: readonly Entry[] = [
  ["python"],
  ["Python"],
  ["PYTHON3"],
  ["python3.12"],
  ["python3.13t"],
  ["pythonw"],
  ["python.exe"],
  ["p\uff59thon"],
  ["pypy3"],
  ["activate"],
  ["Activate.ps1"],
  ["ACTIVATE.FISH"],
  ["activate.bat"],
  ["deactivate"],
];
const HARMLESS: readonly Entry[] = [["-rf"], ["$(touch evil)"], ["a b"], ["n\u00e4me"], ["python-evil"], ["pip"]];

const cases = [
  ...UNSAFE.map((entry) => [entry, "E_ARCHIVE_UNSAFE"] as const),
  ...OWN.map((entry) => [entry, "E_LINK_CONFLICT"] as const),
  ...HARMLESS.map((entry) => [entry, undefined] as const),
].map(([[name, value = "evil:main"], code], number) => ({ name, value, code, package: `evil${number}` }));

const index = await startIndex({
  packages: cases.map(({ package: name, ...script }) => ({
    name,
    version: "1.0",
    files: { "evil.py": "def main(): print('ran')\n" },
    "console-scripts": { [script.name]: script.value },
  })),
});
test.after(() => index.stop());

/** Everything below a folder but what PyBun keeps for itself, with its content. */
const picture = (folder: string): string =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => `${path.relative(folder, file)} ${fs.readFileSync(file, "base64")}`)
    .join("\n");

test(
  "commands that would leave their folder, are no plain names or write over the environment are refused, and nothing is changed",
  inPlace(
    async (place) => {
      const root = path.join(place.cwd, ".pybun", "venv");
      const project = (name: string) => ({
        "pyproject.toml": `[project]\nname = "demo"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(name === "" ? [] : [name])}\n`,
      });
      place.write(project(""));
      assert.is((await place.run(["install"])).exitCode, 0);
      const before = picture(root);
      for (const { package: name, name: script, value, code } of cases) {
        place.write(project(name));
        const { exitCode, stdout, ...result } = await place.run(["--format=json", "install"]);
        const what = `${JSON.stringify(script)} = ${value}: ${stdout.slice(0, 2000)}`;
        if (code === undefined) {
          assert.is(exitCode, 0, what);
          assert.ok(fs.existsSync(path.join(root, "bin", script)), what);
          place.write(project(""));
          assert.is((await place.run(["install"])).exitCode, 0, what);
          assert.not.ok(fs.existsSync(path.join(root, "bin", script)), what);
        } else {
          assert.equal([exitCode, result.json().diagnostics.map((each) => each.code)], [6, [code]], what);
          assert.is(picture(root), before, what);
        }
      }
      assert.equal(fs.readdirSync(place.cwd).sort(), [".pybun", ".venv", "pybun.lockb", "pyproject.toml"]);
    },
    { index },
  ),
);

test.run();
