import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { environmentBehind, hideEnvironment, isShown, showEnvironment } from "./dot-venv.ts";

let root = "";
const at = (...names: string[]): string => path.join(root, ...names);
test.before.each(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "dot-venv-")));
  for (const name of ["bin", "lib"]) fs.mkdirSync(at(".pybun", "venv", name), { recursive: true });
  fs.writeFileSync(at(".pybun", "venv", "pyvenv.cfg"), "");
  fs.writeFileSync(at(".pybun", "venv", ".gitignore"), "*\n");
});
test.after.each(() => fs.rmSync(root, { recursive: true }));

const shown = (): readonly string[] => fs.readdirSync(at(".venv")).sort();

test("a folder of links, with an ignore file of its own; nothing else is left", () => {
  assert.is(isShown(root), false);
  showEnvironment(root, "linux");
  assert.equal(shown(), [".gitignore", "bin", "lib", "pyvenv.cfg"]);
  assert.is(fs.readFileSync(at(".venv", ".gitignore"), "utf8"), "*\n");
  assert.is(fs.statSync(at(".venv")).mode & 0o777, 0o777 & ~process.umask());
  assert.equal(fs.readdirSync(at(".pybun")), ["venv"]);
  assert.is(environmentBehind(at(".venv")), at(".pybun", "venv"));
});

test("folders that packages bring come and go; what others put there stays", () => {
  showEnvironment(root, "linux");
  fs.mkdirSync(at(".pybun", "venv", "share"));
  fs.writeFileSync(at(".venv", "notes"), "mine");
  showEnvironment(root, "linux");
  assert.equal(shown(), [".gitignore", "bin", "lib", "notes", "pyvenv.cfg", "share"]);
  fs.rmdirSync(at(".pybun", "venv", "share"));
  showEnvironment(root, "linux");
  assert.equal(shown(), [".gitignore", "bin", "lib", "notes", "pyvenv.cfg"]);
});

test("it is known as ours also when the environment is gone or the project was moved", () => {
  showEnvironment(root, "linux");
  fs.renameSync(root, `${root}-moved`);
  root = `${root}-moved`;
  assert.is(isShown(root), true);
  fs.rmSync(at(".pybun"), { recursive: true });
  assert.is(isShown(root), true);
  hideEnvironment(root);
  assert.is(fs.existsSync(at(".venv")), false);
});

test("a link that somebody made to the environment shows it, too, and stays", () => {
  fs.symlinkSync(".pybun/venv", at(".venv"));
  showEnvironment(root, "linux");
  assert.is(fs.readlinkSync(at(".venv")), ".pybun/venv");
  assert.is(environmentBehind(at(".venv")), at(".pybun", "venv"));
  hideEnvironment(root);
  assert.equal(fs.readdirSync(root), [".pybun"]);
  assert.ok(fs.existsSync(at(".pybun", "venv", "pyvenv.cfg")));
});

for (const [what, make] of Object.entries({
  "an environment": () => fs.mkdirSync(at(".venv", "bin"), { recursive: true }),
  "an empty folder": () => fs.mkdirSync(at(".venv")),
  "a file": () => fs.writeFileSync(at(".venv"), "shop-a1b2\n"),
  "a link elsewhere": () => fs.symlinkSync("/nowhere", at(".venv")),
}))
  test(`${what} of that name is not ours`, () => {
    make();
    const before = fs.lstatSync(at(".venv"));
    showEnvironment(root, "linux");
    hideEnvironment(root);
    const after = fs.lstatSync(at(".venv"));
    assert.equal([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
    assert.is(environmentBehind(at(".venv")), at(".venv"));
  });

test.run();
