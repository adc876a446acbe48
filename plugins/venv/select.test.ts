import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import type { Event } from "../../plugin-api/event.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Environments, Misfit } from "../../plugin-api/services.ts";
import { createMachine, type FakeMachine } from "../../test/harness/fake-machine.ts";
import { describeInterpreter, onlyInterpreter } from "../../test/harness/interpreter.ts";
import { requirePython } from "../../test/harness/python.ts";
import openEnvironments from "./service.ts";
import { writeSkeleton } from "./skeleton.ts";

let machine: FakeMachine;
let interpreter: Interpreter;
let facts = "";
test.before(async () => {
  facts = fs.mkdtempSync(path.join(os.tmpdir(), "select-"));
  interpreter = await describeInterpreter(requirePython(), facts);
});
test.after(() => fs.rmSync(facts, { recursive: true }));
test.before.each(() => {
  machine = createMachine();
});
test.after.each(() => machine.remove());

interface Scene {
  readonly environments?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** Link -> target, as written. */
  readonly links?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly isProject?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly misfit?: Misfit;
}

async function open(scene: Scene): Promise<Environments> {
  for (const name of scene.environments ?? []) {
    fs.mkdirSync(path.dirname(machine.at(name)), { recursive: true });
    writeSkeleton({ root: machine.at(name), interpreter, isExact: true }, machine.at(name), {
      version: "1",
      platform: "linux",
    });
  }
  machine.write(scene.files ?? {});
  for (const [link, target] of Object.entries(scene.links ?? {})) {
    fs.mkdirSync(path.dirname(machine.at(link)), { recursive: true });
    fs.symlinkSync(target.replace("@", machine.root), machine.at(link));
  }
  const env = Object.fromEntries(
    Object.entries(scene.env ?? {}).map(([key, value]) => [key, value.replace("@", machine.root)]),
  );
  const misfit = async () => scene.misfit;
  const session = machine.session({
    env,
    settings: { location: "project", dotVenv: true, ...scene.settings },
    services: { Interpreters: { ...onlyInterpreter(interpreter, facts), misfit } },
    ...(scene.isProject === false ? {} : { project: "work" }),
  });
  return openEnvironments({ ...session, settings: { location: "project", dotVenv: true, ...scene.settings } });
}

const [major, minor] = requirePython().version;
const GLOBAL = `data/envs/global/cp${major}${minor}`;

