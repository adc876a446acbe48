import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  ALWAYS,
  and,
  formatMarkerSet,
  isDisjoint,
  NEVER,
  or,
  pythonBoundsOf,
} from "../../../plugin-api/python/marker-algebra.ts";
import { meantFor, possibleFor } from "./coverage.ts";
import { describePlace, pythonsInWords } from "./describe-place.ts";
import { floorOf, lowerBoundOf, lowestOf, makeDisjoint, placeOf, pythonClausesOf, pythonsOf } from "./places.ts";

const test = suite("places of a lock");

const BOUNDS: readonly (readonly [requiresPython: string, bound: string | undefined])[] = [
  [">=3.9", ">=3.9"],
  [">=3.8,!=3.9.*,<4", ">=3.8"],
  ["~=3.9", ">=3.9"],
  ["==3.11.*", ">=3.11"],
  [">3.9", ">3.9"],
  [">=3.7,>=3.10.2", ">=3.10.2"],
  [">=3.10.0rc1", ">=3.10.0"],
  ["<4", undefined],
  ["", undefined],
  [">=3.6.*", undefined],
];

test("the lowest Python a release is for", () => {
  for (const [text, bound] of BOUNDS) assert.is(lowerBoundOf(text), bound, text);
  assert.is(floorOf(pythonsOf("==3.12.*")), lowestOf(">=3.12"));
  assert.is(floorOf(and(placeOf("sys_platform == 'linux'"), pythonsOf(">=3.10.1"))), lowestOf(">=3.10.1"));
});

test("pre-releases of a Python go with its release", () => {
  assert.is(or(placeOf("python_full_version < '3.13'"), placeOf("python_version >= '3.13'")), ALWAYS);
  assert.ok(isDisjoint(placeOf("python_version < '3.13'"), pythonsOf(">=3.13")));
});

test("places that overlap are taken apart, the first one whole", () => {
  const [linux, old] = [placeOf("sys_platform == 'linux'"), placeOf("python_version < '3.12'")];
  const parts = makeDisjoint([linux, old, ALWAYS, linux]);
  assert.is(parts.length, 3);
  assert.is(parts[0], linux);
  assert.is(or(...parts), ALWAYS);
  assert.is(and(parts[1]!, parts[2]!), NEVER);
});

const WHEELS: readonly (readonly [tags: string, meant: string])[] = [
  ["py3-none-any", "python_full_version >= '3.0'"],
  ["py2.py3-none-any", "python_full_version >= '3.0' or python_version == '2.7' or python_version < '3'"],
  ["cp311-cp311-any", "python_version == '3.11' and platform_python_implementation == 'CPython'"],
  [
    "cp39-abi3-win_amd64",
    "python_version >= '3.9' and platform_python_implementation == 'CPython' and sys_platform == 'win32' and platform_machine == 'AMD64'",
  ],
  [
    "pp310-pypy310_pp73-macosx_11_0_arm64",
    "python_version == '3.10' and platform_python_implementation == 'PyPy' and sys_platform == 'darwin' and platform_machine == 'arm64'",
  ],
  [
    "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64",
    "python_version == '3.12' and platform_python_implementation == 'CPython' and sys_platform == 'linux' and platform_machine == 'x86_64'",
  ],
  [
    "py38-none-macosx_10_9_universal2",
    "python_version >= '3.8' and sys_platform == 'darwin' and (platform_machine == 'arm64' or platform_machine == 'x86_64')",
  ],
];

test("tags say where a wheel is meant to be installed", () => {
  const modern = pythonsOf(">=3.6");
  for (const [tags, marker] of WHEELS)
    assert.is(formatMarkerSet(and(meantFor(tags), modern)), formatMarkerSet(and(placeOf(marker), modern)), tags);
});

const POSSIBLE: readonly (readonly [tags: string, marker: string, isPossible: boolean])[] = [
  ["py3-none-win32", "platform_machine == 'AMD64'", true],
  ["py3-none-win32", "sys_platform == 'linux'", false],
  ["py3-none-musllinux_1_1_armv7l", "platform_machine == 'aarch64'", true],
  ["py3-none-manylinux2014_aarch64", "platform_machine == 'x86_64'", false],
  ["py3-none-freebsd_13_amd64", "sys_platform == 'freebsd13'", true],
  ["py3-none-freebsd_13_amd64", "sys_platform == 'linux'", false],
  ["py2-none-any", "python_version >= '3.6'", false],
  ["jp3-none-any", "python_version >= '3.6'", false],
  ["snake-none-any", "python_version >= '3.6'", false],
];

test("and where it can't be excluded that it is", () => {
  for (const [tags, marker, isPossible] of POSSIBLE)
    assert.is(!isDisjoint(possibleFor(tags), placeOf(marker)), isPossible, `${tags} where ${marker}`);
});

const PLACES: readonly (readonly [marker: string, words: string])[] = [
  ["python_version >= '3.13'", "Python >=3.13 (any platform)"],
  ["python_version == '3.9'", "Python 3.9 (any platform)"],
  ["python_version == '3.12' and sys_platform == 'win32'", "Python 3.12 on Windows"],
  ["sys_platform == 'win32'", "Windows (any Python)"],
  ["sys_platform != 'linux'", "all systems but Linux (any Python)"],
  ["python_version >= '3.13' and sys_platform == 'darwin'", "Python >=3.13 on macOS"],
  ["'cpu' in extras", "the extra `cpu`"],
  ["python_version >= '3.13' and 'dev' in dependency_groups", "Python >=3.13 with the group `dev`"],
  ["platform_machine == 'arm64'", 'environments with `platform_machine == "arm64"`'],
];

test("a place in words", () => {
  for (const [marker, words] of PLACES) assert.is(describePlace(placeOf(marker), ALWAYS), words);
  const everywhere = pythonsOf(">=3.9");
  assert.is(
    describePlace(and(everywhere, placeOf("python_version >= '3.8' and sys_platform == 'linux'")), everywhere),
    "Linux (any Python)",
  );
});

const PYTHONS: readonly (readonly [specifier: string, words: string, clauses: string])[] = [
  [">=3.9", "3.9 and later", ">=3.9"],
  [">=3.9,<3.11", "3.9 and 3.10", ">=3.9 <3.11"],
  [">=3.8,<3.13", "3.8 to 3.12", ">=3.8 <3.13"],
  [">=3.9,<3.10", "3.9", ">=3.9 <3.10"],
  [">=3.9,!=3.10.*", ">=3.9,!=3.10.*", ">=3.9 !=3.10.*"],
];

test("the Pythons of a place in words and as bounds", () => {
  for (const [specifier, words, clauses] of PYTHONS) {
    const place = pythonsOf(specifier);
    assert.is(pythonsInWords(pythonBoundsOf(place)), words);
    assert.equal([...pythonClausesOf(place)].sort(), clauses.split(" ").sort());
  }
});

test.run();
