import zlib from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeWheel } from "../../test/harness/wheel.ts";
import { bytesSource } from "../archive/byte-source.ts";
import { writeZip } from "../archive/write-zip.ts";
import { openZip } from "../archive/zip.ts";
import { PybunError } from "../error.ts";
import { neededLibraries } from "./elf.ts";
import { contentHash, encodeDpp } from "./encode.ts";
import { readWheelParts } from "./from-wheel.ts";
import { openDpp } from "./open.ts";
import { packContent } from "./pack-content.ts";
import type { DppFile, DppParts } from "./parts.ts";
import { toWheel } from "./to-wheel.ts";

const test = suite("DPP");

const wheel = makeWheel({ name: "demo", version: "1.0", requires: ["b>=1"], data: { "scripts/hi": "#!python\n" } });
const parts = readWheelParts(wheel.bytes, wheel.filename);
const whole = encodeDpp(parts);

const codeOf = (body: () => unknown): string => {
  try {
    body();
  } catch (error) {
    if (error instanceof PybunError) return error.code;
    throw error;
  }
  return "";
};

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(whole);
  change(bytes);
  return bytes;
}

/** Where a section's header is. */
const sectionAt = (index: number): number => whole.readUInt32LE(8 + 4 * index) * 8;

/** With a right hash. */
const rehashed = (change: (bytes: Buffer) => void): Buffer =>
  changed((bytes) => {
    change(bytes);
    bytes.set(contentHash(bytes), 32);
  });

test("every byte of a file counts", () => {
  for (let i = 0; i < whole.length; i++) {
    const bytes = changed((copy) => {
      copy[i]! ^= 1;
    });
    assert.not.equal(
      codeOf(() => openDpp(bytes, "x.dpp").verify()),
      "",
      `byte ${i}`,
    );
  }
});

test("what is no DPP, of a later version, cut off or damaged is told apart", () => {
  const cases: readonly (readonly [code: string, bytes: Buffer])[] = [
    ["E_FORMAT_MAGIC", Buffer.alloc(0)],
    ["E_FORMAT_MAGIC", wheel.bytes],
    ["E_FORMAT_BOUNDS", whole.subarray(0, 40)],
    ["E_FORMAT_BOUNDS", whole.subarray(0, -8)],
    ["E_FORMAT_BOUNDS", Buffer.concat([whole, Buffer.alloc(8)])],
    ["E_FORMAT_VERSION", changed((bytes) => bytes.writeUInt16LE(2, 4))],
    ["E_FORMAT_VERSION", changed((bytes) => bytes.writeUInt16LE(64, 6))],
    ["E_FORMAT_BOUNDS", changed((bytes) => bytes.writeUInt32LE(9, 8))],
    ["E_FORMAT_BOUNDS", changed((bytes) => bytes.writeBigUInt64LE(1n << 60n, 64 + 8))],
    ["E_FORMAT_BOUNDS", changed((bytes) => bytes.writeUInt32LE(0xffff_ffff, sectionAt(1) + 4))],
    ["E_HASH_MISMATCH", changed((bytes) => bytes.writeUInt8(whole.at(-9)! ^ 1, whole.length - 9))],
  ];
  for (const [code, bytes] of cases)
    assert.is(
      codeOf(() => openDpp(bytes, "x.dpp")),
      code,
    );
});

const file = (path: string, more: Partial<DppFile> = {}): DppFile => ({
  path,
  mode: 0o644,
  scheme: "purelib",
  ...packContent(Buffer.from("x")),
  ...more,
});
const withFiles = (...files: readonly DppFile[]): DppParts => ({ ...parts, files });

