import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { plainMarker } from "../../test/harness/marker-arbitraries.ts";
import { runs } from "../../test/harness/packaging-arbitraries.ts";
import {
  ALWAYS,
  and,
  formatMarkerSet,
  implies,
  isDisjoint,
  markerSet,
  NEVER,
  not,
  separate,
} from "./marker-algebra.ts";

const LINUX = "sys_platform == 'linux' and platform_machine == 'x86_64'";
const MAC = "sys_platform == 'darwin' and platform_machine == 'x86_64'";
const WINDOWS = "sys_platform == 'win32' and platform_machine == 'AMD64'";

const CASES: readonly (readonly [inside: string, outside: string, separated: string])[] = [
  [MAC, LINUX, 'sys_platform != "linux"'],
  [LINUX, MAC, 'sys_platform == "linux"'],
  ["sys_platform == 'darwin'", `${WINDOWS} or ${LINUX}`, 'sys_platform != "linux" and sys_platform != "win32"'],
  ["sys_platform == 'linux' and platform_machine == 'aarch64'", LINUX, 'platform_machine != "x86_64"'],
  [
    "sys_platform == 'linux' and platform_machine == 'aarch64'",
    `${LINUX} or ${MAC}`,
    'sys_platform == "linux" and platform_machine != "x86_64"',
  ],
  ["platform_machine == 'arm64'", `${LINUX} or ${MAC}`, 'platform_machine != "x86_64"'],
  [`${WINDOWS} and python_version >= '3.13'`, LINUX, 'sys_platform == "win32"'],
  ["python_version < '3.13'", `${LINUX} and python_version == '3.13'`, 'python_version != "3.13"'],
  [
    "sys_platform == 'linux' and python_version < '3.13'",
    "python_version == '3.13' and platform_python_implementation == 'CPython'",
    'python_version != "3.13" and sys_platform == "linux"',
  ],
  ["sys_platform != 'win32'", "sys_platform == 'win32'", 'sys_platform != "win32"'],
  ["os_name == 'java'", "os_name == 'posix'", 'os_name == "java"'],
];

test("two sets are told apart by the first question that does", () => {
  for (const [inside, outside, separated] of CASES) {
    assert.is(formatMarkerSet(separate(markerSet(inside), markerSet(outside))), separated, `${inside} | ${outside}`);
  }
  assert.is(separate(markerSet(LINUX), NEVER), ALWAYS);
  assert.is(separate(NEVER, markerSet(LINUX)), NEVER);
});

test("what separates has all of the one and nothing of the other", () => {
  fc.assert(
    fc.property(plainMarker, plainMarker, (a, b) => {
      const [inside, outside] = [and(markerSet(a), not(markerSet(b))), markerSet(b)];
      const separated = separate(inside, outside);
      assert.ok(implies(inside, separated));
      assert.ok(isDisjoint(outside, separated));
    }),
    runs,
  );
});

test.run();
