import { deflateRawSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { extraRecord, hostileZip, type Piece, type Shape, u16, u32, u64 } from "../../test/harness/hostile-zip.ts";
import { PybunError } from "../error.ts";
import { bytesSource } from "./byte-source.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { openZip } from "./zip.ts";
import type { ZipRules } from "./zip-directory.ts";

const rules: ZipRules = { archive: "case.zip", foldsCase: false };

/** All contents by path: everything a reader can be made to say. */
function contents(bytes: Buffer, choice: Partial<ZipRules> = {}): Record<string, string> {
  const zip = openZip(bytesSource(bytes), { ...rules, ...choice });
  return Object.fromEntries(
    zip.entries.filter(({ isFolder }) => !isFolder).map((entry) => [entry.path, zip.read(entry).toString("latin1")]),
  );
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof PybunError) return error.code;
    throw error;
  }
  return "none";
}

const a: Piece = { name: "a.py", data: "a = 1\n".repeat(9) };
const b: Piece = { name: "b/c.py", data: "b = 2\n" };
const crcOfA = (() => {
  const at = hostileZip([a]).indexOf("PK\x01\x02");
  return hostileZip([a]).readUInt32LE(at + 16);
})();
const packedA = deflateRawSync(Buffer.from(a.data as string)).length;
const sizeA = (a.data as string).length;

type Case = readonly [name: string, pieces: readonly Piece[], shape?: Shape];
const named = (...names: readonly (string | Buffer)[]): Piece[] => names.map((name) => ({ name, data: "x" }));

