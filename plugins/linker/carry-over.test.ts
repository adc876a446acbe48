import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { copyOver } from "./carry-over.ts";
import { builderFor } from "./materialize.ts";
import { type Folder, folderAt, openTree, slotIn } from "./tree.ts";

let root = "";
const at = (...names: readonly string[]): string => path.join(root, ...names);
test.before.each(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "carry-over-"));
  fs.mkdirSync(at("site", "pkg.dist-info", "licenses"), { recursive: true });
  for (const name of ["module.py", "gone.py", "pkg.dist-info/größe", "pkg.dist-info/licenses/LICENSE"])
    fs.writeFileSync(at("site", name), name);
  for (const name of ["link", "gone-link", "pkg.dist-info/link"]) fs.symlinkSync(`to/${name}`, at("site", name));
  fs.chmodSync(at("site"), 0o750);
});
test.after.each(() => fs.rmSync(root, { recursive: true }));

const MADE = "made.py";

/** Without what is gone, and with something new. */
function changed(): Folder {
  const tree = openTree(root, false);
  const site = folderAt(tree, "site") as Folder;
  for (const name of ["gone.py", "gone-link"]) slotIn(tree, site, name).now = undefined;
  const owner = { label: "", isPurelib: true };
  slotIn(tree, site, MADE).now = { kind: "text", content: () => MADE, isExecutable: false, owner };
  return site;
}

const builder = () => builderFor({ mode: "tree", isAutomatic: true, cacheTag: "cpython-312" });

/** What is in a folder, by name: what a link says, a file's text. */
function contentOf(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const stat = fs.lstatSync(path.join(folder, name));
    if (stat.isSymbolicLink()) found[name] = `-> ${fs.readlinkSync(path.join(folder, name))}`;
    else if (stat.isFile()) found[name] = fs.readFileSync(path.join(folder, name), "utf8");
    else found[name] = stat.isDirectory() ? "a folder" : "something else";
  }
  return found;
}

const AFTERWARDS = {
  "module.py": "module.py",
  link: "-> to/link",
  "pkg.dist-info": "a folder",
  "pkg.dist-info/größe": "pkg.dist-info/größe",
  "pkg.dist-info/link": "-> to/pkg.dist-info/link",
  "pkg.dist-info/licenses": "a folder",
  "pkg.dist-info/licenses/LICENSE": "pkg.dist-info/licenses/LICENSE",
  [MADE]: MADE,
};

test("what stays is linked to, links as links, beside what is new", () => {
  assert.ok(copyOver(changed(), at("new"), builder()));
  assert.equal(contentOf(at("new")), AFTERWARDS);
  assert.is(fs.statSync(at("new", "module.py")).ino, fs.statSync(at("site", "module.py")).ino);
  assert.is(fs.statSync(at("new")).mode & 0o777, 0o750);
  assert.ok(fs.existsSync(at("site", "gone.py")), "the old one is as it was");
});

test("names with line feeds are no hindrance, nor is what is no file", () => {
  fs.writeFileSync(at("site", "one\ntwo"), "odd");
  fs.symlinkSync("nowhere", at("site", "pkg.dist-info", "three\nfour"));
  execFileSync("mkfifo", [at("site", "pipe")]);
  assert.ok(copyOver(changed(), at("new"), builder()));
  const odd = { "one\ntwo": "odd", "pkg.dist-info/three\nfour": "-> nowhere", pipe: "something else" };
  assert.equal(contentOf(at("new")), { ...AFTERWARDS, ...odd });
});

test("too much is not carried over, and nothing is left", () => {
  for (let count = 0; count < 4000; count++) fs.writeFileSync(at("site", "pkg.dist-info", `${count}`), "");
  assert.not(copyOver(changed(), at("new"), builder()));
  assert.not(fs.existsSync(at("new")));
});

test("what fails on the way leaves nothing, and is told", () => {
  const site = changed();
  fs.rmSync(at("site", "module.py"));
  assert.throws(() => copyOver(site, at("new"), builder()), /ENOENT/);
  assert.not(fs.existsSync(at("new")));
});

test.run();
