import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { removeTree } from "../harness/files.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { pythons, requirePython } from "../harness/python.ts";

// Exports of real locks, put to use with the tools they are for: the reference implementation, pip and uv, on the
// newest and the oldest Python that is here.

const work = fs.mkdtempSync(path.join(os.tmpdir(), "export-"));
test.after(() => removeTree(work));

function call(command: string, args: readonly string[], cwd = work): string {
  const env = {
    ...process.env,
    UV_CACHE_DIR: path.join(work, "uv"),
    PIP_CACHE_DIR: path.join(work, "pip"),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    NO_COLOR: "1",
    FORCE_COLOR: undefined,
  };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  assert.is(status, 0, `${command} ${args.join(" ")}\n${stdout}\n${stderr}`);
  return stdout;
}

/** An environment with the newest pip, uv and the reference implementation. */
const tools = path.join(work, "tools");
call(requirePython().path, ["-m", "venv", tools]);
const tool = (name: string): string => path.join(tools, "bin", name);
call(tool("python"), ["-m", "pip", "install", "-q", "-U", "pip", "packaging", "uv"]);

const VALIDATE = `
import sys, tomllib
from packaging.pylock import Pylock
with open("pylock.toml", "rb") as file:
    lock = Pylock.from_dict(tomllib.load(file))
lock.validate()
for package, _ in sorted(lock.select(extras=sys.argv[1:]), key=lambda each: each[0].name):
    print(f"{package.name}=={package.version}")
`;

const online = { PYBUN_INDEX_URL: process.env["TEST_ONLINE_INDEX"] };

let made = 0;
/** What an environment of a Python holds after an installer has run in it, and that it fits together. */
function installed(python: string, install: (environment: string) => void): readonly string[] {
  const environment = path.join(work, `environment-${made++}`);
  call(tool("uv"), ["venv", "-q", "--python", python, environment]);
  install(environment);
  const own = path.join(environment, "bin", "python");
  call(tool("uv"), ["pip", "check", "--python", own]);
  const list = call(tool("uv"), ["pip", "freeze", "--python", own]).trim().split("\n").sort();
  removeTree(environment);
  return list;
}
const pip = (environment: string, cwd: string, ...args: string[]) =>
  call(
    tool("python"),
    ["-m", "pip", "--python", path.join(environment, "bin", "python"), "install", "-q", ...args],
    cwd,
  );

interface Project {
  readonly requires: readonly string[];
  readonly extra?: readonly string[];
  /** A floor that all packages' newest releases have passed, so that versions differ by Python. */
  readonly python: string;
}
const PROJECTS: Readonly<Record<string, Project>> = {
  web: { requires: ["flask", "requests[socks]", "jinja2"], extra: ["uvicorn[standard]"], python: ">=3.10" },
  numbers: { requires: ["numpy", "colorama; sys_platform == 'win32'"], extra: ["rich"], python: ">=3.10" },
};

async function locked(place: Place, { requires, extra = [], python }: Project): Promise<void> {
  place.write({
    "pyproject.toml": `[project]
name = "app"
version = "1"
requires-python = "${python}"
dependencies = ${JSON.stringify(requires)}
[project.optional-dependencies]
more = ${JSON.stringify(extra)}
`,
  });
  const lock = await place.run(["lock"], { env: online, timeoutMs: 200_000 });
  assert.is(lock.exitCode, 0, lock.stderr);
}

/** What the reference implementation selects from the exported lock, with the extra. */
function selected(python: string, cwd: string): readonly string[] {
  const code = VALIDATE.replace(
    "import sys, tomllib",
    "import sys\ntry: import tomllib\nexcept ImportError: import tomli as tomllib",
  );
  const withTools = ["run", "-q", "--no-project", "--python", python, "--with", "packaging>=26.3", "--with", "tomli"];
  const lines = call(tool("uv"), [...withTools, "python", "-c", code, "more"], cwd);
  return lines.trim().split("\n").sort();
}

const sync = (environment: string, cwd: string) =>
  call(
    tool("uv"),
    ["pip", "sync", "-q", "--python", path.join(environment, "bin", "python"), "--extra", "more", "pylock.toml"],
    cwd,
  );

for (const [name, project] of Object.entries(PROJECTS))
  test(
    `${name}: the exports install, and all of them the same`,
    inPlace(async (place) => {
      await locked(place, project);
      const { cwd } = place;
      const pylock = await place.run(["export", "--format", "pylock", "-o", "pylock.toml"]);
      const requirements = await place.run(["export", "--extra", "more", "-o", "requirements.txt"]);
      assert.equal([pylock.exitCode, requirements.exitCode], [0, 0]);
      const least = Number(/3\.(\d+)/.exec(project.python)![1]);
      const able = pythons().filter((each) => each.version[1] >= least);
      for (const { path: python, version } of new Set([able[0]!, able.at(-1)!])) {
        const expected = selected(python, cwd);
        const hashed = installed(python, (here) => void pip(here, cwd, "--require-hashes", "-r", "requirements.txt"));
        const synced = installed(python, (here) => void sync(here, cwd));
        assert.equal([hashed, synced], [expected, expected], version.join("."));
        // pip knows no extras of a lock: it installs what holds without.
        const own = installed(python, (here) => void pip(here, cwd, "-r", "pylock.toml"));
        assert.ok(own.length > 0 && own.length < expected.length, version.join("."));
        assert.ok(
          own.every((each) => expected.includes(each)),
          version.join("."),
        );
      }
    }),
  );

test.run();
