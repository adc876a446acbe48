import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";

// What another installer put into an environment, with a RECORD that says of other files that they are its own.

const SHARED = { "shared.py": "x = 1\n", "both/__init__.py": "y = 1\n" };
const index = await startIndex({
  packages: [
    { name: "alpha", version: "1.0", files: { "alpha/__init__.py": "name = 'alpha'\n" } },
    {
      name: "beta",
      version: "1.0",
      files: { "beta.py": "def main(): print('beta')\n" },
      "console-scripts": { beta: "beta:main" },
    },
    { name: "one", version: "1.0", files: { ...SHARED, "one.py": "" } },
    { name: "one", version: "2.0", files: { "one.py": "" } },
    { name: "two", version: "1.0", files: { ...SHARED, "two.py": "" } },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const project = (...dependencies: readonly string[]) => ({
  "pyproject.toml": `[project]\nname = "demo"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(dependencies)}\n`,
});
const siteIn = (root: string): string => {
  const [lib = ""] = fs.readdirSync(path.join(root, "lib"));
  return path.join(root, "lib", lib, "site-packages");
};

/** Rows; VICTIM is a file outside of the environment, UP leads from site-packages to the environment's folder. */
const ROWS: readonly (readonly [what: string, row: string])[] = [
  ["a file outside, relative", "UP/../../../victim/file.txt"],
  ["a file outside, absolute", "VICTIM/file.txt"],
  ["a file outside, with backslashes", "UP\\..\\..\\..\\victim\\file.txt"],
  ["a file outside, up beyond all", `${"../".repeat(500)}VICTIM/file.txt`],
  ["a file outside, by way of a folder that is not there", "nowhere/../UP/../../../victim/file.txt"],
  ["a file outside, behind a link", "way-out/file.txt"],
  ["another package's file", "alpha/__init__.py"],
  ["another package's link", "alpha"],
  ["another package's module", "beta.py"],
  ["another package's module, roundabout", "./x/../beta.py"],
  ["another package's module, by the other name of lib", "UP/lib64/PYTHON/site-packages/beta.py"],
  ["another package's command", "UP/bin/beta"],
  ["another package's RECORD", "alpha-1.0.dist-info/RECORD"],
  ["another package's metadata folder", "alpha-1.0.dist-info"],
  ["the interpreter", "UP/bin/python"],
  ["the interpreter, absolute", "ROOT/bin/python"],
  ["the environment's configuration", "UP/bin/../pyvenv.cfg"],
  ["the environment's configuration in capitals", "UP/PYVENV.CFG"],
  ["the environment's stamp", "UP/pybun.json"],
  ["the activation script", "UP/bin/activate"],
  ["site-packages itself", "."],
  ["the environment itself", "UP"],
  ["the root of the disk", "/"],
];

/** Below site-packages, or with a slash in front below the environment's folder. */
const NEEDED = [
  "alpha/__init__.py",
  "beta.py",
  "alpha-1.0.dist-info/RECORD",
  "way-out/file.txt",
  ..."/bin/beta /bin/python /bin/activate /pyvenv.cfg /pybun.json".split(" "),
];

for (const mode of ["tree", "copy"])
  test(
    `what a RECORD lists that is not its own survives the removal (${mode})`,
    placed(async (place) => {
      place.write({ ...project("alpha", "beta"), "../victim/file.txt": "mine" });
      const victim = path.resolve(place.cwd, "../victim");
      const root = path.join(place.cwd, ".pybun", "venv");
      assert.is((await place.run(["install", "--link-mode", mode])).exitCode, 0);
      const site = siteIn(root);
      fs.symlinkSync(victim, path.join(site, "way-out"));
      for (const [what, row] of ROWS) {
        const filled = row
          .replace("UP", "../../..")
          .replace("VICTIM", victim)
          .replace("ROOT", root)
          .replace("PYTHON", path.basename(path.dirname(site)));
        const info = path.join(site, "evil-1.0.dist-info");
        fs.mkdirSync(info);
        fs.writeFileSync(path.join(site, "evil.py"), "");
        fs.writeFileSync(path.join(info, "METADATA"), "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n");
        fs.writeFileSync(path.join(info, "INSTALLER"), "pip\n");
        fs.writeFileSync(path.join(info, "RECORD"), `${filled},,\nevil.py,,\nevil-1.0.dist-info/RECORD,,\n`);
        const synced = await place.run(["sync"]);
        assert.equal([synced.exitCode, synced.stderr], [0, ""], `${what}: ${synced.stderr}`);
        assert.not.ok(fs.existsSync(path.join(site, "evil.py")) || fs.existsSync(info), what);
        assert.is(fs.readFileSync(path.join(victim, "file.txt"), "utf8"), "mine", what);
        for (const file of NEEDED) assert.ok(fs.existsSync(path.join(file.startsWith("/") ? root : site, file)), what);
      }
      const code = "import alpha, importlib.metadata as m; print(alpha.name, len(m.files('alpha')) > 3)";
      assert.is((await place.run(["run", "-c", code])).stdout, "alpha True\n");
      assert.is((await place.run(["run", "beta"])).stdout, "beta\n");
      assert.is((await place.run(["verify", "--env"])).exitCode, 0);
    }),
  );

for (const [what, record] of [
  ["a quote that is not closed", 'evil.py,,\n"evil'],
  ["too many columns", "evil.py,,,,\n"],
  ["a hash that is none", "evil.py,sha256=!,1\n"],
] as const)
  test(
    `a RECORD with ${what} is no crash, neither when it goes nor when it stays`,
    placed(async (place) => {
      place.write(project("alpha", "beta"));
      assert.is((await place.run(["install"])).exitCode, 0);
      const info = path.join(siteIn(path.join(place.cwd, ".pybun", "venv")), "evil-1.0.dist-info");
      fs.mkdirSync(info);
      fs.writeFileSync(path.join(info, "METADATA"), "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n");
      fs.writeFileSync(path.join(info, "RECORD"), record);
      const refused = await place.run(["--format=json", "sync"]);
      assert.equal([refused.exitCode, refused.json().diagnostics[0]?.code], [3, "E_LINK_RECORD"]);
      place.write(project("alpha"));
      assert.is((await place.run(["install", "--inexact"])).exitCode, 0);
      assert.ok(fs.existsSync(info));
    }),
  );

for (const mode of ["tree", "hardlink"])
  test(
    `a file that two packages brought with equal content stays with the other, whoever goes or changes (${mode})`,
    placed(async (place) => {
      const code = "import shared, both; print(shared.x, both.y)";
      for (const [before, after] of [
        [["one==1.0", "two"], ["two"]],
        [["one==1.0", "two"], ["one==1.0"]],
        [
          ["one==1.0", "two"],
          ["one==2.0", "two"],
        ],
      ] as const) {
        place.write(project(...before));
        assert.is((await place.run(["install", "--link-mode", mode])).exitCode, 0);
        place.write(project(...after));
        assert.is((await place.run(["install", "--link-mode", mode])).exitCode, 0);
        assert.is((await place.run(["run", "-c", code])).stdout, "1 1\n", `${before.join()} to ${after.join()}`);
        assert.is((await place.run(["verify", "--env"])).exitCode, 0);
        place.write(project());
        assert.is((await place.run(["install"])).exitCode, 0);
        assert.not.ok(fs.existsSync(path.join(siteIn(path.join(place.cwd, ".pybun", "venv")), "both")));
      }
    }),
  );

test.run();
