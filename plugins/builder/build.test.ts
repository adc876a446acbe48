import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import type { Event } from "../../plugin-api/event.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { Provision, type ProvisionOrder } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { BuildInput } from "../../plugin-api/stages.ts";
import { createMachine, type FakeMachine } from "../../test/harness/fake-machine.ts";
import { requirePython } from "../../test/harness/python.ts";
import { makeWheel } from "../../test/harness/wheel.ts";
import { writeZip } from "../../test/harness/zip-writer.ts";
import build from "./build.ts";

interface Context extends FakeMachine {
  readonly orders: ProvisionOrder[];
  /** Writes a source tree with this backend and gives what has to be built. */
  tree(
    backend: string,
    more?: { requires?: readonly string[]; name?: string; files?: Record<string, string | Buffer> },
  ): BuildInput;
  open(more?: {
    provision?: (order: ProvisionOrder) => Promise<void>;
    env?: Record<string, string>;
    signal?: AbortSignal;
  }): Session;
}
const test = suite<{ machine: Context }>("build");

const python = requirePython().path;
const interpreter = {
  path: python,
  basePath: python,
  version: "3.0",
  isVirtual: false,
  identity: python,
} as BuildInput["interpreter"];
const pyproject = (requires: readonly string[]): string =>
  `[build-system]\nrequires = ${JSON.stringify(requires)}\nbuild-backend = "backend:api"\nbackend-path = ["_own"]\n`;

/** A backend with these hooks; `note(x)` writes down that something happened. */
const backendOf = (hooks: string): string => `
import os, pathlib, shutil, sys
HERE = pathlib.Path(__file__).parent
def note(text):
    with open(os.environ["NOTES"], "a") as file:
        file.write(text + "\\n")
class api:
${hooks.replace(/^/gm, "    ")}
`;
const COPY = `
@staticmethod
def build_wheel(folder, config_settings=None, metadata_directory=None):
    note("build_wheel")
    print("copying")
    [wheel] = HERE.glob("*.whl")
    shutil.copy(wheel, folder)
    return wheel.name
`;

test.before.each((context) => {
  const machine = createMachine();
  const { at, write } = machine;
  const orders: ProvisionOrder[] = [];
  const provision = async (order: ProvisionOrder): Promise<unknown> => {
    orders.push(order);
    const { root } = order.destination;
    execFileSync(python, ["-m", "venv", "--without-pip", root]);
    return { environment: { root, python: path.join(root, "bin", "python") } };
  };
  context.machine = {
    ...machine,
    orders,
    tree: (backend, { requires = [], name = "brokenext", files = {} } = {}) => {
      const wheel = makeWheel({ name: "brokenext", version: "1.0", requires: ["idna>=3"] });
      write({ [`${name}/pyproject.toml`]: pyproject(requires), [`${name}/_own/backend.py`]: backendOf(backend) });
      for (const [file, data] of Object.entries({ [`_own/${wheel.filename}`]: wheel.bytes, ...files }))
        fs.writeFileSync(at(`${name}/${file}`), data);
      return { name: normalizeName(name), version: "1.0", path: at(name), interpreter, want: "wheel" };
    },
    open: ({ provision: before, env = {}, signal } = {}) => {
      const service = {
        provision: async (order: ProvisionOrder) => {
          await before?.(order);
          return provision(order);
        },
      };
      const everything = { PATH: process.env["PATH"] as string, NOTES: at("notes"), ...env };
      const session = machine.session({ env: everything, services: { [Provision.name]: service } });
      return signal ? { ...session, signal } : session;
    },
  };
});
test.after.each(({ machine }) => machine.remove());

/** The same sources as an archive. */
function zipped(machine: Context, input: BuildInput): BuildInput {
  const files = fs.readdirSync(input.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const members = files.map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const mode = file.endsWith(".sh") ? 0o100755 : 0o100644;
    return { path: `brokenext-1.0/${path.relative(input.path, file)}`, data: fs.readFileSync(file), mode };
  });
  fs.writeFileSync(machine.at("brokenext-1.0.zip"), writeZip(members));
  return { ...input, path: machine.at("brokenext-1.0.zip") };
}

const notes = ({ at }: Context): string[] =>
  fs.existsSync(at("notes")) ? fs.readFileSync(at("notes"), "utf8").split("\n").slice(0, -1) : [];