test("a DPP made to do harm is refused when its files are read, its hash being right", () => {
  const bomb = zlib.deflateRawSync(Buffer.alloc(40_000_000));
  const trailing = Buffer.concat([zlib.deflateRawSync(Buffer.from("x")), Buffer.from("y")]);
  const cases: readonly (readonly [code: string, parts: DppParts])[] = [
    ["E_ARCHIVE_UNSAFE", withFiles(file("../x"))],
    ["E_ARCHIVE_UNSAFE", withFiles(file("/etc/x"))],
    ["E_ARCHIVE_UNSAFE", withFiles(file("a"), file("a/b"))],
    ["E_ARCHIVE_UNSAFE", withFiles(file("e\u0301"), file("\u00e9"))],
    ["E_FORMAT_BOUNDS", withFiles(file("b"), file("a"))],
    ["E_FORMAT_BOUNDS", withFiles(file("a", { sizeBytes: 2 }))],
    ["E_FORMAT_BOUNDS", withFiles(file("a", { mode: 0o4755 }))],
    ["E_FORMAT_BOUNDS", withFiles(file("a", { codec: "deflate", stored: Buffer.from([7, 7]) }))],
    ["E_FORMAT_BOUNDS", withFiles(file("a", { codec: "deflate", stored: trailing }))],
    ["E_HASH_MISMATCH", withFiles(file("a", { blake3: new Uint8Array(32) }))],
    ["E_LIMIT", withFiles(file("a", { codec: "deflate", stored: bomb, sizeBytes: 40_000_000 }))],
    ["E_FORMAT_BOUNDS", withFiles(file("a", { codec: "deflate", stored: bomb, sizeBytes: 4 }))],
  ];
  for (const [code, given] of cases) {
    const view = openDpp(encodeDpp(given), "x.dpp");
    const found = codeOf(() => view.files().map((each) => view.content(each)));
    assert.is(found, code, JSON.stringify(given.files.map(({ path }) => path)));
  }
});

test("a wheel is not made under a name that leads elsewhere or is another distribution's", () => {
  const named = (wheelFilename: string) => encodeDpp({ ...parts, metadata: { ...parts.metadata, wheelFilename } });
  const made = (name: string) => codeOf(() => toWheel(openDpp(named(name), "x.dpp")));
  assert.is(made(`../${wheel.filename}`), "E_FORMAT_BOUNDS");
  assert.is(made("demo-1.0-1/../../x-py3-none-any.whl"), "E_FORMAT_BOUNDS");
  assert.is(made("other-1.0-py3-none-any.whl"), "E_ARCHIVE_UNSAFE");
});

test("texts and data that overlap, leave a gap or belong to no file are refused", () => {
  const [records, record] = [sectionAt(1) + 16, 72];
  const cases: readonly ((bytes: Buffer) => unknown)[] = [
    // The second path, then the second file's data, at the place of the first; its data a byte further on.
    (bytes) => bytes.writeUInt32LE(bytes.readUInt32LE(records), records + record),
    (bytes) => bytes.writeBigUInt64LE(bytes.readBigUInt64LE(records + 16), records + record + 16),
    (bytes) => bytes.writeBigUInt64LE(bytes.readBigUInt64LE(records + record + 16) + 1n, records + record + 16),
    // The last file two bytes short.
    (bytes) => {
      const last = records + record * (parts.files.length - 1) + 24;
      bytes.writeBigUInt64LE(bytes.readBigUInt64LE(last) - 2n, last);
    },
  ];
  cases.forEach((change, i) => {
    const view = openDpp(rehashed(change), "x.dpp");
    const found = codeOf(() => view.files());
    assert.is(found, "E_FORMAT_BOUNDS", `case ${i}`);
  });
  const unlisted = openDpp(
    rehashed((bytes) => bytes.writeUInt32LE(0, sectionAt(4) + 4)),
    "x.dpp",
  );
  const hidden = codeOf(() => unlisted.dependencies());
  assert.is(hidden, "E_FORMAT_BOUNDS");
  const stray = { file: 99, cacheTag: "cpython-312", invalidation: "timestamp", content: Buffer.of(1) } as const;
  const view = openDpp(encodeDpp({ ...parts, bytecode: [stray] }), "x.dpp");
  const found = codeOf(() => view.bytecode());
  assert.is(found, "E_FORMAT_BOUNDS");
});

test("verify finds parts that contradict each other", () => {
  const { documents, metadata, dependencies } = parts;
  const cases: readonly DppParts[] = [
    { ...parts, documents: { ...documents, WHEEL: Buffer.from("Wheel-Version: 1.0\n") } },
    { ...parts, documents: { ...documents, "top_level.txt": Buffer.from("demo\n") } },
    { ...parts, metadata: { ...metadata, sizeBytes: 1 } },
    { ...parts, metadata: { ...metadata, version: "2.0" } },
    { ...parts, dependencies: { ...dependencies, requirements: [] } },
  ];
  for (const given of cases)
    assert.is(
      codeOf(() => openDpp(encodeDpp(given), "x.dpp").verify()),
      "E_HASH_MISMATCH",
    );
  // Of a record in FILE, bytes that mean nothing.
  const padded = rehashed((bytes) => bytes.writeUInt8(1, sectionAt(1) + 16 + 12));
  assert.is(
    codeOf(() => openDpp(padded, "x.dpp").verify()),
    "E_HASH_MISMATCH",
  );
});

