import { gunzipSync, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { extraRecord, hostileZip, type Piece, u64, WHEEL_NAME, wheelPieces } from "../../test/harness/hostile-zip.ts";
import { writeTarGz } from "../../test/harness/tar-writer.ts";
import { PybunError } from "../error.ts";
import { bytesSource } from "./byte-source.ts";
import { gunzip } from "./gzip.ts";
import { createPieceReader } from "./piece-reader.ts";
import { indexTar } from "./tar.ts";
import { checkContent, openWheel } from "./wheel.ts";

/** Changes bytes, cuts, inserts, doubles a part: one to three times. */
function damages(bytes: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat(bytes.length - 1);
  const change = fc.oneof(
    fc.tuple(place, fc.nat(255)).map(([at, byte]) => (copy: Buffer) => {
      if (at < copy.length) copy[at] = byte;
      return copy;
    }),
    place.map((end) => (copy: Buffer) => copy.subarray(0, end)),
    fc.tuple(place, fc.uint8Array({ maxLength: 30 })).map(([at, more]) => {
      return (copy: Buffer) => Buffer.concat([copy.subarray(0, at), more, copy.subarray(at)]);
    }),
    fc.tuple(place, place).map(([from, to]) => {
      return (copy: Buffer) => Buffer.concat([copy.subarray(0, to), copy.subarray(from)]);
    }),
  );
  const several = fc.array(change, { minLength: 1, maxLength: 3 });
  return several.map((changes) => changes.reduce<Buffer>((copy, alter) => alter(copy), Buffer.from(bytes)));
}

const isRefusal = (error: unknown): boolean =>
  error instanceof PybunError && ["E_ARCHIVE_UNSAFE", "E_LIMIT", "E_HASH_MISMATCH"].includes(error.code);

function readWheel(bytes: Buffer): Record<string, string> {
  const wheel = openWheel(bytesSource(bytes), { filename: WHEEL_NAME, foldsCase: false });
  return Object.fromEntries(
    wheel.files.map((file) => {
      const content = wheel.archive.read(file.entry);
      const check = checkContent(wheel, file);
      check.update(content);
      check.finish();
      return [file.treePath, content.toString("latin1")];
    }),
  );
}

const extra = extraRecord(0x5455, Buffer.alloc(5));
const large: Piece = {
  name: "case/large.py",
  data: "b = 2\n".repeat(50),
  size: 0xffffffff,
  extra: extraRecord(1, u64(300)),
  local: { size: 300, extra },
};
const wheel = hostileZip(wheelPieces({ extra: [{ name: "case/m.py", data: "a = 1\n".repeat(20), extra }, large] }), {
  zip64: {},
});

test("damage: a wheel is refused or says the same as before", () => {
  const before = readWheel(wheel);
  assert.is(Object.keys(before).length, 6);
  fc.assert(
    fc.property(damages(wheel), (damaged) => {
      try {
        assert.equal(readWheel(damaged), before);
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});

async function readTar(bytes: Buffer): Promise<Record<string, string>> {
  const source = bytesSource(bytes);
  const members = await indexTar(gunzip(source, "case.tar.gz"), {
    archive: "case.tar.gz",
    packedBytes: source.sizeBytes,
  });
  const reader = createPieceReader(gunzip(source, "case.tar.gz"));
  const contents: Record<string, string> = {};
  for (const { path, offset, sizeBytes } of members) {
    await reader.skip(offset - reader.offset);
    contents[path] = (await reader.take(sizeBytes))?.toString("latin1") ?? "";
  }
  await reader.end();
  return contents;
}

const tar = writeTarGz([
  { path: "case-1.0/PKG-INFO", data: Buffer.from("Name: case\n") },
  { path: `case-1.0/${"deep/".repeat(30)}m.py`, data: Buffer.from("a = 1\n".repeat(200)) },
]);

test("damage: a gzip file is refused or says the same as before", async () => {
  const before = await readTar(tar);
  assert.is(Object.keys(before).length, 2);
  await fc.assert(
    fc.asyncProperty(damages(tar), async (damaged) => {
      try {
        assert.equal(await readTar(damaged), before);
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

test("damage: a tar stream of any bytes is read or refused", async () => {
  const plain = gunzipSync(tar);
  await fc.assert(
    fc.asyncProperty(damages(plain), async (damaged) => {
      try {
        for (const path of Object.keys(await readTar(gzipSync(damaged)))) assert.not.match(path, /(^|\/)\.\.?(\/|$)/);
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

test.run();
