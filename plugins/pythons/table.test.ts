import { test } from "uvu";
import * as assert from "uvu/assert";
import { mergeTables, readSums } from "../../test/harness/python-table.ts";
import { folderName, newestFirst, readArchivePath, readFolderName } from "./archive-name.ts";
import { embeddedTable } from "./embedded-table.ts";
import { targetOf } from "./target.ts";

const SHA = "a".repeat(64);
const file = { sha256: SHA as never };

/** Path of an archive -> folder of its installation, or nothing. */
const PATHS: readonly (readonly [path: string, folder: string | undefined])[] = [
  [
    "20261021/cpython-3.12.9+20261021-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz",
    "cpython-3.12.9-x86_64-unknown-linux-gnu",
  ],
  [
    "20220227/cpython-3.9.10+20220227-x86_64-pc-windows-msvc-shared-install_only.tar.gz",
    "cpython-3.9.10-x86_64-pc-windows-msvc",
  ],
  [
    "20261021/cpython-3.13.0rc2+20261021-aarch64-apple-darwin-freethreaded-install_only.tar.gz",
    "cpython-3.13.0rc2t-aarch64-apple-darwin",
  ],
  [
    "20261021/cpython-3.12.9+20261021-x86_64-unknown-linux-musl-install_only.tar.gz",
    "cpython-3.12.9-x86_64-unknown-linux-musl",
  ],
  ["20261021/cpython-3.12.9+20261022-x86_64-unknown-linux-gnu-install_only.tar.gz", undefined],
  ["20261021/cpython-3.12.9+20261021-x86_64-unknown-linux-gnu-debug-full.tar.zst", undefined],
  ["20261021/../cpython-3.12.9+20261021-x86_64-unknown-linux-gnu-install_only.tar.gz", undefined],
  ["cpython-3.12.9+20261021-x86_64-unknown-linux-gnu-install_only.tar.gz", undefined],
  ["20261021/pypy-3.10.1+20261021-x86_64-unknown-linux-gnu-install_only.tar.gz", undefined],
];
for (const [path, folder] of PATHS)
  test(`the name ${path} leads to ${folder ?? "nothing"}`, () => {
    const archive = readArchivePath(path, file);
    assert.is(archive && folderName(archive), folder);
    if (archive && folder) {
      const { version, isFreeThreaded, target } = archive;
      assert.equal(readFolderName(folder), { version, isFreeThreaded, target });
    }
  });

test("the table carried along has every supported minor version for every platform it knows", () => {
  const table = embeddedTable();
  for (const target of [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
  ])
    for (let minor = 9; minor <= 14; minor++)
      assert.ok(
        table.some((archive) => archive.target === target && archive.version.startsWith(`3.${minor}.`)),
        `3.${minor} for ${target}`,
      );
  assert.is(new Set(table.map(folderName)).size, table.length, "one archive for each installation");
  assert.is(new Set(table.map(({ sha256 }) => sha256)).size, table.length);
});

test("newest first, by number and not by letter; the build with the lock before the one without", () => {
  const versions = newestFirst(
    ["3.9.10", "3.9.9", "3.14.0rc1", "3.14.0", "3.13.0"].flatMap((version) =>
      [true, false].map((isFreeThreaded) => ({ version, isFreeThreaded })),
    ),
  ).map(({ version, isFreeThreaded }) => `${version}${isFreeThreaded ? "t" : ""}`);
  assert.is(versions.join(" "), "3.14.0 3.14.0t 3.14.0rc1 3.14.0rc1t 3.13.0 3.13.0t 3.9.10 3.9.10t 3.9.9 3.9.9t");
});

test("a release is added: what it builds anew is replaced, the stripped archive is taken, all else stays", () => {
  const name = (version: string, build: string, end = "") =>
    `cpython-${version}+${build}-x86_64-unknown-linux-gnu-install_only${end}.tar.gz`;
  const old = readSums(
    `${"1".repeat(64)} 20250101/${name("3.12.1", "20250101")}\n${"2".repeat(64)} 20250101/${name("3.9.2", "20250101")}\n`,
  );
  const release = [
    `${"3".repeat(64)}  ${name("3.12.1", "20260101", "_stripped")}`,
    `${"4".repeat(64)}  ${name("3.12.1", "20260101")}`,
    `${"5".repeat(64)}  ${name("3.9.10", "20260101")}`,
    `${"6".repeat(64)}  cpython-3.12.1+20260101-x86_64-unknown-linux-gnu-pgo+lto-full.tar.zst`,
  ].join("\n");
  const merged = mergeTables(old, readSums(release, "20260101/"));
  assert.equal(
    merged.map(({ version, build, sha256 }) => `${version} ${build} ${sha256[0]}`),
    ["3.9.2 20250101 2", "3.9.10 20260101 5", "3.12.1 20260101 3"],
  );
  assert.equal(mergeTables(merged, old), merged, "an older build replaces nothing");
});

const MACHINES: readonly (readonly [
  platform: string,
  arch: string,
  loaders: readonly string[],
  target: string | undefined,
])[] = [
  ["linux", "x64", ["/lib64/ld-linux-x86-64.so.2"], "x86_64-unknown-linux-gnu"],
  ["linux", "x64", ["/lib/ld-musl-x86_64.so.1"], "x86_64-unknown-linux-musl"],
  ["linux", "x64", ["/lib/ld-musl-x86_64.so.1", "/lib64/ld-linux-x86-64.so.2"], "x86_64-unknown-linux-gnu"],
  ["linux", "arm64", ["/lib/ld-linux-aarch64.so.1"], "aarch64-unknown-linux-gnu"],
  ["darwin", "arm64", [], "aarch64-apple-darwin"],
  ["win32", "x64", [], "x86_64-pc-windows-msvc"],
  ["linux", "mips", [], undefined],
  ["plan9", "x64", [], undefined],
];
for (const [platform, arch, loaders, target] of MACHINES)
  test(`${platform} ${arch}${loaders.length > 0 ? ` with ${loaders.join(", ")}` : ""}: ${target ?? "no builds"}`, () =>
    assert.is(
      targetOf({ platform, arch }, (path) => loaders.includes(String(path))),
      target,
    ));

test.run();
