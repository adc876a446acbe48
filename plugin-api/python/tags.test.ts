import { test } from "uvu";
import * as assert from "uvu/assert";
import type { TagPlatform } from "../model/interpreter.ts";
import { platformTags } from "./platform-tags.ts";
import { compatibleTags, tagScorer } from "./tags.ts";

const LINUX: TagPlatform = {
  implementation: "cpython",
  python: [3, 12],
  isFreeThreaded: false,
  os: "linux",
  arch: "x86_64",
  libc: { kind: "glibc", version: [2, 17] },
};

const machine = (part: Partial<TagPlatform>): readonly string[] => platformTags({ ...LINUX, ...part });

test("platforms are listed best first", () => {
  assert.equal(machine({}).slice(0, 4), [
    "linux_x86_64",
    "manylinux_2_17_x86_64",
    "manylinux2014_x86_64",
    "manylinux_2_16_x86_64",
  ]);
  assert.is(machine({}).at(-1), "manylinux1_x86_64");
  assert.equal(machine({ arch: "aarch64" }), ["linux_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"]);
  assert.equal(machine({ arch: "aarch64", libc: { kind: "musl", version: [1, 1] } }), [
    "linux_aarch64",
    "musllinux_1_1_aarch64",
    "musllinux_1_0_aarch64",
  ]);
  assert.equal(machine({ arch: "mips64" }), ["linux_mips64"]);
  assert.equal(machine({ arch: "armv8l" }).slice(0, 2), ["linux_armv8l", "linux_armv7l"]);
  assert.equal(machine({ os: "windows", arch: "amd64" }), ["win_amd64"]);
  assert.equal(machine({ os: "windows", arch: "x86" }), ["win32"]);
  assert.equal(machine({ os: "macos", arch: "arm64", osVersion: [12, 3] }).slice(0, 5), [
    "macosx_12_0_arm64",
    "macosx_12_0_universal2",
    "macosx_11_0_arm64",
    "macosx_11_0_universal2",
    "macosx_10_16_universal2",
  ]);
  assert.ok(machine({ os: "macos", arch: "x86_64", osVersion: [10, 15] }).includes("macosx_10_9_intel"));
  assert.is(machine({ os: "macos", arch: "ppc", osVersion: [10, 9] })[0], "macosx_10_6_ppc");
  assert.ok(machine({ os: "macos", arch: "ppc64", osVersion: [10, 5] }).includes("macosx_10_4_fat64"));
  assert.equal(machine({ os: "android", arch: "arm64-v8a", osVersion: [17, 0] }), [
    "android_17_arm64_v8a",
    "android_16_arm64_v8a",
  ]);
  assert.equal(machine({ os: "ios", arch: "arm64-iphoneos", osVersion: [12, 1] }), [
    "ios_12_1_arm64_iphoneos",
    "ios_12_0_arm64_iphoneos",
  ]);
  assert.equal(machine({ os: "emscripten", arch: "wasm32", osVersion: [2025, 0] }), ["pyemscripten_2025_0_wasm32"]);
  assert.equal(machine({ os: "freebsd_14_0", arch: "amd64" }), ["freebsd_14_0_amd64"]);
});

test("interpreters accept their own tags, then older and more general ones", () => {
  const windows = { ...LINUX, os: "windows", arch: "amd64", python: [3, 4] as const };
  assert.equal(compatibleTags(windows), [
    "cp34-cp34m-win_amd64",
    "cp34-abi3-win_amd64",
    "cp34-none-win_amd64",
    "cp33-abi3-win_amd64",
    "cp32-abi3-win_amd64",
    ...["py34", "py3", "py33", "py32", "py31", "py30"].map((python) => `${python}-none-win_amd64`),
    "cp34-none-any",
    ...["py34", "py3", "py33", "py32", "py31", "py30"].map((python) => `${python}-none-any`),
  ]);
  const pypy = { ...LINUX, implementation: "pypy", abi: "pypy310_pp73", python: [3, 10] as const };
  assert.is(compatibleTags(pypy)[0], "pp310-pypy310_pp73-linux_x86_64");
  assert.ok(compatibleTags(pypy).includes("pp3-none-any"));
  const threads = compatibleTags({ ...LINUX, python: [3, 15], isFreeThreaded: true, isDebug: true });
  assert.is(threads[0], "cp315-cp315td-linux_x86_64");
  assert.ok(threads.includes("cp315-cp315t-linux_x86_64") && threads.includes("cp315-abi3t-linux_x86_64"));
  assert.not(threads.some((tag) => tag.includes("-abi3-")));
});

// What `packaging.tags.cpython_tags` begins with.
const ABIS: readonly (readonly [python: readonly [number, number], part: Partial<TagPlatform>, tags: string])[] = [
  [[3, 13], { isFreeThreaded: true }, "cp313-cp313t cp313-abi3t cp313-none cp312-abi3t"],
  [[3, 9], {}, "cp39-cp39 cp39-abi3 cp39-none cp38-abi3"],
  [[3, 8], { isDebug: true }, "cp38-cp38d cp38-cp38 cp38-abi3 cp38-none cp37-abi3"],
  [[3, 7], {}, "cp37-cp37m cp37-abi3 cp37-none cp36-abi3"],
  [[3, 7], { isDebug: true }, "cp37-cp37dm cp37-abi3 cp37-none cp36-abi3"],
  [[3, 6], { os: "windows", arch: "amd64" }, "cp36-cp36m cp36-abi3 cp36-none cp35-abi3"],
  [[3, 2], {}, "cp32-cp32mu cp32-abi3 cp32-none py32-none"],
  [[2, 7], {}, "cp27-cp27mu cp27-none py27-none py2-none py26-none"],
  [[2, 7], { os: "windows", arch: "amd64" }, "cp27-cp27m cp27-none py27-none"],
];
for (const [python, part, tags] of ABIS)
  test(`ABIs of Python ${python.join(".")} ${JSON.stringify(part)}`, () => {
    const own = compatibleTags({ ...LINUX, ...part, python }).map((tag) => tag.slice(0, tag.lastIndexOf("-")));
    assert.equal([...new Set(own)].slice(0, tags.split(" ").length), tags.split(" "));
  });

test("scores order wheels as the list of tags does", () => {
  const score = tagScorer(LINUX);
  const tags = compatibleTags(LINUX);
  for (const [i, tag] of tags.entries()) assert.is(score(tag), tags.length - i, tag);
});

test("a compressed set counts as its best tag", () => {
  const score = tagScorer(LINUX);
  assert.is(
    score("cp312-cp312-manylinux_2_5_x86_64.manylinux_2_17_x86_64"),
    score("cp312-cp312-manylinux_2_17_x86_64"),
  );
  assert.is(score("py2.py3-none-any"), score("py3-none-any"));
  assert.is(score("cp39-abi3.cp312-any.linux_x86_64"), score("cp39-abi3-linux_x86_64"));
  assert.is(score("CP312-CP312-LINUX_X86_64"), score("cp312-cp312-linux_x86_64"));
  for (const tag of [
    "cp313-abi3-linux_x86_64",
    "cp312-cp312-win_amd64",
    "cp312-cp312-manylinux_2_18_x86_64",
    "cp312-cp312t-linux_x86_64",
    "py2-none-any",
    "cp3-none-any",
    "cp312-cp312-any",
    "py3",
    "",
  ]) {
    assert.is(score(tag), 0, tag);
  }
});

test.run();
