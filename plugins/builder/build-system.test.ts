import fs from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createMachine, type FakeMachine } from "../../test/harness/fake-machine.ts";
import { readBuildSystem } from "./build-system.ts";

const test = suite<{ machine: FakeMachine }>("build system");
test.before.each((context) => {
  context.machine = createMachine();
});
test.after.each(({ machine }) => machine.remove());

const LEGACY = { requires: ["setuptools>=40.8.0"], backend: "setuptools.build_meta:__legacy__", backendPath: [] };
const read = (machine: FakeMachine, files: Record<string, string>): Promise<object> => {
  machine.write(Object.fromEntries(Object.entries(files).map(([file, text]) => [`work/${file}`, text])));
  return readBuildSystem(machine.at("work"));
};

const TABLES: readonly (readonly [what: string, toml: string, system: object])[] = [
  ["no table", '[project]\nname = "x"\n', LEGACY],
  ["no backend", '[build-system]\nrequires = ["wheel"]\n', { ...LEGACY, requires: ["wheel"] }],
  [
    "a backend",
    '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
    { requires: ["hatchling"], backend: "hatchling.build", backendPath: [] },
  ],
];
for (const [what, toml, system] of TABLES)
  test(`pyproject.toml with ${what}`, async ({ machine }) => {
    assert.equal(await read(machine, { "pyproject.toml": toml }), system);
  });

test("setup.py alone is built by setuptools", async ({ machine }) => {
  assert.equal(await read(machine, { "setup.py": "" }), LEGACY);
});

test("a backend in the tree", async ({ machine }) => {
  const toml = '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["build/own", "."]\n';
  const { backendPath } = (await read(machine, { "pyproject.toml": toml })) as { backendPath: string[] };
  assert.equal(backendPath, [machine.at("work/build/own"), machine.at("work")]);
});

const REFUSED: readonly (readonly [what: string, toml: string | undefined, message: string])[] = [
  ["no file at all", undefined, "holds neither pyproject.toml nor setup.py"],
  ["what is no TOML", "[build-system", "can't be read"],
  ["no list of requirements", '[build-system]\nbuild-backend = "x"\n', "without a list `requires`"],
  [
    "a backend that is no name",
    '[build-system]\nrequires = []\nbuild-backend = "x; import os"\n',
    "not the name of an object",
  ],
  [
    "a path that leaves the tree",
    '[build-system]\nrequires = []\nbackend-path = ["../path"]\n',
    "leaves its own tree: ../path",
  ],
  ["an absolute path", '[build-system]\nrequires = []\nbackend-path = ["/tmp"]\n', "leaves its own tree: /tmp"],
  [
    "a link that leaves the tree",
    '[build-system]\nrequires = []\nbackend-path = ["link"]\n',
    "leaves its own tree: link",
  ],
  ["an absolute path inside", '[build-system]\nrequires = []\nbackend-path = ["TREE/own"]\n', "leaves its own tree"],
];
for (const [what, toml, message] of REFUSED)
  test(`refused: ${what}`, async ({ machine }) => {
    fs.symlinkSync(machine.at("path"), machine.at("work/link"));
    const refusal = await read(
      machine,
      toml === undefined ? {} : { "pyproject.toml": toml.replace("TREE", machine.at("work")) },
    ).then(
      () => "nothing was refused",
      (error: Error) => error.message,
    );
    assert.ok(refusal.includes(message), refusal);
  });

test.run();
