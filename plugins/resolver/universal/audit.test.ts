import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Release } from "../../../test/harness/release.ts";
import { releases } from "../ask.fixture.ts";
import { lock, meaning } from "./lock.fixture.ts";

const test = suite("required environments");

const [old, made] = releases("tool 1.0", "tool 2.0") as [Release, Release];

const LINUX = "sys_platform == 'linux'";
const INTEL_MAC = "sys_platform == 'darwin' and platform_machine == 'x86_64'";
const ARM_LINUX = "sys_platform == 'linux' and platform_machine == 'aarch64'";

/** Where the older release goes, which has a wheel for everything; the newer one has these and can't be built. */
const CASES: readonly (readonly [tags: string, required: readonly string[], older: string | undefined])[] = [
  ["py3-none-manylinux_2_17_x86_64", [LINUX], undefined],
  ["py3-none-manylinux_2_17_x86_64", [INTEL_MAC], "sys_platform != 'linux'"],
  ["py3-none-macosx_10_9_x86_64", [ARM_LINUX], LINUX],
  ["py3-none-manylinux_2_17_x86_64", [ARM_LINUX], "platform_machine != 'x86_64'"],
  [
    "py3-none-macosx_11_0_arm64",
    [LINUX, INTEL_MAC],
    "sys_platform == 'linux' or sys_platform != 'linux' and platform_machine == 'x86_64'",
  ],
  ["py3-none-win_amd64", ["platform_machine == 'arm64'"], "platform_machine == 'arm64'"],
];

test("a release is out where the question ends that tells a required environment from those it has wheels for", async () => {
  for (const [tags, requiredEnvironments, older] of CASES) {
    const { packages } = await lock({
      index: [old, { ...made, tags: [tags] }],
      requires: ["tool"],
      requiredEnvironments,
    });
    const expected = older === undefined ? ["tool 2.0"] : [`tool 1.0; ${older}`, `tool 2.0; not`];
    assert.equal(
      meaning(packages).filter((line) => older === undefined || line.startsWith("tool 1.0")),
      meaning(expected.slice(0, 1)),
      `${tags} | ${requiredEnvironments.join()}`,
    );
    assert.is(packages.length, expected.length);
  }
});

test("a region that was divided for another reason has its own need of wheels", async () => {
  const index: Release[] = [
    old,
    { ...made, tags: ["cp312-cp312-manylinux_2_17_x86_64"] },
    ...releases("part 1.0", "part 2.0"),
  ];
  const requires = ["tool", "part<2; python_version < '3.14'", "part; python_version >= '3.14'"];
  const asked = { index, requires, python: ">=3.12" };
  const anyOf = (packages: readonly string[]) => packages.filter((line) => line.startsWith("tool"));
  assert.equal(anyOf((await lock(asked)).packages), ["tool 2.0"]);
  // The newest Pythons come first, and what is taken for them is preferred everywhere.
  assert.equal(anyOf((await lock({ ...asked, requiredEnvironments: [LINUX] })).packages), ["tool 1.0"]);
});

const MAC = "sys_platform == 'darwin'";

/** What is locked for these environments alone, where the newer release has these wheels. */
const NARROWED: readonly (readonly [tags: string, environments: readonly string[], locked: readonly string[]])[] = [
  ["py3-none-manylinux_2_17_x86_64", [MAC], ["tool 1.0"]],
  ["py3-none-manylinux_2_17_x86_64", [ARM_LINUX], ["tool 1.0"]],
  ["py3-none-manylinux_2_17_x86_64", [LINUX], ["tool 2.0"]],
  // What one of them has to take does for the other, too.
  ["py3-none-macosx_11_0_arm64", [LINUX, MAC], ["tool 1.0"]],
  ["cp39-cp39-macosx_11_0_arm64.manylinux_2_17_x86_64", [MAC], ["tool 1.0"]],
  // No wheel for a newer Python yet is another matter.
  ["cp310-cp310-macosx_11_0_arm64", [`${MAC} and python_version >= '3.12'`], ["tool 2.0"]],
];

test("a release without a file for an environment that the lock is narrowed to is out there", async () => {
  for (const [tags, environments, locked] of NARROWED) {
    const index = [old, { ...made, tags: [tags] }];
    const { packages } = await lock({ index, requires: ["tool"], environments, python: ">=3.10" });
    assert.equal(meaning(packages), meaning(locked), `${tags} | ${environments.join()}`);
  }
  const apart = [
    { ...old, tags: ["py3-none-manylinux_2_17_x86_64"] },
    { ...made, tags: ["py3-none-macosx_11_0_arm64"] },
  ];
  const both = await lock({ index: apart, requires: ["tool"], environments: [LINUX, MAC] });
  assert.equal(
    meaning(both.packages),
    meaning(["tool 1.0; sys_platform != 'darwin'", "tool 2.0; sys_platform != 'linux'"]),
  );
  const index = [{ ...made, tags: ["py3-none-win_amd64"] }];
  const { error } = await lock({ index, requires: ["tool"], environments: [LINUX, MAC] });
  assert.is(error?.code, "E_RESOLVE_MISSING");
  const { packages } = await lock({ index, requires: ["tool; sys_platform == 'win32'"], environments: [LINUX, MAC] });
  assert.equal(packages, []);
});

test.run();
