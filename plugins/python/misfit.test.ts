import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { PythonRequest } from "../../plugin-api/services.ts";
import { createMachine, type FakeMachine } from "../../test/harness/fake-machine.ts";
import type { Around } from "./choose.ts";
import { misfitOf } from "./misfit.ts";

let machine: FakeMachine;
test.before.each(() => {
  machine = createMachine();
});
test.after.each(() => machine.remove());

const interpreter = {
  version: "3.11.7",
  implementation: "cpython",
  basePath: "/python3.11",
  tags: { isFreeThreaded: false, python: [3, 11] },
} as unknown as Interpreter;

interface Scene {
  readonly asked?: PythonRequest;
  readonly setting?: Around["setting"];
  readonly versionFile?: string;
  readonly requires?: string;
}
async function misfit({ asked = {}, setting, versionFile, requires }: Scene): Promise<string | undefined> {
  if (versionFile !== undefined) machine.write({ "work/.python-version": versionFile });
  const place = {
    env: { PATH: machine.at("path") },
    home: machine.at("home"),
    platform: "plan9",
    dataDir: machine.at("data"),
  };
  const around = {
    place,
    cwd: machine.at("work"),
    projectRoot: machine.at("work"),
    setting,
    projectRequires: async () => requires,
  };
  const found = await misfitOf(interpreter, asked, around);
  return found && `${found.origin} ${found.request}`;
}

const CASES: readonly (readonly [string, Scene, string | undefined])[] = [
  ["nobody asks", {}, undefined],
  ["a request it meets", { asked: { request: "3.11" } }, undefined],
  ["a request it does not meet", { asked: { request: "3.12", origin: "--python" } }, "--python 3.12"],
  ["a range it lies in", { asked: { request: ">=3.10,<3.12" } }, undefined],
  ["another patch version", { asked: { request: "3.11.8", origin: "x" } }, "x 3.11.8"],
  ["another implementation", { asked: { request: "pypy3.11", origin: "x" } }, "x pypy3.11"],
  [
    "the setting, before all files",
    { setting: { text: "3.9", origin: "PYBUN_PYTHON" }, versionFile: "3.11" },
    "PYBUN_PYTHON 3.9",
  ],
  ["a version file", { versionFile: "3.12\n" }, ".python-version:1 3.12"],
  ["any line of a version file will do", { versionFile: "3.12\n3.11\n" }, undefined],
  ["the project's bounds", { requires: ">=3.12" }, "requires-python >=3.12"],
  ["a version file speaks for the project", { versionFile: "3.11", requires: ">=3.12" }, undefined],
  [
    "a script's bounds, before the version file",
    { asked: { requiresPython: ">=3.13", isScript: true, requiresPythonOrigin: "s.py:2" }, versionFile: "3.11" },
    "s.py:2 >=3.13",
  ],
];
for (const [what, scene, expected] of CASES)
  test(`misfit: ${what}`, async () => assert.is(await misfit(scene), expected));

test.run();
