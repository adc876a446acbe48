import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { digestOfFile, sha256OfFile } from "./file-digest.ts";

const test = suite("digests of files");

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "file-digest-"));
test.after(() => fs.rmSync(folder, { recursive: true }));
const file = path.join(folder, "file");

const MEBIBYTE = 1 << 20;
for (const size of [0, 1, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1, 3 * MEBIBYTE])
  test(`are those of node:crypto, for ${size} bytes`, async () => {
    const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * 7) % 251));
    fs.writeFileSync(file, bytes);
    for (const algorithm of ["sha256", "md5", "sha1", "sha384", "sha512", "blake2b512", "sha3-256"])
      assert.is(await digestOfFile(file, algorithm), createHash(algorithm).update(bytes).digest("hex"), algorithm);
    assert.is(await sha256OfFile(file), createHash("sha256").update(bytes).digest("hex"));
  });

test("a file that is not there is the system's error", async () => {
  const error = await sha256OfFile(path.join(folder, "none")).catch((failure: unknown) => failure);
  assert.is((error as NodeJS.ErrnoException).code, "ENOENT");
});

test.run();
