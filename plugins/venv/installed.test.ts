import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { EnvironmentStamp } from "../../plugin-api/model/environment.ts";
import { listInstalled } from "./installed.ts";

let site = "";
test.before.each(() => {
  site = fs.mkdtempSync(path.join(os.tmpdir(), "installed-"));
});
test.after.each(() => fs.rmSync(site, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(site, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}
const listed = (stamp?: EnvironmentStamp): string[] =>
  listInstalled(site, stamp).map(({ name, version, wheelSha256 }) => [name, version, wheelSha256].join(" ").trim());

const metadata = (name: string, version: string) => `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`;

const FOLDERS: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  ["a wheel's metadata", { "Foo_Bar-1.2.dist-info/METADATA": "" }, ["foo-bar 1.2"]],
  ["a local version", { "torch-2.1.0+cu118.dist-info/METADATA": "" }, ["torch 2.1.0+cu118"]],
  ["an epoch", { "zope.interface-1!5.0.dist-info/METADATA": "" }, ["zope-interface 1!5.0"]],
  [
    "a version whose folder can't tell its text",
    { "foo-1.0_local.1.dist-info/METADATA": metadata("foo", "1.0+local.1") },
    ["foo 1.0+local.1"],
  ],
  [
    "a name that looks like a version",
    { "py-2to3-1.0.dist-info/METADATA": metadata("py-2to3", "1.0") },
    ["py-2to3 1.0"],
  ],
  ["an egg folder", { "foo-1.0-py3.9.egg-info/PKG-INFO": "" }, ["foo 1.0"]],
  ["an egg file of distutils", { "foo-1.0-py3.9.egg-info": metadata("foo", "1.0") }, ["foo 1.0"]],
  ["a development install", { "foo.egg-info/PKG-INFO": metadata("Foo", "0.1.dev0") }, ["foo 0.1.dev0"]],
  [
    "what is none",
    { "~ip-23.0.dist-info/METADATA": "", "six.py": "", "a-1.0.dist-info.bak/METADATA": "", "x.dist-info/junk": "" },
    [],
  ],
  ["one name twice", { "foo-1.0.dist-info/x": "", "Foo-2.0.dist-info/x": "" }, ["foo 2.0"]],
];
for (const [what, files, expected] of FOLDERS)
  test(`reads ${what}`, () => {
    write(files);
    assert.equal(listed(), expected);
  });

test("a folder that does not exist holds nothing", () => {
  assert.equal(listInstalled(path.join(site, "none")), []);
});

test("a stamp tells the wheels until site-packages changes, then only what is still marked as ours", () => {
  write({ "a-1.dist-info/INSTALLER": "pybun\n", "b-1.dist-info/INSTALLER": "pip\n" });
  const wheels = { "a-1.dist-info": "aa", "b-1.dist-info": "bb", "c-1.dist-info": "cc" };
  const stamp = { format: 1, wheels, siteMtimeMs: fs.statSync(site).mtimeMs } as unknown as EnvironmentStamp;
  assert.equal(listed(stamp), ["a 1 aa", "b 1 bb"]);
  assert.equal(listed({ ...stamp, siteMtimeMs: 0 }), ["a 1 aa", "b 1"]);
});

test("what is remembered holds as long as the folder and the stamp are the same, and a change of just now is not taken for old", () => {
  const { now } = Date;
  write({ "a-1.dist-info/INSTALLER": "pybun\n" });
  assert.equal(listed(), ["a 1"]);
  write({ "b-1.dist-info/INSTALLER": "pybun\n" });
  assert.equal(listed(), ["a 1", "b 1"]);
  try {
    Date.now = () => now() + 10_000;
    assert.is(listInstalled(site), listInstalled(site));
    const stamp = { format: 1, wheels: { "a-1.dist-info": "aa" }, siteMtimeMs: fs.statSync(site).mtimeMs };
    assert.equal(listed(stamp as unknown as EnvironmentStamp), ["a 1 aa", "b 1"]);
    write({ "c-1.dist-info/INSTALLER": "pybun\n" });
    fs.utimesSync(site, 1, 1);
    assert.equal(listed(), ["a 1", "b 1", "c 1"]);
  } finally {
    Date.now = now;
  }
});

test("what a file in the folder tells is read each time", () => {
  const { now } = Date;
  try {
    Date.now = () => now() + 10_000;
    write({ "foo.egg-info/PKG-INFO": metadata("foo", "1") });
    assert.equal(listed(), ["foo 1"]);
    write({ "foo.egg-info/PKG-INFO": metadata("foo", "2") });
    assert.equal(listed(), ["foo 2"]);
  } finally {
    Date.now = now;
  }
});

test.run();