test("the schemes are those of the wheel, and its requirements are parsed", () => {
  const view = openDpp(whole, "x.dpp");
  const schemes = Object.fromEntries(view.files().map(({ path, scheme }) => [path, scheme]));
  assert.is(schemes["demo-1.0.data/scripts/hi"], "scripts");
  assert.is(schemes["demo-1.0.dist-info/METADATA"], "dist-info");
  assert.equal(
    view.dependencies().requirements.map(({ name, specifier }) => [name, specifier]),
    [["b", ">=1"]],
  );
  assert.equal([view.isPure, view.native(), view.bytecode()], [true, [], []]);
  assert.match(view.document("METADATA").toString(), "Name: demo");
});

test("requirements that are none are kept as they are written", () => {
  const lines = ["b>=1", "c (", "d >= 1.0.*, !"];
  const { filename, bytes } = makeWheel({ name: "demo", version: "1.0", requires: lines });
  const view = openDpp(encodeDpp(readWheelParts(bytes, filename)), "x.dpp");
  view.verify();
  const { requirements, unreadable } = view.dependencies();
  assert.equal([requirements.map(({ name }) => name), unreadable], [["b"], lines.slice(1)]);
});

/** An ELF file of 64 bits with two segments and a dynamic table, in one byte order. */
function elf(needed: readonly string[], isLittle: boolean): Buffer {
  const strings = `\0${needed.map((name) => `${name}\0`).join("")}`;
  const [dynamicAt, stringsAt, address] = [64 + 2 * 56, 64 + 2 * 56 + 16 * (needed.length + 2), 0x1000];
  const bytes = Buffer.alloc(stringsAt + strings.length);
  bytes.write(`\u007fELF\u0002${isLittle ? "\u0001" : "\u0002"}`, "latin1");
  const large = (value: number, at: number) =>
    isLittle ? bytes.writeBigUInt64LE(BigInt(value), at) : bytes.writeBigUInt64BE(BigInt(value), at);
  const half = (value: number, at: number) =>
    isLittle ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at);
  const segment = (type: number, [at, offset, length]: readonly [number, number, number]): void => {
    if (isLittle) bytes.writeUInt32LE(type, at);
    else bytes.writeUInt32BE(type, at);
    large(offset, at + 8);
    large(address + offset, at + 16);
    large(length, at + 32);
  };
  large(64, 32);
  half(56, 54);
  half(2, 56);
  segment(1, [64, 0, bytes.length]);
  segment(2, [120, dynamicAt, stringsAt - dynamicAt]);
  needed.forEach((name, i) => {
    large(1, dynamicAt + 16 * i);
    large(strings.indexOf(`\0${name}\0`) + 1, dynamicAt + 16 * i + 8);
  });
  large(5, dynamicAt + 16 * needed.length);
  large(address + stringsAt, dynamicAt + 16 * needed.length + 8);
  bytes.write(strings, stringsAt, "latin1");
  return bytes;
}

test("what a shared library needs is read in both byte orders, and from a damaged one nothing", () => {
  const needed = ["libc.so.6", "libm.so.6"];
  for (const isLittle of [true, false]) {
    const library = elf(needed, isLittle);
    assert.equal(neededLibraries(bytesSource(library)), needed);
    for (let length = 0; length < library.length; length++) neededLibraries(bytesSource(library.subarray(0, length)));
    for (let at = 16; at < library.length; at++) {
      const other = Buffer.from(library);
      other[at] = 0xff;
      neededLibraries(bytesSource(other));
    }
  }
  assert.equal(neededLibraries(bytesSource(Buffer.from("MZ".padEnd(100)))), []);
});

test("an archive of more members than 16 bits count is read by the strict reader", () => {
  const content = Buffer.alloc(0);
  const many = Array.from({ length: 66_000 }, (_, i) => {
    return { path: `f${i}`, permissions: 0o644, method: 0 as const, packed: content, content };
  });
  const { entries } = openZip(bytesSource(writeZip(many, "x.zip")), { archive: "x.zip" });
  assert.equal([entries.length, entries.at(-1)?.path], [66_000, "f65999"]);
});

test.run();