const unsafe: readonly Case[] = [
  ["an empty name", named("")],
  ["..", named("../x")],
  [".. within", named("a/../../x")],
  [".. at the end", named("a/..")],
  [". within", named("a/./x")],
  ["./ in front", named("./x")],
  ["an empty part", named("a//x")],
  ["an absolute path", named("/etc/x")],
  ["a root folder", named("/")],
  ["a drive", named("C:/x")],
  ["a drive without slash", named("c:x")],
  ["a backslash", named("a\\x")],
  ["a backslash that climbs", named("..\\x")],
  ["a NUL", named("x.py\0.txt")],
  ["a line feed", named("a\nb")],
  ["an escape", named("a\u001b[2J")],
  ["a C1 control", named("a\u009b2J")],
  ["a part too long", named(`${"n".repeat(256)}.py`)],
  ["a path too long", named(`${"n/".repeat(2100)}x`)],
  ["a name that is not UTF-8", named(Buffer.from([0x61, 0xff, 0xfe]))],
  ["an overlong encoding", named(Buffer.from([0x61, 0xc0, 0xae]))],
  ["a name beyond ASCII not marked as UTF-8", [{ name: "é", flags: 0 }]],
  ["a duplicate", named("x", "x")],
  [
    "a folder twice",
    [
      { name: "x/", method: 0 },
      { name: "x/", method: 0 },
    ],
  ],
  ["a file that is a folder as well", named("x", "x/y")],
  ["a folder that is a file as well", [{ name: "x/", method: 0 }, ...named("x")]],
  ["Unicode twins", named("caf\u00e9", "cafe\u0301")],
  ["Unicode twins among folders", named("caf\u00e9/x", "cafe\u0301/y")],
  ["a folder with content", [{ name: "x/", data: "content" }]],
  ["a folder with packed bytes", [{ name: "x/", raw: Buffer.alloc(9), packedSize: 9, size: 0, crc: 0 }]],
  ["another local name", [{ ...a, local: { name: "z.py" } }, b]],
  ["a longer local name", [{ ...a, local: { name: "../../a.py" } }, b]],
  ["another local CRC", [{ ...a, local: { crc: 1 } }]],
  ["another local size", [{ ...a, local: { size: 3 } }]],
  ["another local packed size", [{ ...a, local: { packedSize: 3 } }]],
  ["another local method", [{ ...a, local: { method: 0 } }]],
  ["other local flags", [{ ...a, local: { flags: 0x802 } }]],
  ["no local header", [{ ...a, local: { signature: 0x12345678 } }]],
  ["a wrong CRC", [{ ...a, crc: 1 }]],
  ["a size too small", [{ ...a, size: 5 }]],
  ["a size too large", [{ ...a, size: sizeA + 1 }]],
  ["a size beyond any ratio", [{ ...a, size: 1_000_000 }]],
  ["sizes of a stored member that differ", [{ ...a, method: 0, size: sizeA - 1 }]],
  ["damaged data", [{ ...a, raw: Buffer.from([7, 8, 9, 10]) }]],
  ["data cut short", [{ ...a, raw: deflateRawSync(Buffer.from(a.data as string)).subarray(0, -2) }]],
  [
    "bytes after the deflate stream",
    [{ ...a, raw: Buffer.concat([deflateRawSync(Buffer.from(a.data as string)), Buffer.from("more")]) }],
  ],
  ["an unknown method", [{ ...a, method: 99, raw: Buffer.from("xx") }]],
  ["bzip2", [{ ...a, method: 12, raw: Buffer.from("xx") }]],
  ["zstandard", [{ ...a, method: 93, raw: Buffer.from("xx") }]],
  ["encryption", [{ ...a, flags: 0x801 }]],
  ["strong encryption", [{ ...a, flags: 0x841 }]],
  ["masked headers", [{ ...a, flags: 0x2800 }]],
  ["patched data", [{ ...a, flags: 0x820 }]],
  ["a symbolic link", [{ ...a, mode: 0o120777 }]],
  ["a pipe", [{ ...a, mode: 0o010644 }]],
  ["a device", [{ ...a, mode: 0o020644 }]],
  ["a folder by mode alone", [{ ...a, mode: 0o040755 }]],
  ["a member the directory does not list", [a, { ...b, isUnlisted: true }]],
  ["an unlisted member in front", [{ ...b, isUnlisted: true }, a]],
  ["an unlisted member between", [a, { ...b, isUnlisted: true }, { name: "z", data: "z" }]],
  ["a member that is not there", [a, { ...b, isGhost: true }]],
  ["two entries for one place", [a, { ...a, name: "z.py", isGhost: true, offset: 0 }]],
  ["an entry within another's data", [a, { ...b, isGhost: true, offset: 40 }]],
  ["an offset beyond the file", [{ ...a, offset: 0x7fffffff }]],
  ["a member on another disk", [{ ...a, disk: 1 }]],
  ["bytes in front", [a], { prefix: Buffer.from("#!/bin/sh\n") }],
  ["bytes in front that offsets pass over", [a], { prefix: Buffer.from("MZ\0\0"), isPrefixCounted: false }],
  ["bytes after the end", [a], { tail: Buffer.from("tail") }],
  ["zeros after the end", [a], { tail: Buffer.alloc(4) }],
  ["an archive after the archive", [a], { tail: hostileZip([b]) }],
  ["an archive in front of the archive", [a], { prefix: hostileZip([b]) }],
  ["an archive in front that offsets pass over", [a], { prefix: hostileZip([b]), isPrefixCounted: false }],
  ["an archive in the comment", [a], { comment: hostileZip([b]) }],
  ["an end record in the comment", [a], { comment: Buffer.from("PK\x05\x06 and so on, longer than a record") }],
  ["bytes between members and directory", [a], { beforeDirectory: Buffer.from("gap!") }],
  ["bytes between directory and end", [a], { beforeEnd: Buffer.from("gap!") }],
  ["a count too small", [a, b], { count: 1 }],
  ["a count too large", [a, b], { count: 3 }],
  ["two counts", [a, b], { countOnDisk: 1 }],
  ["another disk", [a], { disk: 1 }],
  ["a directory size too small", [a, b], { directorySize: 52 }],
  ["a directory size too large", [a, b], { directorySize: 999 }],
  ["a directory offset that is wrong", [a], { directoryOffset: 3 }],
  ["a ZIP64 mark without a ZIP64 record", [a], { directoryOffset: 0xffffffff }],
  ["a ZIP64 record that counts otherwise", [a, b], { zip64: { count: 1 } }],
  ["a ZIP64 record that counts otherwise, marked", [a, b], { zip64: { count: 1, isMarked: true } }],
  ["a count that a ZIP64 record contradicts", [a, b], { count: 1, zip64: {} }],
  ["a record in the directory that is no entry", [a], { beforeEnd: Buffer.from("PK\x05\x05\0\0"), directorySize: 56 }],
  ["a ZIP64 directory elsewhere", [a], { zip64: { directoryOffset: 7, isMarked: true } }],
  ["a ZIP64 locator that points elsewhere", [a], { zip64: { locatorOffset: 1 } }],
  ["a ZIP64 locator that points beyond 2^53", [a], { zip64: { locatorOffset: 2 ** 60 } }],
  ["a ZIP64 locator of several disks", [a], { zip64: { disks: 2 } }],
  ["a ZIP64 record of another length", [a], { zip64: { recordSize: 60 } }],
  ["bytes between ZIP64 locator and end", [a], { zip64: {}, beforeEnd: Buffer.from("gap!") }],
  ["a ZIP64 size that is missing", [{ ...a, size: 0xffffffff, local: { size: sizeA } }]],
  ["a ZIP64 size that contradicts", [{ ...a, extra: extraRecord(1, u64(3)) }]],
  ["a ZIP64 size nobody asked for", [{ ...a, extra: extraRecord(1, u64(sizeA)) }]],
  ["a ZIP64 record cut short", [{ ...a, size: 0xffffffff, local: { size: sizeA }, extra: extraRecord(1, u32(sizeA)) }]],
  [
    "a ZIP64 record too long",
    [{ ...a, size: 0xffffffff, local: { size: sizeA }, extra: extraRecord(1, u64(sizeA), u64(7)) }],
  ],
  [
    "two ZIP64 records, the first of them right",
    [
      {
        ...a,
        size: 0xffffffff,
        local: { size: sizeA },
        extra: Buffer.concat([extraRecord(1, u64(sizeA)), extraRecord(1, u64(3))]),
      },
    ],
  ],
  [
    "two ZIP64 records, the second of them right",
    [
      {
        ...a,
        size: 0xffffffff,
        local: { size: sizeA },
        extra: Buffer.concat([extraRecord(1, u64(3)), extraRecord(1, u64(sizeA))]),
      },
    ],
  ],
  [
    "a ZIP64 record of the local header that contradicts",
    [{ ...a, local: { size: 0xffffffff, packedSize: 0xffffffff, extra: extraRecord(1, u64(3), u64(packedA)) } }],
  ],
  [
    "a ZIP64 record of the local header beside plain sizes that contradicts",
    [{ ...a, local: { extra: extraRecord(1, u64(3), u64(packedA)) } }],
  ],
  [
    "a second name in the extra field",
    [{ ...a, extra: extraRecord(0x7075, Buffer.from([1]), u32(0), Buffer.from("../z")) }],
  ],
  [
    "a second name in the local extra field",
    [{ ...a, local: { extra: extraRecord(0x7075, Buffer.from([1]), u32(0), Buffer.from("../z")) } }],
  ],
  ["an extra field that does not end", [{ ...a, extra: Buffer.concat([u16(0x5455), u16(99), Buffer.alloc(3)]) }]],
  ["half an extra field", [{ ...a, local: { extra: Buffer.from([1, 2, 3]) } }]],
  ["a descriptor nobody announced", [{ ...a, descriptor: Buffer.concat([u32(crcOfA), u32(packedA), u32(sizeA)]) }, b]],
  ["a descriptor that is missing", [{ ...a, flags: 0x808 }, b]],
  [
    "a descriptor with another CRC",
    [{ ...a, flags: 0x808, descriptor: Buffer.concat([u32(0x08074b50), u32(1), u32(packedA), u32(sizeA)]) }],
  ],
  [
    "a descriptor with other sizes",
    [{ ...a, flags: 0x808, descriptor: Buffer.concat([u32(0x08074b50), u32(crcOfA), u32(3), u32(3)]) }],
  ],
  [
    "a descriptor without its signature",
    [{ ...a, flags: 0x808, descriptor: Buffer.concat([u32(7), u32(crcOfA), u32(packedA), u32(sizeA)]) }],
  ],
  [
    "bytes after a descriptor",
    [
      {
        ...a,
        flags: 0x808,
        descriptor: Buffer.concat([u32(0x08074b50), u32(crcOfA), u32(packedA), u32(sizeA), Buffer.from("more")]),
      },
    ],
  ],
  ["a local header that postpones without a descriptor", [{ ...a, local: { crc: 0, size: 0, packedSize: 0 } }]],
];

