import fs from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { ProvisionOrder } from "../../plugin-api/services.ts";
import {
  type BuildMachine,
  COPY,
  createBuildMachine,
  failure,
  leftovers,
  notes,
  pyproject,
} from "../../test/harness/build-machine.ts";
import build from "./build.ts";

const test = suite<{ machine: BuildMachine }>("failed builds");
test.before.each((context) => {
  context.machine = createBuildMachine();
});
test.after.each(({ machine }) => machine.remove());

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
