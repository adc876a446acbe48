import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { MANIFEST_FILE, parseManifest } from "../../plugin-api/mirror/manifest.ts";
import type { DistributionFile } from "../../plugin-api/model/distribution.ts";
import { killEverywhere } from "../../test/harness/killed-run.ts";
import { htmlPage, jsonPage, type MirrorFile } from "./pages.ts";
import { environmentsOf, fileFilter, readTargets, requiresPython } from "./targets.ts";
import { readMirror, writeMirror } from "./tree.ts";

const sha256 = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex") as MirrorFile["sha256"];
const entry = (filename: string, more: Partial<MirrorFile> = {}): MirrorFile => ({
  filename,
  version: filename.split("-")[1] as string,
  sha256: sha256(filename),
  sizeBytes: filename.length,
  isYanked: false,
  ...more,
});

const wheel = (tags: string): DistributionFile =>
  ({ filename: `demo-1.0-${tags}.whl`, kind: "wheel" }) as DistributionFile;
const ALL = [
  "py3-none-any",
  "cp312-cp312-manylinux_2_17_x86_64",
  "cp312-cp312-musllinux_1_2_aarch64",
  "cp311-abi3-macosx_11_0_arm64",
  "cp312-cp312-macosx_10_9_universal2",
  "cp312-cp312-win_amd64",
  "cp311-cp311-win32",
];
const FILTERS: readonly (readonly [
  platforms: readonly string[],
  pythons: readonly string[],
  kept: readonly number[],
])[] = [
  [[], [], [0, 1, 2, 3, 4, 5, 6]],
  [["linux"], [], [0, 1, 2]],
  [["linux-x86_64"], ["3.12"], [0, 1]],
  [["linux-aarch64"], ["3.12"], [0, 2]],
  [["macos-arm64"], ["3.12"], [0, 3, 4]],
  [["macos-x86_64"], ["3.11"], [0]],
  [["windows"], ["3.11"], [0, 6]],
  [["windows-amd64", "linux-x86_64"], ["3.12"], [0, 1, 5]],
  [[], ["3.11"], [0, 3, 6]],
];
for (const [platforms, pythons, kept] of FILTERS)
  test(`files for ${[...platforms, ...pythons].join(" ") || "everybody"}`, () => {
    const fits = fileFilter(readTargets(platforms, pythons));
    assert.equal(
      ALL.flatMap((tags, index) => (fits(wheel(tags)) ? [index] : [])),
      kept,
    );
    assert.ok(fits({ filename: "demo-1.0.tar.gz", kind: "sdist" } as DistributionFile));
  });

test("environments are those of every platform with every Python", () => {
  const targets = readTargets(["linux", "macos-arm64"], ["3.12", "3.9"]);
  assert.equal(environmentsOf(targets), [
    'python_version == "3.12" and sys_platform == "linux"',
    'python_version == "3.9" and sys_platform == "linux"',
    'python_version == "3.12" and sys_platform == "darwin" and platform_machine == "arm64"',
    'python_version == "3.9" and sys_platform == "darwin" and platform_machine == "arm64"',
  ]);
  assert.is(requiresPython(targets), ">=3.9");
  assert.equal([environmentsOf(readTargets([], [])), requiresPython(readTargets([], []))], [[], ""]);
  for (const [platforms, pythons] of [
    [["beos"], []],
    [["linux-vax"], []],
    [[], ["three"]],
    [[], ["3.12.1"]],
  ] as const)
    assert.throws(() => readTargets(platforms, pythons), /`--p/);
});

test("what a page says is quoted for its form", () => {
  const odd = entry("demo-1.0+a-py3-none-any.whl", {
    requiresPython: ">=3.8,<4",
    isYanked: true,
    yankedReason: 'bad "<b>" & ugly',
    uploadedAtMs: 0,
    metadataSha256: sha256("m"),
  });
  const html = htmlPage("demo", [odd]);
  assert.match(html, 'href="../../files/demo/demo-1.0%2Ba-py3-none-any.whl#sha256=');
  assert.match(html, 'data-requires-python="&gt;=3.8,&lt;4"');
  assert.match(html, 'data-yanked="bad &quot;&lt;b&gt;&quot; &amp; ugly"');
  const sdist = (version: string) => entry(`demo-${version}.tar.gz`, { version });
  const json = JSON.parse(jsonPage("demo", [sdist("1.10"), odd, sdist("1.9")]));
  assert.equal(json.versions, ["1.0+a", "1.9", "1.10"]);
  assert.is(json.files[1].yanked, 'bad "<b>" & ugly');
  assert.is(json.files[1]["upload-time"], "1970-01-01T00:00:00.000Z");
  assert.is(json.files[0]["core-metadata"], false);
});

/** The files of a mirror, after all that its manifest says was found true. */
function checkedFiles(root: string): readonly string[] {
  const { manifest } = parseManifest(fs.readFileSync(path.join(root, "simple", MANIFEST_FILE), "utf8"), "manifest");
  for (const [file, { sha256: expected }] of manifest.files)
    if (file.startsWith("simple/")) assert.is(sha256(fs.readFileSync(path.join(root, file))), expected, file);
  return [...readMirror(root).projects.values()].flat().map(({ filename }) => filename);
}

test("a mirror whose writing is killed anywhere is the old or the new one", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mirror-"));
  const root = path.join(folder, "mirror");
  const [one, two] = [entry("demo-1.0-py3-none-any.whl"), entry("demo-2.0-py3-none-any.whl")];
  const tree = JSON.stringify(path.join(import.meta.dirname, "tree.ts"));
  const text = `import { writeMirror } from ${tree};
killBeforeChange(Number(process.argv[2]));
writeMirror(${JSON.stringify(root)}, { projects: new Map([["demo", ${JSON.stringify([one, two])}]]), createdAtMs: 1e12 });
`;
  const seen = new Set<number>();
  try {
    const kills = await killEverywhere(
      { folder, text },
      {
        before: () => {
          fs.rmSync(root, { recursive: true, force: true });
          fs.mkdirSync(path.join(root, "files", "demo"), { recursive: true });
          for (const { filename } of [one, two]) fs.writeFileSync(path.join(root, "files", "demo", filename), filename);
          writeMirror(root, { projects: new Map([["demo", [one]]]), createdAtMs: 1e12 });
        },
        after: () => {
          seen.add(checkedFiles(root).length);
        },
      },
    );
    assert.ok(kills > 5);
    assert.equal(seen, new Set([1, 2]));
    assert.not.ok(fs.existsSync(path.join(root, ".staging")));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

test.run();