const builds = ({ events }: Context): Event[] =>
  events.filter(({ type }) => type.startsWith("Build") || type === "CacheHit");
const leftovers = ({ at }: Context): string[] => fs.readdirSync(at("data/build/tmp"));

async function failure(promise: Promise<unknown>): Promise<PybunError> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, PybunError);
    return error as PybunError;
  }
  throw new Error("the build succeeded");
}

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
  assert.equal([order?.destination.isExact, order?.destination.interpreter.path], [true, python]);
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
  const input = zipped(machine, machine.tree(COPY));
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
  await build(zipped(machine, machine.tree(`${COPY}\n# changed`)), machine.open());
  assert.is(notes(machine).length, 3);
});

test("two builds of one archive at a time end with one wheel", async ({ machine }) => {
  const input = zipped(machine, machine.tree(COPY));
  const [one, two] = await Promise.all([build(input, machine.open()), build(input, machine.open())]);
  assert.equal(one, two);
  assert.ok(fs.existsSync(one?.path as string));
  assert.equal(leftovers(machine), []);
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
  const output = await build({ ...zipped(machine, input), want: "metadata" }, machine.open());
  assert.match(
    fs.readFileSync(path.join(output?.path as string, "METADATA"), "utf8"),
    /^Metadata-Version: 2\.1\nName: brokenext/,
  );
  assert.equal(notes(machine), []);
});

