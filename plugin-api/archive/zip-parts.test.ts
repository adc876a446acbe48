import { deflateRawSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hostileZip, type Piece } from "../../test/harness/hostile-zip.ts";
import { PybunError } from "../error.ts";
import { bytesSource } from "./byte-source.ts";
import { openZip } from "./zip.ts";
import { readCentralDirectory, type ZipEntry, type ZipRules } from "./zip-directory.ts";
import { END_REACH_BYTES, locateEndRecord } from "./zip-end.ts";
import { readMember } from "./zip-member.ts";

const rules: ZipRules = { archive: "case.zip", foldsCase: false };
const a: Piece = { name: "a.py", data: "a = 1\n".repeat(9) };
const b: Piece = { name: "b/c.py", data: "b = 2\n" };
const zeros = (sizeBytes: number): Piece => {
  return { name: "zeros", raw: deflateRawSync(Buffer.alloc(sizeBytes)), size: sizeBytes, crc: 0 };
};

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof PybunError) return error.code;
    throw error;
  }
  return "none";
}

test("zip: what was read stays, what was glanced at is gone with the next", () => {
  const zip = openZip(bytesSource(hostileZip([a, b])), rules);
  const [first, second] = zip.entries as [ZipEntry, ZipEntry];
  const [kept, seen] = [zip.read(first), zip.glance(first)];
  assert.is(seen.toString(), a.data);
  assert.is(zip.glance(second).toString(), b.data);
  assert.is(kept.toString(), a.data);
  assert.is(seen.toString("latin1", 0, 6), b.data);
});

test("zip: streams what it reads, and refuses the same", async () => {
  const big: Piece = { name: "big", data: Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * i) % 251)) };
  const collect = async (piece: Piece): Promise<Buffer> => {
    const zip = openZip(bytesSource(hostileZip([piece])), rules);
    const pieces: Buffer[] = [];
    for await (const part of zip.stream(zip.entries[0]!)) pieces.push(part);
    return Buffer.concat(pieces);
  };
  assert.ok((await collect(big)).equals(big.data as Buffer));
  assert.ok((await collect({ ...big, method: 0 })).equals(big.data as Buffer));
  const raw = deflateRawSync(big.data as Buffer);
  const lies: readonly Partial<Piece>[] = [
    { crc: 1 },
    { size: 2_999_999 },
    { size: 3_000_001 },
    { raw: raw.subarray(0, -5) },
    { raw: Buffer.concat([raw, Buffer.from("more")]) },
    { raw: Buffer.concat([raw.subarray(0, 1000), Buffer.alloc(200, 0xff), raw.subarray(1200)]) },
  ];
  const bomb = openZip(bytesSource(hostileZip([{ ...zeros(60_000_000), size: 2_000_000 }])), rules);
  let received = 0;
  try {
    for await (const part of bomb.stream(bomb.entries[0]!)) received += part.length;
    assert.unreachable();
  } catch (error) {
    assert.is((error as PybunError).code, "E_ARCHIVE_UNSAFE");
  }
  assert.ok(received <= 2_000_000);
  for (const lie of lies) {
    const code = await collect({ ...big, ...lie }).then(
      () => "none",
      (error: unknown) => (error instanceof PybunError ? error.code : String(error)),
    );
    assert.is(code, "E_ARCHIVE_UNSAFE");
  }
});

test("zip: a reader with parts of an archive gets one member of it", () => {
  const bytes = hostileZip([a, b], { comment: Buffer.alloc(300, 0x2e) });
  const tail = bytes.subarray(-400);
  const end = locateEndRecord(tail, bytes.length, "case.zip");
  const directory = bytes.subarray(end.directoryOffset, end.directoryOffset + end.directoryBytes);
  const entry = readCentralDirectory(directory, end, rules).find(({ path }) => path === "b/c.py")!;
  assert.is(readMember(entry, bytes.subarray(entry.offset, entry.endOffset), "case.zip").toString(), b.data);
  assert.is(
    codeOf(() => readMember(entry, bytes.subarray(entry.offset, entry.endOffset - 1), "case.zip")),
    "E_ARCHIVE_UNSAFE",
  );
  assert.is(
    codeOf(() => readMember(entry, bytes.subarray(entry.offset, entry.endOffset + 1), "case.zip")),
    "E_ARCHIVE_UNSAFE",
  );
  assert.ok(END_REACH_BYTES > 65_535);
});

test("zip: the directory alone shows overlaps and gaps", () => {
  const read = (bytes: Buffer) => {
    const end = locateEndRecord(bytes, bytes.length, "case.zip");
    return readCentralDirectory(
      bytes.subarray(end.directoryOffset, end.directoryOffset + end.directoryBytes),
      end,
      rules,
    );
  };
  const noise = { name: "noise", method: 0, data: Buffer.alloc(100_000), isUnlisted: true };
  assert.is(read(hostileZip([a, b])).length, 2);
  assert.is(
    codeOf(() => read(hostileZip([a, noise, b]))),
    "E_ARCHIVE_UNSAFE",
  );
  assert.is(
    codeOf(() => read(hostileZip([a, { ...b, isGhost: true, offset: 40 }]))),
    "E_ARCHIVE_UNSAFE",
  );
});

test.run();
