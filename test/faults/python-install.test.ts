import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cleanEnvironment } from "../harness/clean-environment.ts";
import { executablePath } from "../harness/executable.ts";
import { installedName, packFakePython } from "../harness/fake-python-tar.ts";
import { writePythonMirror } from "../harness/python-mirror.ts";

/** System calls that change the disk, or are on the way to it; `openat` is most of them, and of those one in some is enough. */
const CALLS = "mkdir rename renameat2 unlink unlinkat symlink write ftruncate fsync syncfs clone3 vfork openat".split(
  " ",
);
const EVERY_OPEN = process.env["TEST_ALL_FAULTS"] === "1" ? 1 : 12;
const MOST = 500;

const canTrace = spawnSync("strace", ["-qq", "-o", os.devNull, "true"]).status === 0;
const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "python-faults-")));
const [data, pythons] = [path.join(root, "data"), path.join(root, "data/pythons")];
const NAME = installedName("3.12.90");
const mirror = writePythonMirror(path.join(root, "mirror"), [packFakePython({ version: "3.12.90" })]);
test.after(() => fs.rmSync(root, { recursive: true }));

const env = {
  ...cleanEnvironment({ home: path.join(root, "home"), temporary: path.join(root, "tmp") }),
  PATH: process.env["PATH"],
  PYBUN_HOME: data,
  PYBUN_PYTHON_MIRROR: mirror.folder,
  PYBUN_PYTHON_MIRROR_KEY: mirror.publicKey,
};
const pybun = (...words: readonly string[]) => spawnSync(executablePath(), words, { env, encoding: "utf8" });

/** Runs the command, and ends the process that makes the n-th such call, before it is made. Gives false when there was none. */
function killedAt(words: readonly string[], call: string, n: number): boolean {
  const inject = ["-e", `trace=${call}`, "-e", `inject=${call}:signal=SIGKILL:when=${n}`];
  const { status, stderr } = spawnSync(
    "strace",
    ["-f", "-qq", "-o", os.devNull, ...inject, executablePath(), ...words],
    {
      env,
      encoding: "utf8",
    },
  );
  // A machine without such a call has nothing to be killed at.
  return status !== 0 && !stderr.includes("invalid system call");
}

/** What bears the name of an installation runs, and is complete. */
function assertWhole(): void {
  const names = fs.existsSync(pythons) ? fs.readdirSync(pythons).filter((name) => !name.startsWith(".")) : [];
  for (const name of names) {
    const folder = path.join(pythons, name);
    const { stdout } = spawnSync(path.join(folder, "bin/python3"), { encoding: "utf8" });
    assert.is((JSON.parse(stdout) as { prefix: string }).prefix, folder);
    const stdlib = path.join(folder, "lib/python3.12");
    assert.equal(fs.readdirSync(stdlib).sort(), ["EXTERNALLY-MANAGED", "_sysconfigdata__linux_.py", "os.py"]);
  }
}

const reset = (isInstalled: boolean): void => {
  fs.rmSync(data, { recursive: true, force: true });
  if (isInstalled) assert.is(pybun("python", "install", "3.12").status, 0);
};

const COMMANDS = {
  "python install": { words: ["python", "install", "3.12"], isInstalled: false },
  "python install --reinstall": { words: ["python", "install", "3.12", "--reinstall"], isInstalled: true },
  "python remove": { words: ["python", "remove", "3.12"], isInstalled: true },
} as const;
const check = canTrace ? test : test.skip;
const condition = canTrace ? "" : " (skipped: strace is not here or may not trace)";
for (const [name, { words, isInstalled }] of Object.entries(COMMANDS))
  check(
    `${name}, killed by the system at its calls: whole or not there, and nothing is left over the next time${condition}`,
    () => {
      let kills = 0;
      for (const call of CALLS)
        for (let n = 1; n < MOST; n += call === "openat" ? EVERY_OPEN : 1) {
          reset(isInstalled);
          if (!killedAt(words, call, n)) break;
          kills++;
          assertWhole();
          if (name.includes("reinstall")) assert.ok(fs.existsSync(path.join(pythons, NAME)), `${call} ${n}`);
          const next = pybun("python", "install", "3.12");
          assert.equal([next.status, fs.readdirSync(pythons)], [0, [NAME]], `${call} ${n}: ${next.stderr}`);
          assertWhole();
        }
      assert.ok(kills > 10, String(kills));
    },
  );

test.run();
