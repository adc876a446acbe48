import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { describeInterpreter } from "../../test/harness/interpreter.ts";
import { type Python, pythons } from "../../test/harness/python.ts";
import { writeSkeleton } from "./skeleton.ts";

let dir = "";
test.before(() => {
  dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "skeleton-")));
});
test.after(() => fs.rmSync(dir, { recursive: true, force: true }));

const MAKER = { version: "1.2.3", platform: process.platform };
/** Everything about an environment that code running in it can see. */
const FACTS = `
import json, os, site, sys, sysconfig
print(json.dumps({
  "prefix": sys.prefix, "exec": sys.exec_prefix, "base": sys.base_prefix, "executable": sys.executable,
  "base_executable": os.path.realpath(sys._base_executable), "version": sys.version, "flags": sys.flags.no_user_site,
  "path": sys.path, "site": site.getsitepackages(), "user": site.ENABLE_USER_SITE,
  "paths": sysconfig.get_paths(), "scheme": sysconfig.get_default_scheme() if sys.version_info >= (3, 10) else None,
  "config": sysconfig.get_config_h_filename(), "make": sysconfig.get_makefile_filename(),
}))`;

/** What runs here writes nothing elsewhere, and pip asks nobody for its newest version. */
const QUIET = { PYTHONDONTWRITEBYTECODE: "1", PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INDEX: "1" };
const run = (program: string, ...args: string[]) => {
  const env = { ...process.env, ...QUIET, TMPDIR: dir };
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return stdout;
};
const isOneOfEachMinor = (python: Python, index: number, all: readonly Python[]): boolean =>
  all.findIndex(({ version }) => version[1] === python.version[1]) === index;

const minors = pythons().filter(isOneOfEachMinor);
const oldestAndNewest = new Set([minors[0], minors.at(-1)]);
for (const python of minors) {
  const name = python.version.join(".");
  test(`Python ${name} sees in it what it sees in an environment of its own making`, async () => {
    const root = path.join(dir, `env-${name}`);
    run(python.path, "-m", "venv", "--without-pip", root);
    const expected = JSON.parse(run(path.join(root, "bin", "python"), "-c", FACTS)) as unknown;
    const expectedTree = treeOf(root);
    fs.rmSync(root, { recursive: true });
    const interpreter = await describeInterpreter(python, path.join(dir, "data"));
    writeSkeleton({ root, interpreter, isExact: true }, root, MAKER);
    assert.equal(JSON.parse(run(path.join(root, "bin", "python"), "-c", FACTS)), expected);
    const missing = expectedTree.filter((entry) => !treeOf(root).includes(entry));
    assert.equal(missing, [], "nothing that `venv` makes is missing");
  });

  if (!oldestAndNewest.has(python)) continue;
  test(`ensurepip works in an environment of Python ${name}`, async () => {
    const root = path.join(dir, `pip-${name}`);
    const interpreter = await describeInterpreter(python, path.join(dir, "data"));
    writeSkeleton({ root, interpreter, isExact: true }, root, MAKER);
    const executable = path.join(root, "bin", "python");
    run(executable, "-m", "ensurepip");
    const listed = JSON.parse(run(executable, "-m", "pip", "list", "--format=json")) as { readonly name: string }[];
    assert.ok(listed.some((each) => each.name === "pip"));
    assert.ok(run(executable, "-m", "pip", "--version").includes(root));
  });
}

/** Paths of what is there; the interpreter's own link may have one name or another. */
function treeOf(root: string, below = ""): string[] {
  return fs.readdirSync(path.join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(below, entry.name);
    return entry.isDirectory() ? [`${name}/`, ...treeOf(root, name)] : [name];
  });
}

test("it may be written elsewhere than it is going to be", async () => {
  const [python] = pythons();
  if (!python) return;
  const interpreter = await describeInterpreter(python, path.join(dir, "data"));
  const root = path.join(dir, "final place");
  writeSkeleton({ root, interpreter, isExact: true, prompt: "shop" }, path.join(dir, "staged"), MAKER);
  const inside = (file: string) => fs.readFileSync(path.join(dir, "staged", file), "utf8");
  assert.not.match(inside("bin/activate"), "staged");
  assert.match(inside("bin/activate"), root);
  assert.match(inside("pyvenv.cfg"), "prompt = shop\n");
  assert.match(inside("pyvenv.cfg"), "pybun = 1.2.3\n");
  assert.match(inside("pyvenv.cfg"), "include-system-site-packages = false\n");
  assert.is(inside(".gitignore"), "*\n");
  writeSkeleton({ root: path.join(dir, ".pybun", "venv"), interpreter, isExact: true }, path.join(dir, "own"), MAKER);
  assert.not(fs.existsSync(path.join(dir, "own", ".gitignore")), "the project's folder says it");
});

test("packages of the interpreter itself can be let in", async () => {
  const [python] = pythons();
  if (!python) return;
  const interpreter = await describeInterpreter(python, path.join(dir, "data"));
  const root = path.join(dir, "system-site");
  writeSkeleton({ root, interpreter, isExact: true, seesSystemSite: true }, root, MAKER);
  const code = "import sys; print(any(p.startswith(sys.base_prefix) and p.endswith('-packages') for p in sys.path))";
  assert.is(run(path.join(root, "bin", "python"), "-c", code).trim(), "True");
});

test.run();
