import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ProvisionOrder } from "../../plugin-api/services.ts";
import {
  archived,
  type BuildMachine,
  builds,
  COPY,
  createBuildMachine,
  failure,
  interpreter,
  leftovers,
  notes,
} from "../../test/harness/build-machine.ts";
import build from "./build.ts";

const test = suite<{ machine: BuildMachine }>("build");
test.before.each((context) => {
  context.machine = createBuildMachine();
});
test.after.each(({ machine }) => machine.remove());

test("a tree is built by its own backend, in its own folder and environment", async ({ machine }) => {
  const input = machine.tree(`${COPY}
@staticmethod
def get_requires_for_build_wheel(config_settings=None):
    assert os.getcwd() == str(HERE.parent) and sys.path[0] == str(HERE), sys.path
    assert not any(os.path.exists(os.path.join(folder, "request.json")) for folder in sys.path), sys.path
    note("%s %s" % (sys.prefix != sys.base_prefix, config_settings))
    return []
`);
  const output = await build(input, machine.open());
  assert.ok(output);
  assert.is(path.basename(output.path), "brokenext-1.0-py3-none-any.whl");
  assert.ok(fs.statSync(output.path).size > 0);
  assert.equal(notes(machine), ["True {}", "build_wheel"]);
  assert.match(fs.readFileSync(machine.at("data/logs/build-brokenext-1.0.log"), "utf8"), /build_wheel\ncopying\n/);
  const [order] = machine.orders;
  assert.equal([order?.destination.isExact, order?.destination.interpreter.path], [true, interpreter.path]);
  assert.not.ok(fs.existsSync(order?.destination.root as string));
  assert.equal(leftovers(machine), []);
  assert.equal(builds(machine), [
    { type: "BuildStart", package: "brokenext 1.0", backend: "backend" },
    ...["environment", "requirements", "wheel"].map((task) => ({
      type: "BuildTask" as const,
      package: "brokenext 1.0",
      task,
    })),
    { type: "BuildComplete", package: "brokenext 1.0", cache: false },
  ]);
});

test("an archive is built once for all runs; other bytes are built anew", async ({ machine }) => {
  const input = archived(machine, machine.tree(COPY));
  const first = await build(input, machine.open());
  const again = await build(input, machine.open());
  assert.equal(again, first);
  assert.equal(notes(machine), ["build_wheel"]);
  assert.is(machine.orders.length, 1);
  assert.equal(
    builds(machine)
      .slice(-2)
      .map(({ type }) => type),
    ["CacheHit", "BuildComplete"],
  );
  const other = await build({ ...input, interpreter: { ...interpreter, identity: "another" } }, machine.open());
  assert.is.not(other?.path, first?.path);
  await build(archived(machine, machine.tree(`${COPY}\n# changed`)), machine.open());
  assert.is(notes(machine).length, 3);
});

/** A backend with a well-known name, which hands out the wheel that is in the tree. */
const HATCHLING = `
import os, pathlib, shutil
def build_wheel(folder, config_settings=None, metadata_directory=None):
    with open(os.environ["NOTES"], "a") as file:
        file.write("built\\n")
    [wheel] = pathlib.Path.cwd().glob("_own/*.whl")
    for name in os.environ.get("LEAVES", "").split():
        pathlib.Path(name).write_text("left")
    shutil.copy(wheel, folder)
    return wheel.name
build_editable = build_wheel
`;
function plainTree(machine: BuildMachine) {
  const input = { ...machine.tree(""), want: "editable" } as const;
  machine.write({
    "brokenext/pyproject.toml":
      '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n[project]\nname = "brokenext"\nversion = "1.0"\n',
  });
  const { 1: minor } = /3\.(\d+)/.exec(execFileSync(interpreter.path, ["-V"], { encoding: "utf8" })) ?? [];
  const provision = async ({ destination }: ProvisionOrder): Promise<void> => {
    const folder = path.join(destination.root, `lib/python3.${minor}/site-packages/hatchling`);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "build.py"), HATCHLING);
    fs.writeFileSync(path.join(folder, "__init__.py"), "");
  };
  return { input, open: (env: Record<string, string> = {}) => machine.open({ provision, env }) };
}
const tick = (): Promise<void> => new Promise((done) => setTimeout(done, 60));