for (const [name, pieces, shape] of unsafe) {
  test(`zip: refuses ${name}`, () => {
    assert.is(
      codeOf(() => contents(hostileZip(pieces, shape))),
      "E_ARCHIVE_UNSAFE",
    );
  });
}

test("zip: refuses what is no archive, at any length", () => {
  const bytes = hostileZip([a, b]);
  for (const part of [Buffer.alloc(0), Buffer.from("PK"), Buffer.alloc(1000), bytes.subarray(0, 60)]) {
    assert.is(
      codeOf(() => contents(part)),
      "E_ARCHIVE_UNSAFE",
    );
  }
});

const zeros = (sizeBytes: number): Piece => {
  const raw = deflateRawSync(Buffer.alloc(sizeBytes));
  return { name: "zeros", raw, size: sizeBytes, crc: 0 };
};
const limited: readonly (readonly [name: string, bytes: Buffer, limits: Partial<typeof DEFAULT_LIMITS>])[] = [
  ["a member of great ratio", hostileZip([zeros(40_000_000)]), {}],
  [
    "members of great ratio together",
    hostileZip([1, 2, 3, 4, 5].map((i) => ({ ...zeros(8_000_000), name: `z${i}` }))),
    {},
  ],
  [
    "a member of great ratio beside much that is not",
    hostileZip([zeros(100_000), { name: "noise", method: 0, data: Buffer.alloc(20_000, "0123456789") }]),
    { ratio: 20, ratioFreeBytes: 1000 },
  ],
  ["more than it may unpack to", hostileZip([a, b]), { unpackedBytes: 20 }],
  ["more members than allowed", hostileZip([a, b]), { members: 1 }],
  ["a count above the limit, before reading any", hostileZip([a], { count: 2 }), { members: 1 }],
  ["an archive too large", hostileZip([a, b]), { packedBytes: 50 }],
];
for (const [name, bytes, limits] of limited) {
  test(`zip: refuses ${name} by its limit`, () => {
    assert.is(
      codeOf(() => contents(bytes, { limits: { ...DEFAULT_LIMITS, ...limits } })),
      "E_LIMIT",
    );
  });
}

