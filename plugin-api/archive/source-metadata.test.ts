import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeSdist } from "../../test/harness/sdist.ts";
import { writeTarGz } from "../../test/harness/tar-writer.ts";
import { writeZip } from "../../test/harness/zip-writer.ts";
import type { PybunError } from "../error.ts";
import { readSourceFiles, readSourceMetadata } from "./source-metadata.ts";

const inFolder = (body: (folder: string) => Promise<void>) => async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "source-"));
  try {
    await body(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
};
const members = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([file, text]) => ({ path: file, data: Buffer.from(text) }));

const PKG_INFO = "Metadata-Version: 2.2\nName: demo\nVersion: 1.0\nRequires-Dist: a\n";
const PROJECT = '[project]\nname = "demo"\nversion = "2.0"\n';

test(
  "the files are found in the one top folder, whatever stands before them",
  inFolder(async (folder) => {
    const files = {
      "demo-1.0/a/PKG-INFO": "no",
      "demo-1.0/big.bin": "x".repeat(100_000),
      "demo-1.0/PKG-INFO": PKG_INFO,
      "demo-1.0/pyproject.toml": PROJECT,
    };
    for (const [name, bytes] of [
      ["demo-1.0.tar.gz", writeTarGz(members(files))],
      ["demo-1.0.zip", writeZip(members(files))],
    ] as const) {
      const file = path.join(folder, name);
      fs.writeFileSync(file, bytes);
      const found = await readSourceFiles(file);
      assert.is(found.pkgInfo?.toString(), PKG_INFO, name);
      assert.is(found.pyproject?.toString(), PROJECT, name);
      assert.is((await readSourceMetadata(file))?.version, "1.0", "PKG-INFO is the nearer to the truth");
    }
  }),
);

test(
  "an archive without a top folder, and a folder inside, are read as such",
  inFolder(async (folder) => {
    const flat = path.join(folder, "flat.zip");
    fs.writeFileSync(flat, writeZip(members({ "pyproject.toml": PROJECT, "x.py": "" })));
    assert.is((await readSourceMetadata(flat))?.version, "2.0");
    const nested = path.join(folder, "nested.tar.gz");
    const files = { "top/pyproject.toml": "[tool.x]\n", "top/py/lib/pyproject.toml": PROJECT };
    fs.writeFileSync(nested, writeTarGz(members(files)));
    assert.is(await readSourceMetadata(nested), undefined);
    assert.is((await readSourceMetadata(nested, "py/lib"))?.version, "2.0");
  }),
);

test(
  "a tree is read by its pyproject.toml; malformed files leave the word to the backend",
  inFolder(async (folder) => {
    assert.is(await readSourceMetadata(folder), undefined);
    fs.writeFileSync(path.join(folder, "PKG-INFO"), PKG_INFO);
    fs.writeFileSync(path.join(folder, "pyproject.toml"), "[project\n");
    assert.is(await readSourceMetadata(folder), undefined);
    fs.writeFileSync(path.join(folder, "pyproject.toml"), PROJECT);
    assert.is((await readSourceMetadata(folder))?.version, "2.0");
  }),
);

test(
  "an archive that is unsafe anywhere is refused, not only where it is read",
  inFolder(async (folder) => {
    const file = path.join(folder, "demo-1.0.tar.gz");
    fs.writeFileSync(file, writeTarGz(members({ "demo-1.0/PKG-INFO": PKG_INFO, "../out.txt": "" })));
    const error = await readSourceMetadata(file).catch((thrown: unknown) => thrown);
    assert.is((error as PybunError).code, "E_ARCHIVE_UNSAFE");
    const { bytes } = makeSdist({ name: "demo", version: "1.0", dynamic: ["requires-dist"] });
    fs.writeFileSync(file, bytes);
    assert.is(await readSourceMetadata(file), undefined);
    fs.writeFileSync(path.join(folder, "demo.tar.xz"), "anything");
    assert.equal(await readSourceFiles(path.join(folder, "demo.tar.xz")), {});
  }),
);

test.run();
