import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { executablePath } from "../harness/executable.ts";
import { inPlace } from "../harness/project.ts";

const isPosix = process.platform !== "win32";
const hasFullDevice = fs.existsSync("/dev/full");

(isPosix ? test : test.skip)(
  "a folder that is removed under the command is said to be, and another one can be named",
  inPlace(async (place) => {
    const gone = path.join(place.cwd, "gone");
    const env = { PATH: process.env["PATH"], HOME: place.home, PYBUN_HOME: place.data };
    const inRemoved = (...words: string[]) => {
      fs.mkdirSync(gone);
      const command = ["-c", 'rmdir "$0" && exec "$@"', gone, executablePath(), ...words];
      return spawnSync("/bin/sh", command, { cwd: gone, env, encoding: "utf8" });
    };
    for (const words of [
      ["run", "-c", "print(1)"],
      ["python", "list"],
      ["env", "info"],
    ]) {
      const { status, stderr } = inRemoved(...words);
      assert.equal([status, stderr.split("\n")[0]], [2, "error[E_USAGE]: the current folder was removed"]);
      assert.is(JSON.parse(inRemoved("--format=json", ...words).stdout).exit_code, 2);
    }
    for (const words of [["--help"], ["run", "--help"], ["-v", "--version"]]) {
      const { status, stdout, stderr } = inRemoved(...words);
      assert.equal([status, stderr, stdout !== ""], [0, "", true], words.join(" "));
    }
    const elsewhere = inRemoved("--directory", place.cwd, "run", "-c", "import os; print(os.getcwd())");
    assert.equal([elsewhere.stdout, elsewhere.stderr], [`${place.cwd}\n`, ""]);
  }),
);

test(
  "a file that is asked for in a folder that is not there is refused",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\n' });
    for (const words of [
      ["dx", "pack", "-o", "missing/x.dx"],
      ["lock", "--file", "missing/x.lockb"],
    ]) {
      const { exitCode, stderr } = await place.run(words);
      assert.is(exitCode, 3, stderr);
      assert.match(stderr, /error\[E_FOLDER_MISSING\]: there is no folder .*missing\n/);
    }
  }),
);

(hasFullDevice ? test : test.skip)(
  "output that can't be written is a failure, in every format",
  inPlace(async (place) => {
    const full = fs.openSync("/dev/full", "w");
    const env = { HOME: place.home, PYBUN_HOME: place.data };
    for (const format of ["text", "json", "ndjson"]) {
      const words = [`--format=${format}`, "explain", "E_NETWORK"];
      const ended = spawnSync(executablePath(), words, { env, stdio: ["ignore", full, "pipe"], encoding: "utf8" });
      assert.is(ended.status, 9, format);
      assert.is(ended.stderr, "error[E_DISK_FULL]: the output is not whole: no space left on the disk\n", format);
    }
    fs.closeSync(full);
  }),
);

test.run();