test("zip: never inflates past the declared size", () => {
  const bytes = hostileZip([{ ...zeros(60_000_000), size: 60_000 }]);
  const before = process.memoryUsage().rss;
  assert.is(
    codeOf(() => contents(bytes)),
    "E_ARCHIVE_UNSAFE",
  );
  assert.ok(process.memoryUsage().rss - before < 30_000_000);
});

const whole = { [a.name as string]: a.data, [b.name as string]: b.data };
const descriptor = (...parts: readonly Buffer[]): Piece => ({
  ...a,
  flags: 0x808,
  local: { crc: 0, size: 0, packedSize: 0 },
  descriptor: Buffer.concat(parts),
});
const marked = { size: 0xffffffff, packedSize: 0xffffffff };
const sound: readonly Case[] = [
  ["plain members", [a, b]],
  ["stored members", [{ ...a, method: 0 }, b]],
  ["a comment", [a, b], { comment: Buffer.from("made by somebody") }],
  ["a descriptor with signature", [descriptor(u32(0x08074b50), u32(crcOfA), u32(packedA), u32(sizeA)), b]],
  ["a descriptor without signature", [descriptor(u32(crcOfA), u32(packedA), u32(sizeA)), b]],
  ["a ZIP64 descriptor with signature", [descriptor(u32(0x08074b50), u32(crcOfA), u64(packedA), u64(sizeA)), b]],
  ["a ZIP64 descriptor without signature", [descriptor(u32(crcOfA), u64(packedA), u64(sizeA)), b]],
  [
    "a descriptor beside a local header that knows",
    [{ ...a, flags: 0x808, descriptor: Buffer.concat([u32(crcOfA), u32(packedA), u32(sizeA)]) }, b],
  ],
  ["ZIP64 records", [a, b], { zip64: {} }],
  ["ZIP64 records that every field points to", [a, b], { zip64: { isMarked: true } }],
  [
    "ZIP64 sizes in both headers",
    [
      {
        ...a,
        ...marked,
        extra: extraRecord(1, u64(sizeA), u64(packedA)),
        local: { extra: extraRecord(1, u64(sizeA), u64(packedA)) },
      },
      b,
    ],
  ],
  [
    "ZIP64 sizes in the local header alone",
    [{ ...a, local: { ...marked, extra: extraRecord(1, u64(sizeA), u64(packedA)) } }, b],
  ],
  [
    "other extra fields",
    [{ ...a, extra: extraRecord(0x5455, Buffer.alloc(5)), local: { extra: extraRecord(0x7875, Buffer.alloc(11)) } }, b],
  ],
  ["folders", [{ name: "b/", method: 0, mode: 0o040755 }, { name: "d/", method: 8, mode: 0o040755 }, a, b]],
  ["a directory in another order than the data", [a, b].toReversed()],
];
for (const [name, pieces, shape] of sound) {
  test(`zip: reads ${name}`, () => assert.equal(contents(hostileZip(pieces, shape)), whole));
}

test("zip: reads names of other scripts", () => {
  assert.equal(contents(hostileZip([{ name: "データ/é.txt", data: "x" }])), { "データ/é.txt": "x" });
});

test("zip: takes case twins for two files, or refuses them where they would be one", () => {
  const bytes = hostileZip(named("Mod.py", "mod.py"));
  assert.equal(contents(bytes), { "Mod.py": "x", "mod.py": "x" });
  assert.is(
    codeOf(() => contents(bytes, { foldsCase: true })),
    "E_ARCHIVE_UNSAFE",
  );
  assert.is(
    codeOf(() => contents(hostileZip(named("A/x", "a/y")), { foldsCase: true })),
    "E_ARCHIVE_UNSAFE",
  );
});

test("zip: drops setuid, setgid and sticky bits", () => {
  const zip = openZip(bytesSource(hostileZip([{ ...a, mode: 0o107755 }])), rules);
  assert.is(zip.entries[0]?.permissions, 0o755);
});

test.run();