test("a plain project's editable wheel is built once as long as its files are what they were", async ({ machine }) => {
  const { input, open } = plainTree(machine);
  await tick();
  const first = await build(input, open());
  assert.equal(await build(input, open()), first);
  assert.equal(notes(machine), ["built"]);
  for (const _ of [1, 2]) await build({ ...input, want: "wheel" }, open());
  assert.equal(notes(machine).splice(1), ["built", "built"], "git may have a say in what goes into another wheel");
  fs.writeFileSync(machine.at("notes"), "built\n");
  machine.write({ "brokenext/src.py": "x = 1" });
  await tick();
  const other = await build(input, open());
  assert.equal(notes(machine), ["built", "built"]);
  await build(input, open({ HATCH_VERBOSE: "1" }));
  assert.is(notes(machine).length, 3, "with another variable that the backend looks at");
  fs.rmSync(machine.at("brokenext/src.py"));
  assert.equal(await build(input, open()), first, "as it was before");
  assert.is.not(other?.path, first?.path);
});

test("a plain project whose files change while it is built is built again", async ({ machine }) => {
  const { input, open } = plainTree(machine);
  await tick();
  for (const count of [1, 2]) {
    await build(input, open({ LEAVES: "left.txt" }));
    await tick();
    assert.is(notes(machine).length, count);
  }
  assert.ok(await build(input, open()));
});

test("two builds of one archive at a time end with one wheel", async ({ machine }) => {
  const input = archived(machine, machine.tree(COPY));
  const [one, two] = await Promise.all([build(input, machine.open()), build(input, machine.open())]);
  assert.equal(one, two);
  assert.ok(fs.existsSync(one?.path as string));
  assert.equal(leftovers(machine), []);
});

test("each hook runs in a process in which none ran before; what is called behind a missing one needs none of its own", async ({
  machine,
}) => {
  const told = `${COPY}
@staticmethod
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    note("metadata %d" % os.getpid())
    return None
`;
  const requiring = `${told}
@staticmethod
def get_requires_for_build_wheel(config_settings=None):
    note("requires %d" % os.getpid())
    return []
`;
  const starts = 'note("start %d" % os.getpid())';
  const wanting = async (text: string): Promise<readonly string[]> => {
    fs.rmSync(machine.at("notes"), { force: true });
    const input = { ...machine.tree(`${text}\n${starts}\n`), want: "metadata" } as const;
    await failure(build(input, machine.open()));
    return notes(machine);
  };
  const together = await wanting(told);
  assert.equal(
    together.map((line) => line.split(" ")[0]),
    ["start", "metadata"],
  );
  const apart = await wanting(requiring);
  assert.equal(
    apart.map((line) => line.split(" ")[0]),
    ["start", "requires", "start", "metadata"],
  );
  assert.is(new Set(apart.map((line) => line.split(" ")[1])).size, 2);
});

test("metadata comes from the backend's hook, without building", async ({ machine }) => {
  const input = machine.tree(`${COPY}
@staticmethod
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = pathlib.Path(folder, "brokenext-1.0.dist-info")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\\nName: brokenext\\nVersion: 1.0\\n")
    return info.name
`);
  const output = await build({ ...archived(machine, input), want: "metadata" }, machine.open());
  assert.match(
    fs.readFileSync(path.join(output?.path as string, "METADATA"), "utf8"),
    /^Metadata-Version: 2\.1\nName: brokenext/,
  );
  assert.equal(notes(machine), []);
});