/** Title, scene, and the environment expected with its source; or the start of the error's message. */
const SCENES: readonly (readonly [string, Scene, string | readonly [string, string] | undefined])[] = [
  ["nothing at all in a project", {}, undefined],
  ["the project's own", { environments: ["work/.pybun/venv", "work/.venv"] }, ["work/.pybun/venv", "project"]],
  [
    "the project's .venv",
    { environments: ["work/.venv", "active"], env: { VIRTUAL_ENV: "@/active" } },
    ["work/.venv", "dot-venv"],
  ],
  ["the active one", { environments: ["active"], env: { VIRTUAL_ENV: "@/active" } }, ["active", "active"]],
  [
    "the one named, before all others",
    { environments: ["work/.pybun/venv", "other"], env: { PYBUN_ENV: "../other" } },
    ["other", "PYBUN_ENV"],
  ],
  [
    "a named one in the data directory",
    { environments: ["data/envs/work"], env: { PYBUN_ENV: "work" } },
    ["data/envs/work", "PYBUN_ENV"],
  ],
  [
    "a folder of that name, before one in the data directory",
    { environments: ["data/envs/tools", "work/tools"], env: { PYBUN_ENV: "tools" } },
    ["work/tools", "PYBUN_ENV"],
  ],
  [
    "the environment of an interpreter named by path",
    { environments: ["work/.pybun/venv", "other"], env: { PYBUN_PYTHON: "@/other/bin/python" } },
    ["other", "PYBUN_PYTHON"],
  ],
  [
    "a version in PYBUN_PYTHON does not select",
    { environments: ["work/.venv"], env: { PYBUN_PYTHON: "3.12" } },
    ["work/.venv", "dot-venv"],
  ],
  ["the global one outside of projects", { environments: [GLOBAL], isProject: false }, [GLOBAL, "global"]],
  ["not the global one in a project", { environments: [GLOBAL] }, undefined],
  [
    "a .venv link whose .pybun was removed is to be made again",
    { links: { "work/.venv": ".pybun/venv" }, environments: ["active"], env: { VIRTUAL_ENV: "@/active" } },
    undefined,
  ],
  [
    "a .venv that showed a .pybun that was removed is to be made again",
    {
      links: { "work/.venv/pyvenv.cfg": "../.pybun/venv/pyvenv.cfg", "work/.venv/lib": "../.pybun/venv/lib" },
      environments: ["active"],
      env: { VIRTUAL_ENV: "@/active" },
    },
    undefined,
  ],
  [
    "a .venv that shows an environment, and is named",
    {
      environments: ["other/.pybun/venv"],
      links: { "other/.venv/pyvenv.cfg": "../.pybun/venv/pyvenv.cfg" },
      env: { VIRTUAL_ENV: "@/other/.venv" },
    },
    ["other/.pybun/venv", "active"],
  ],
  [
    "a .venv with something else in it is broken",
    { files: { "work/.venv/x/.keep": "" } },
    "`.venv` is not an environment",
  ],
  ["a .venv file of another tool is none", { files: { "work/.venv": "shop-a1b2\n" } }, undefined],
  [
    "PYBUN_ENV that names nothing",
    { env: { PYBUN_ENV: "nothing" }, environments: ["work/.pybun/venv"] },
    "`PYBUN_ENV` names no environment: `nothing`",
  ],
  [
    "a .venv link into nowhere",
    { links: { "work/.venv": "@/gone" }, environments: ["active"], env: { VIRTUAL_ENV: "@/active" } },
    "`.venv` leads nowhere",
  ],
  ["an active one that is gone", { env: { VIRTUAL_ENV: "@/gone" } }, "`@/gone` is not an environment"],
  [
    "an environment whose Python is gone",
    {
      files: { "work/.pybun/venv/pyvenv.cfg": "home = /nowhere\nversion = 3.11.7\nexecutable = /nowhere/python3.11\n" },
      environments: ["work/.venv"],
    },
    "the Python of `.pybun/venv` is gone (/nowhere/python3.11)",
  ],
];
for (const [title, scene, expected] of SCENES)
  test(`select: ${title}`, async () => {
    const environments = await open(scene);
    const selected = await environments.select().catch((error: unknown) => error);
    if (typeof expected === "string") {
      assert.instance(selected, PybunError);
      const { code, message, detail } = selected as PybunError;
      assert.is(code, "E_ENV_BROKEN");
      assert.ok(message.startsWith(expected.replace("@", machine.root)), message);
      assert.match(detail.hints?.[0] ?? "", /`pybun (env create|venv)/);
      return;
    }
    const { path: root, source } = (selected ?? {}) as { path?: string; source?: string };
    assert.equal(root === undefined ? undefined : [path.relative(machine.root, root), source], expected);
  });

test("select: a folder of something else is not offered to be replaced", async () => {
  for (const files of [{ "mine/a.txt": "x" }, { "mine.txt": "x" }]) {
    const environments = await open({
      files,
      env: { PYBUN_ENV: files["mine.txt"] === undefined ? "@/mine" : "@/mine.txt" },
    });
    const error = (await environments.select().catch((thrown: unknown) => thrown)) as PybunError;
    assert.equal(
      [error.code, error.detail.hints, error.detail.fixes],
      ["E_ENV_BROKEN", ["leave it out: `unset PYBUN_ENV`"], undefined],
    );
  }
});

test("select: a Python itself is used as it is", async () => {
  const environments = await open({ env: { PYBUN_PYTHON: interpreter.path } });
  const selected = await environments.select();
  assert.equal(
    [selected?.source, selected?.python, selected?.path],
    ["PYBUN_PYTHON", interpreter.path, interpreter.prefix],
  );
});

test("an environment of a Python that has become another version is broken", async () => {
  const environments = await open({ environments: ["work/.venv"] });
  const file = machine.at("work/.venv/pyvenv.cfg");
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace(/^version = .*/m, "version = 3.8.1"));
  const error = await environments.select().catch((error: unknown) => error);
  assert.match(
    (error as PybunError).message,
    `\`.venv\` was made for Python 3.8, and its Python is ${major}.${minor} now`,
  );
});

const MISFIT: Misfit = { request: "3.1", origin: ".python-version:1" };
const target = async (scene: Scene) => {
  const { root, source, selected } = await (await open(scene)).target();
  return [path.relative(machine.root, root), source, selected ? "there" : "to be made"];
};

test("target: the selected environment when its Python will do", async () => {
  assert.equal(await target({ environments: ["work/.venv"] }), ["work/.venv", "dot-venv", "there"]);
});
test("target: a project without one gets its own", async () => {
  assert.equal(await target({}), ["work/.pybun/venv", "project", "to be made"]);
});
test("target: or one in the data directory, when so configured", async () => {
  const [root, ...rest] = await target({ settings: { location: "central" } });
  assert.match(root as string, /^data\/envs\/work-[0-9a-f]{10}$/);
  assert.equal(rest, ["project", "to be made"]);
});
test("target: outside of projects the global one", async () => {
  assert.equal(await target({ isProject: false }), [GLOBAL, "global", "to be made"]);
  assert.equal(await target({ isProject: false, environments: [GLOBAL] }), [GLOBAL, "global", "there"]);
});
test("target: an own environment of another Python is to be rebuilt", async () => {
  const scene = { environments: ["work/.pybun/venv"], misfit: MISFIT };
  assert.equal(await target(scene), ["work/.pybun/venv", "project", "to be made"]);
});
test("target: a foreign one never is; a warning says so", async () => {
  assert.equal(await target({ environments: ["work/.venv"], misfit: MISFIT }), ["work/.venv", "dot-venv", "there"]);
  const [event] = machine.events as [Extract<Event, { type: "Diagnostic" }>];
  assert.is(event.diagnostic.code, "W_PYTHON_MISMATCH");
  assert.match(event.diagnostic.message, /^`\.venv` has Python \d+\.\d+\.\d+, \.python-version:1 asks for `3\.1`$/);
});
test("target: and it is an error when the command line asked", async () => {
  const scene = { environments: ["work/.venv"], misfit: { ...MISFIT, origin: "--python" } };
  const error = await target(scene).catch((error: unknown) => error);
  assert.is((error as PybunError).code, "E_PYTHON_MISMATCH");
});

test.run();
