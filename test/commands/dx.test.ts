import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace } from "../harness/project.ts";

const TEXT = "# mine\n[project]\nname = \"a\"   # here\nversion = '1'\n";

test(
  "pack and unpack give the same bytes, and say so when there is nothing to do",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": TEXT });
    const packed = await place.run(["dx", "pack"]);
    assert.equal([packed.exitCode, packed.stderr], [0, ""]);
    assert.match(packed.stdout, /^Packed pyproject\.toml -> pyproject\.dx \(\d+B to \d+B\)\n$/);
    assert.is((await place.run(["dx", "pack"])).stdout, "Up to date: pyproject.dx\n");
    assert.is((await place.run(["dx", "unpack"])).stdout, "Up to date: pyproject.toml\n");
    await place.run(["dx", "unpack", "-o", "again.toml"]);
    assert.is(place.read("again.toml"), TEXT);
  }),
);

test(
  "unpack replaces no other content without --force",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": TEXT });
    await place.run(["dx", "pack"]);
    place.write({ "pyproject.toml": "[project]\n" });
    const refused = await place.run(["dx", "unpack"]);
    assert.is(refused.exitCode, 3);
    assert.match(refused.stderr, "error[E_DX_SOURCE]: pyproject.toml is there already, with another content");
    assert.is((await place.run(["dx", "unpack", "--force", "--dry-run"])).exitCode, 0);
    assert.is(place.read("pyproject.toml"), "[project]\n");
    await place.run(["dx", "unpack", "--force"]);
    assert.is(place.read("pyproject.toml"), TEXT);
  }),
);

test(
  "--no-layout keeps the values only, and -o - prints them",
  inPlace(async (place) => {
    place.write({ "x.toml": TEXT });
    await place.run(["dx", "pack", "--no-layout", "x.toml", "-o", "y.dx"]);
    const { stdout } = await place.run(["dx", "unpack", "y.dx", "-o", "-"]);
    assert.is(stdout.trimEnd(), "[project]\nname = \"a\"\nversion = '1'");
    const { data } = (await place.run(["--format=json", "dx", "unpack", "y.dx", "-o", "-"])).json();
    assert.equal([data["keeps_layout"], data["output"]], [false, null]);
  }),
);

test(
  "files that are not there, are no TOML or are damaged are told apart",
  inPlace(async (place) => {
    place.write({ "bad.toml": "a = ", "bad.dx": "DXP" });
    for (const [words, code, exitCode] of [
      [["dx", "pack"], "E_DX_SOURCE", 3],
      [["dx", "pack", "bad.toml"], "E_DX_SOURCE", 3],
      [["dx", "unpack", "bad.dx"], "E_DX_INVALID", 6],
      [["dx", "pack", "bad.dx"], "E_DX_SOURCE", 3],
      [["dx", "pack", "bad.toml", "-o", "-"], "E_USAGE", 2],
    ] as const) {
      const result = await place.run(words);
      assert.is(result.exitCode, exitCode, words.join(" "));
      assert.match(result.stderr, `error[${code}]`);
    }
  }),
);

test(
  "a project in binary form only is locked as the one it was made from; the TOML wins where both differ",
  inPlace(async (place) => {
    const project = "[project]\nname = 'a'\nversion = '1'\nrequires-python = '>=3.9'\ndependencies = []\n";
    place.write({ "pyproject.toml": project });
    await place.run(["dx", "pack"]);
    fs.rmSync(path.join(place.cwd, "pyproject.toml"));
    assert.is((await place.run(["lock"])).exitCode, 0);
    place.write({ "pyproject.toml": project });
    const same = await place.run(["lock", "--check"]);
    assert.equal([same.exitCode, same.stderr], [0, ""]);
    place.write({ "pyproject.toml": project.replace("3.9", "3.10") });
    for (const _ of [1, 2]) {
      const { exitCode, stderr } = await place.run(["lock", "--check"]);
      assert.is(exitCode, 1);
      assert.match(stderr, "warning[W_DX_STALE]: pyproject.dx is not made from pyproject.toml as it is now");
    }
  }),
);

test.run();