test("metadata without a hook comes from the wheel, which is then there already", async ({ machine }) => {
  const input = zipped(machine, machine.tree(COPY));
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

test("a failure shows the end of the log without compilers' commands", async ({ machine }) => {
  const input = machine.tree(`
@staticmethod
def build_wheel(folder, config_settings=None, metadata_directory=None):
    for line in range(30):
        print("line", line)
        print("gcc -pthread -c brokenext.c -o brokenext.o")
    sys.stdout.flush()
    raise SystemExit("cannot go on")
`);
  const error = await failure(build(input, machine.open()));
  const log = machine.at("data/logs/build-brokenext-1.0.log");
  assert.is(error.code, "E_BUILD_FAILED");
  assert.is(error.message, "`brokenext 1.0` could not be built: ended with status 1");
  const lines = Array.from({ length: 14 }, (_, index) => `line ${16 + index}`);
  assert.equal(error.detail.evidence, [...lines, "cannot go on", `full log   ${log}`]);
  assert.match(fs.readFileSync(log, "utf8"), "gcc -pthread");
  assert.equal(leftovers(machine), []);
});

test("a missing part of the system is named, with the command that brings it", async ({ machine }) => {
  const input = machine.tree(`
@staticmethod
def build_wheel(folder, config_settings=None, metadata_directory=None):
    print("b.c:2:10: fatal error: libpq-fe.h: No such file or directory")
    sys.exit(1)
`);
  const error = await failure(build(input, machine.open()));
  assert.equal(
    [error.code, error.message],
    ["E_BUILD_SYSTEM_LIB", "`brokenext 1.0` needs header `libpq-fe.h` to build"],
  );
  assert.is(error.detail.evidence?.[0], "b.c:2:10: fatal error: libpq-fe.h: No such file or directory");
});

test("executable files of an archive stay executable", async ({ machine }) => {
  const input = zipped(
    machine,
    machine.tree(
      `${COPY}
@staticmethod
def get_requires_for_build_wheel(config_settings=None):
    note("%s %s" % (os.access(HERE / "run.sh", os.X_OK), os.access(HERE / "backend.py", os.X_OK)))
    return []
`,
      { files: { "_own/run.sh": "#!/bin/sh\n" } },
    ),
  );
  await build(input, machine.open());
  assert.is(notes(machine)[0], "True False");
});

const FAILURES: Readonly<Record<string, readonly [hooks: string, message: string]>> = {
  "ends without an answer": [
    "\ndef build_wheel(*args, **more):\n    os._exit(0)\n",
    "the backend ended without an answer",
  ],
  "names a file elsewhere": [
    '\ndef build_wheel(*args, **more):\n    return "../x.whl"\n',
    "build_wheel gave no name ending in .whl",
  ],
  "names a wheel it did not make": [
    '\ndef build_wheel(*args, **more):\n    return "x-1-py3-none-any.whl"\n',
    "build_wheel made no wheel",
  ],
  "has no hook to build": ["\npass\n", "has a backend without the hook build_wheel"],
};
for (const [what, [hooks, message]] of Object.entries(FAILURES))
  test(`a backend that ${what} is refused`, async ({ machine }) => {
    const error = await failure(build(machine.tree(hooks), machine.open()));
    assert.is(error.code, "E_BUILD_FAILED");
    assert.ok(error.message.includes(message), error.message);
  });

test("a wheel of another release is refused", async ({ machine }) => {
  const input = machine.tree(COPY);
  const refused = [{ name: normalizeName("other") }, { version: "1.1" }];
  for (const more of refused) {
    const error = await failure(build({ ...input, ...more }, machine.open()));
    assert.match(error.message, /was built into a wheel of another release: brokenext 1\.0$/);
  }
  assert.ok(await build({ ...input, version: "1.0.0" }, machine.open()));
});

test("a backend that does not come from its own path is refused", async ({ machine }) => {
  const input = machine.tree(COPY);
  machine.write({ "brokenext/pyproject.toml": pyproject([]).replace("backend:api", "json:tool") });
  const error = await failure(build(input, machine.open()));
  assert.ok(error.detail.evidence?.some((line) => line.includes("is not in its backend-path")));
});

test("a package that needs itself to be built is refused, also through another one", async ({ machine }) => {
  const seen: (readonly string[])[] = [];
  const missing = new PybunError("E_RESOLVE_MISSING", "no version of `bomb` has a wheel");
  const inner = machine.tree(COPY, { name: "between", requires: ["Bomb>=1"] });
  const outer = machine.tree(COPY, { name: "bomb", requires: ["between"] });
  const provision = async ({ demands, policy }: ProvisionOrder): Promise<void> => {
    seen.push(policy?.noBuild ?? []);
    if (demands[0]?.requirement.name === "bomb") throw missing;
    await build({ ...inner, name: normalizeName("between") }, machine.open({ provision }));
  };
  const error = await failure(build(outer, machine.open({ provision })));
  assert.is(error.code, "E_BUILD_FAILED");
  assert.is(error.message, "`between 1.0` can only be built with `Bomb>=1`, which is being built already");
  assert.is(error.detail.evidence?.[0], "loop        bomb -> between -> bomb");
  assert.equal(seen, [["bomb"], ["bomb", "between"]]);
  machine.write({ "bomb/pyproject.toml": pyproject(["bomb"]) });
  const direct = await failure(build(outer, machine.open({ provision })));
  assert.is(direct.detail.evidence?.[0], "loop        bomb -> bomb");
  assert.equal(leftovers(machine), []);
});

test("an error on the way to the environment keeps its code and says what for", async ({ machine }) => {
  const down = async (): Promise<void> => {
    throw new PybunError("E_NETWORK", "cannot reach index `pypi`", { evidence: ["3 attempts"] });
  };
  const error = await failure(
    build(machine.tree(COPY, { requires: ["setuptools"] }), machine.open({ provision: down })),
  );
  assert.equal([error.code, error.message], ["E_NETWORK", "cannot reach index `pypi`"]);
  assert.equal(error.detail.evidence, ["needed to build brokenext 1.0", "3 attempts"]);
});

/** A process that has ended but that nobody asked about yet is not running. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) [ZX] /.test(fs.readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test("a stop ends the backend and everything it started", async ({ machine }) => {
  const stop = new AbortController();
  const input = machine.tree(`
@staticmethod
def build_wheel(folder, config_settings=None, metadata_directory=None):
    import subprocess
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    note(str(child.pid))
    child.wait()
`);
  const building = build(input, machine.open({ signal: stop.signal }));
  await new Promise<void>((resolve) => {
    const watcher = fs.watch(machine.root, () => {
      if (notes(machine).length === 0) return;
      watcher.close();
      resolve();
    });
  });
  stop.abort(new PybunError("E_STOPPED", "stopped"));
  assert.is((await failure(building)).code, "E_STOPPED");
  const pid = Number(notes(machine)[0]);
  const deadlineMs = performance.now() + 10_000;
  while (isRunning(pid) && performance.now() < deadlineMs) await new Promise((resolve) => setImmediate(resolve));
  assert.not.ok(isRunning(pid), "what the backend started goes on");
  assert.equal(leftovers(machine), []);
});

test.run();
