import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Release } from "../../../test/harness/release.ts";
import { releases } from "../ask.fixture.ts";
import { lock, meaning } from "./lock.fixture.ts";

const test = suite("the Pythons of a lock");

const same = (actual: readonly string[], expected: readonly string[]): void =>
  assert.equal(meaning(actual), meaning(expected));
const python = (text: string, release: Release): Release => ({ ...release, "requires-python": text });
const wheels = (release: Release, ...tags: readonly string[]): Release => ({ ...release, tags });
const one = (line: string): Release => releases(line)[0]!;
const versions = (name: string, ...list: readonly string[]): Release[] =>
  list.map((version) => one(`${name} ${version}`));

const onnx = [
  wheels(one("onnx 1.0"), "cp38-cp38-linux_x86_64", "cp39-cp39-linux_x86_64", "pp310-pypy310_pp73-linux_x86_64"),
  wheels(one("onnx 2.0"), "cp310-cp310-linux_x86_64", "cp311-abi3-linux_x86_64", "pp39-pypy39_pp73-linux_x86_64"),
];

test("wheels for newer Pythons alone count as what a release that can't be built requires", async () => {
  const two = ['onnx 1.0; python_version == "3.9"', 'onnx 2.0; python_version >= "3.10"'];
  same((await lock({ index: onnx, requires: ["onnx"] })).packages, two);
  same((await lock({ index: onnx, requires: ["onnx"], forkStrategy: "fewest" })).packages, ["onnx 1.0"]);
  const [old, recent] = onnx as [Release, Release];
  const mixed = wheels(recent, ...recent.tags!, "py2.py3-none-win32");
  same((await lock({ index: [old, mixed], requires: ["onnx"] })).packages, ["onnx 2.0"]);
  const buildable: Release = { ...recent, sdist: true };
  same((await lock({ index: [old, buildable], requires: ["onnx"] })).packages, ["onnx 2.0"]);
  same((await lock({ index: [old, buildable], requires: ["onnx"], policy: { noBuild: [":all:"] } })).packages, two);
});

test("wheels for older Pythons alone do: newer ones may come, and what was before has none either", async () => {
  const { packages } = await lock({ index: onnx.slice(0, 1), requires: ["onnx; python_version >= '3.11'"] });
  same(packages, ['onnx 1.0; python_version >= "3.11"']);
});

test("a release whose wheels are for newer Pythons alone is taken where nothing else does, and that is said", async () => {
  const { lock: made, packages } = await lock({ index: onnx, requires: ["onnx>=2"] });
  same(packages, ["onnx 2.0"]);
  const [warning] = made.warnings!;
  assert.is(warning!.code, "W_WHEELS_MISSING");
  assert.match(warning!.message, "onnx 2.0 has wheels for Python >=3.10 only and no source distribution, but");
  const older = one("app 1.0: onnx");
  const newer = one("app 2.0: onnx>=2");
  // It is better to do without the newest of something else.
  const { packages: both } = await lock({ index: [...onnx, older, newer], requires: ["app"] });
  const [old, recent] = ['python_version == "3.9"', 'python_version >= "3.10"'];
  same(both, [`app 1.0; ${old}`, `app 2.0; ${recent}`, `onnx 1.0; ${old}`, `onnx 2.0; ${recent}`]);
  const { error } = await lock({ index: onnx, requires: ["onnx>=3"] });
  assert.is(error?.code, "E_RESOLVE_MISSING");
});

test("a release for another major version of Python is none", async () => {
  const { packages } = await lock({ index: [python(">=2.7,<3", one("a 2.0")), one("a 1.0")], requires: ["a"] });
  same(packages, ["a 1.0"]);
});

test("a region that bounds below Python 4 leave over takes releases that have such a bound themselves", async () => {
  const bound = ">=3.8,<4.0";
  const divided = one("a 1.0: b<2; python_version < '3.11', b>=2; python_version >= '3.11' and python_version < '4.0'");
  const index = [divided, ...versions("b", "1.0", "2.0"), one("c 1.0")].map((release) => python(bound, release));
  const { packages } = await lock({ index, requires: ["a", "c"] });
  same(packages, [
    "a 1.0",
    'b 1.0; python_version < "3.11"',
    'b 2.0; python_version >= "3.11" and python_version < "4.0"',
    "c 1.0",
  ]);
});

for (const range of ["", ">=0", "<4"]) {
  test(`a release for all Pythons that there ever were is for those of \`requires-python = "${range}"\``, async () => {
    for (const bound of [">=0", ">=0.0.0", ">0", ">=0.1,<4", "!=3.11.*"]) {
      const { packages } = await lock({ index: [python(bound, one("a 1.0"))], requires: ["a"], python: range });
      same(packages, ["a 1.0"]);
    }
    const { error } = await lock({ index: [python(">=3.8", one("a 1.0"))], requires: ["a"], python: range });
    assert.is(error?.code, "E_RESOLVE_PYTHON");
  });
}

test.run();
