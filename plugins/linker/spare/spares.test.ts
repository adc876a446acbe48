import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { catchUp, leave, stay } from "../../../plugin-api/system/afterwards.ts";
import { copyOver } from "../carry-over.ts";
import { builderFor } from "../materialize.ts";
import { type Folder, folderAt, openTree, slotIn } from "../tree.ts";
import { keepSpare } from "./spares.ts";

if (process.platform !== "linux" || process.arch !== "x64") {
  console.log("skipped: folders are listed by Linux's own call");
  process.exit(0);
}
stay();
let root = "";
const at = (...names: readonly string[]): string => path.join(root, ...names);
let env = "env";
const site = (...names: readonly string[]): string => at(env, "site", ...names);
test.before.each(() => {
  root = fs.mkdtempSync("/dev/shm/spares-");
  fs.mkdirSync(site("pkg.dist-info", "licenses"), { recursive: true });
  fs.mkdirSync(site("other.dist-info"));
  for (const name of ["module.py", "gone.py", "pkg.dist-info/größe", "pkg.dist-info/licenses/LICENSE"])
    fs.writeFileSync(site(name), name);
  fs.writeFileSync(site("other.dist-info", "RECORD"), "other");
  for (const name of ["link", "pkg.dist-info/link"]) fs.symlinkSync(`to/${name}`, site(name));
});
test.after.each(() => fs.rmSync(root, { recursive: true }));
test.after(() => leave());

const builder = () => builderFor({ mode: "tree", isAutomatic: true, cacheTag: "cpython-312" });
const OWNER = { label: "", isPurelib: true };

/** What is there, without some names and with others. */
function changed(without: readonly string[], made: readonly string[]): Folder {
  const tree = openTree(at(env), false);
  const folder = folderAt(tree, "site") as Folder;
  for (const name of without) slotIn(tree, folder, name).now = undefined;
  for (const name of made)
    slotIn(tree, folder, name).now = { kind: "text", content: () => name, isExecutable: false, owner: OWNER };
  return folder;
}

/** So much later than it is a change is made. */
let laterMs = 0;

/** Puts a changed folder in place, and gives whether the one that was replaced last has become it. */
function change(without: readonly string[], made: readonly string[]): boolean {
  const before = spareInodes();
  const real = Date.now;
  // Only there: what changed long ago is not what changes at this very moment.
  Date.now = () => real() + laterMs;
  try {
    assert.ok(copyOver(changed(without, made), at("staged"), builder()));
  } finally {
    Date.now = real;
  }
  const wasSpare = before.includes(fs.statSync(at("staged")).ino);
  fs.renameSync(site(), at("old"));
  fs.renameSync(at("staged"), site());
  keepSpare(site(), at("old"), at("data"));
  void catchUp();
  waitForTick();
  return wasSpare;
}

function spareInodes(): readonly number[] {
  if (!fs.existsSync(at("data"))) return [];
  return fs
    .readdirSync(at("data"), { recursive: true, encoding: "utf8" })
    .map((name) => fs.statSync(at("data", name), { throwIfNoEntry: false })?.ino ?? 0);
}

/** All names with what tells one file from another. */
function contentOf(folder: string): Readonly<Record<string, number | string>> {
  const found: Record<string, number | string> = {};
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const stat = fs.lstatSync(path.join(folder, name));
    found[name] = stat.isDirectory() ? `a folder, ${(stat.mode & 0o7777).toString(8)}` : stat.ino;
  }
  return found;
}

test("the folder that was replaced comes back as the one that is wanted", () => {
  assert.not(change(["gone.py"], ["made-1.py"]));
  const first = contentOf(site());
  assert.ok(change(["made-1.py"], ["made-2.py"]));
  const { "made-1.py": _, ...rest } = first;
  const { "made-2.py": made, ...kept } = contentOf(site());
  assert.equal(kept, rest);
  assert.type(made, "number");
  assert.ok(change(["other.dist-info"], []));
  assert.equal(fs.readdirSync(site()).sort(), ["link", "made-2.py", "module.py", "pkg.dist-info"]);
});