test("metadata without a hook comes from the wheel, which is then there already", async ({ machine }) => {
  const input = archived(machine, machine.tree(COPY));
  const output = await build({ ...input, want: "metadata" }, machine.open());
  assert.match(fs.readFileSync(path.join(output?.path as string, "METADATA"), "utf8"), /Requires-Dist: idna>=3/);
  await build(input, machine.open());
  fs.rmSync(path.dirname(output?.path as string), { recursive: true });
  assert.equal(await build({ ...input, want: "metadata" }, machine.open()), output);
  assert.equal(notes(machine), ["build_wheel"]);
});

test("what the backend asks for is added in a second environment", async ({ machine }) => {
  const hook = (list: string) => `
@staticmethod
def get_requires_for_build_wheel(config_settings=None):
    return ${list}
`;
  await build(machine.tree(COPY + hook('["one>=1", "two"]'), { requires: ["one>=1"] }), machine.open());
  assert.equal(
    machine.orders.map(({ demands }) => demands.map(({ text }) => text)),
    [["one>=1"], ["one>=1", "two"]],
  );
  machine.orders.length = 0;
  await build(machine.tree(COPY + hook('["one>=1"]'), { requires: ["one>=1"] }), machine.open());
  assert.is(machine.orders.length, 1);
  assert.match(
    (await failure(build(machine.tree(COPY + hook('"one"')), machine.open()))).message,
    "gave no list of requirements",
  );
});

test("variables of compilers pass, those of Python, of PyBun and secrets do not", async ({ machine }) => {
  const input = machine.tree(`${COPY}
@staticmethod
def get_requires_for_build_wheel(config_settings=None):
    for name in sorted(os.environ):
        note(name + "=" + os.environ[name])
    return []
`);
  const env = {
    CFLAGS: "-O2",
    PYTHONPATH: "/x",
    PYTHONHOME: "/x",
    BUN_OPTIONS: "-x",
    PYBUN_HOME: "/x",
    GITHUB_TOKEN: "x",
    MY_API_KEY: "x",
  };
  await build(input, machine.open({ env }));
  const seen = new Map(
    notes(machine).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  assert.is(seen.get("CFLAGS"), "-O2");
  const withheld = Object.keys(env).filter((name) => name !== "CFLAGS");
  assert.equal(
    withheld.filter((name) => seen.has(name)),
    [],
  );
  assert.ok(seen.get("HOME")?.startsWith(machine.at("data/build/tmp")));
  assert.ok(seen.get("TMPDIR")?.startsWith(machine.at("data/build/tmp")));
  assert.is(
    seen.get("PATH")?.split(path.delimiter)[0],
    path.join(machine.orders[0]?.destination.root as string, "bin"),
  );
});

for (const ending of ["tar.gz", "zip"] as const)
  test(`executable files of a ${ending} stay executable`, async ({ machine }) => {
    const hooks = `${COPY}
@staticmethod
def get_requires_for_build_wheel(config_settings=None):
    note("%s %s" % (os.access(HERE / "run.sh", os.X_OK), os.access(HERE / "backend.py", os.X_OK)))
    return []
`;
    const tree = machine.tree(hooks, { files: { "_own/run.sh": "#!/bin/sh\n" } });
    await build(archived(machine, tree, ending), machine.open());
    assert.is(notes(machine)[0], "True False");
  });

test("a folder below the top is built when it is asked for, and must be there", async ({ machine }) => {
  const input = archived(machine, machine.tree(COPY));
  machine.write({ "outer/readme": "" });
  fs.renameSync(machine.at("brokenext"), machine.at("outer/inner"));
  const output = await build({ ...input, path: machine.at("outer"), subdirectory: "inner" }, machine.open());
  assert.ok(output?.path.endsWith(".whl"));
  const error = await failure(build({ ...input, subdirectory: "nowhere" }, machine.open()));
  assert.is(error.message, "`brokenext 1.0` has no folder `nowhere`");
});

test.run();
