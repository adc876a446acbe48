import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Artifact, Environment } from "../../plugin-api/model/environment.ts";
import { type LinkBench, openLinkBench } from "../../test/harness/link-bench.ts";
import { asOrdinaryUser } from "../../test/harness/ordinary-user.ts";
import type { Release } from "../../test/harness/release.ts";
import { makeWheel } from "../../test/harness/wheel.ts";

// What pip does in an environment whose packages are links to the store: it may remove and replace them, and must leave the
// store as it is.

let bench: LinkBench;
let environment: Environment;
let one: Artifact;
let other: Artifact;
const release = (version: string): Release => ({
  name: "one",
  version,
  files: {
    "one/__init__.py": `v = ${version}`,
    "one/deep/x.py": "",
    "ns/one/__init__.py": "",
    "one_single.py": "",
    [`one-${version}.dist-info/licenses/LICENSE`]: "as you like",
  },
  data: { "data/share/one.txt": "data" },
  "console-scripts": { one: "one:v" },
});
test.before(async () => {
  bench = await openLinkBench();
  one = await bench.add(release("1"));
  other = await bench.add({
    name: "other",
    version: "1",
    files: { "other/__init__.py": "", "ns/other/__init__.py": "" },
  });
  await makeAnew();
});
/** For tests after which another installer's distributions are left. */
async function makeAnew(): Promise<void> {
  fs.rmSync(path.join(bench.dir, "env"), { recursive: true, force: true });
  const { python } = await bench.link({ root: path.join(bench.dir, "env") });
  spawnSync(python, ["-m", "ensurepip"], { stdio: "ignore" });
}
test.before.each(async () => {
  environment = await bench.link({ root: path.join(bench.dir, "env"), install: [one, other] });
});
test.after(() => bench.remove());

const pip = (...args: readonly string[]): string => pipIn((command) => asOrdinaryUser(command) ?? command, args);

function pipIn(user: (command: readonly string[]) => readonly string[], args: readonly string[]): string {
  const words = user([environment.python, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir", ...args]);
  const env = { PATH: process.env["PATH"] ?? "", HOME: bench.dir, PIP_NO_INDEX: "1" };
  const { stdout, stderr, status } = spawnSync(words[0] as string, words.slice(1), { encoding: "utf8", env });
  if (status !== 0) throw new Error(`pip ${args.join(" ")}: ${stderr}`);
  return stdout;
}
function wheelFile(made: Release): string {
  const { filename, bytes } = makeWheel(made);
  fs.writeFileSync(path.join(bench.dir, filename), bytes);
  return path.join(bench.dir, filename);
}
const contents = (folder: string): string[] =>
  fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.name === "__pycache__") return [];
    return entry.isDirectory() ? contents(file) : [`${file} ${fs.readFileSync(file, "utf8")}`];
  });
const stored = (): string[] => [one, other].flatMap(({ entry }) => contents(path.join(entry.path, "tree")));
const at = (file: string): string => path.join(environment.sitePackages, file);
const isThere = (file: string): boolean => fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;

test("pip lists, shows and checks what was linked", () => {
  const listed = JSON.parse(pip("list", "--format=json")) as { readonly name: string; readonly version: string }[];
  assert.ok(listed.some(({ name, version }) => name === "one" && version === "1"));
  assert.match(pip("show", "-f", "one"), /Version: 1[^]*one\/deep\/x\.py/);
  assert.match(pip("check"), "No broken requirements found.");
});

test("pip uninstalls all of it, nothing of others, and nothing of the store", () => {
  const before = stored();
  pip("uninstall", "--yes", "one");
  const gone = ["one", "ns/one", "one_single.py", "one-1.dist-info"].map(at);
  const outside = ["share/one.txt", "bin/one"].map((file) => path.join(environment.root, file));
  assert.equal([...gone, ...outside].filter(isThere), []);
  assert.equal(
    ["other", "ns/other", "other-1.dist-info"].map(at).filter((file) => !isThere(file)),
    [],
  );
  assert.equal(stored(), before);
});

test("pip puts another version in its place, in folders of its own", async () => {
  const before = stored();
  pip("install", wheelFile(release("2")));
  assert.equal(
    [fs.lstatSync(at("one")).isSymbolicLink(), fs.readFileSync(at("one/__init__.py"), "utf8")],
    [false, "v = 2"],
  );
  assert.equal(stored(), before);
  const { installed } = await bench.environments.read(environment.root);
  const found = installed.find(({ name }) => name === "one");
  assert.equal([found?.version, found?.wheelSha256], ["2", undefined]);
  environment = await bench.link({ root: environment.root, install: [one] });
  assert.ok(fs.lstatSync(at("one")).isSymbolicLink(), "and it can be linked again");
  assert.is(fs.readFileSync(at("one/__init__.py"), "utf8"), "v = 1");
});

test("pip adds a part to a namespace package beside the links in it", () => {
  const before = stored();
  pip("install", wheelFile({ name: "third", version: "1", files: { "ns/third/__init__.py": "" } }));
  assert.equal(
    ["ns/one", "ns/other", "ns/third"].map(at).filter((file) => !isThere(file)),
    [],
  );
  pip("uninstall", "--yes", "third");
  assert.equal([isThere(at("ns/one")), isThere(at("ns/third"))], [true, false]);
  assert.equal(stored(), before);
});

test("pip can't write through the links of an ordinary user", async () => {
  if (asOrdinaryUser([]) === undefined) return;
  const before = stored();
  const words = ["install", "--ignore-installed", "--no-deps", wheelFile(release("5"))];
  assert.throws(() => pip(...words), /Permission denied/);
  assert.equal(stored(), before);
  await makeAnew();
});

test("what pip writes through them as root is noticed at the next use and put right for all environments", async () => {
  if (process.getuid?.() !== 0) return;
  const before = stored();
  const second = await bench.link({ root: path.join(bench.dir, "second"), install: [one, other] });
  pipIn((command) => command, ["install", "--ignore-installed", "--no-deps", wheelFile(release("5"))]);
  assert.not.equal(stored(), before);
  assert.is(bench.store.find(one.entry.wheelSha256), undefined);
  assert.equal(bench.store.find(other.entry.wheelSha256), other.entry);
  await bench.add(release("1"));
  assert.equal(bench.store.find(one.entry.wheelSha256), one.entry);
  assert.equal(stored(), before);
  assert.is(fs.readFileSync(path.join(second.sitePackages, "one/__init__.py"), "utf8"), "v = 1");
  await makeAnew();
});

test("what pip has put in, PyBun removes and replaces", async () => {
  pip("install", "--force-reinstall", wheelFile(release("3")));
  environment = await bench.link({ root: environment.root, remove: ["one"] });
  assert.equal(["one", "one-3.dist-info"].map(at).filter(isThere), []);
});

test.run();