const CARRIED_OVER = "what somebody else has done there in between is carried over";
for (const [name, later] of [
  [CARRIED_OVER, 0],
  [`${CARRIED_OVER}, also when folders are known by their times`, 10_000],
] as const)
  test(name, () => {
    laterMs = later;
    change(["gone.py"], []);
    change([], ["first.py"]);
    meddle();
    const before = contentOf(site());
    assert.ok(change([], ["made.py"]));
    const { "made.py": _, ...kept } = contentOf(site());
    assert.equal(kept, before);
    fs.rmSync(site("own.py"));
    assert.ok(change(["made.py"], []));
    const { "own.py": _own, ...rest } = before;
    assert.equal(contentOf(site()), rest);
    laterMs = 0;
  });

function meddle(): void {
  fs.writeFileSync(site("own.py"), "mine");
  fs.rmSync(site("pkg.dist-info", "licenses"), { recursive: true });
  fs.writeFileSync(site("pkg.dist-info", "licenses"), "a file now");
  fs.writeFileSync(site("replaced"), "another");
  fs.renameSync(site("replaced"), site("module.py"));
  fs.rmSync(site("link"));
  fs.symlinkSync("elsewhere", site("link"));
  fs.rmSync(site("pkg.dist-info", "link"));
  fs.mkdirSync(site("pkg.dist-info", "link"));
  fs.writeFileSync(site("pkg.dist-info", "link", "in it"), "");
}

/** Until a change gets another time than what was done before. */
function waitForTick(): void {
  const time = (): number => {
    fs.writeFileSync(at("probe"), "");
    return fs.statSync(at("probe")).ctimeMs;
  };
  const before = time();
  while (time() === before);
}

test("a folder with a mode of its own is made anew, as without a spare one", () => {
  change(["gone.py"], []);
  assert.ok(change([], ["made.py"]));
  fs.chmodSync(site("pkg.dist-info"), 0o700);
  change([], ["more.py"]);
  assert.not(change([], ["most.py"]), "what was replaced had it");
  assert.is(fs.statSync(site("pkg.dist-info")).mode & 0o777, 0o777 & ~process.umask());
});

test("a command with another mask for new files gets none", () => {
  change(["gone.py"], []);
  const umask = process.umask(0o077);
  try {
    assert.not(change([], ["made.py"]));
    assert.is(fs.statSync(site("pkg.dist-info")).mode & 0o777, 0o700);
  } finally {
    process.umask(umask);
  }
});

test("where the spare one has gone or was changed, all is as it is without", () => {
  change(["gone.py"], []);
  for (const name of fs.readdirSync(at("data", "spares"))) fs.rmSync(at("data", "spares", name), { recursive: true });
  assert.not(change([], ["made.py"]));
  const [home = ""] = fs.readdirSync(at("data", "spares"));
  const [spare = ""] = fs.readdirSync(at("data", "spares", home)).filter((name) => name !== "owner.json");
  fs.rmSync(at("data", "spares", home, spare, "pkg.dist-info", "link"));
  const before = contentOf(site());
  change(["module.py"], []);
  const { "module.py": _, ...rest } = before;
  assert.equal(contentOf(site()), rest);
  assert.not(fs.existsSync(at("staged")));
});

test("four are kept at most, and none when the process ends", () => {
  try {
    for (let count = 0; count < 6; count++) {
      env = `env-${count}`;
      fs.cpSync(at("env"), at(env), { recursive: true, verbatimSymlinks: true });
      change(["gone.py"], []);
    }
  } finally {
    env = "env";
  }
  const spares = at("data", "spares");
  const [home = ""] = fs.readdirSync(spares);
  assert.is(fs.readdirSync(path.join(spares, home)).length, 4 + 1);
  void leave();
  assert.equal(fs.readdirSync(spares), []);
});

test.run();
