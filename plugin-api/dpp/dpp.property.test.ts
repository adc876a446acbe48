import zlib from "node:zlib";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { anyWheel } from "../../test/harness/wheel-arbitraries.ts";
import { bytesSource } from "../archive/byte-source.ts";
import { openZip } from "../archive/zip.ts";
import { blake3Hex } from "../blake3/blake3.ts";
import { PybunError } from "../error.ts";
import { contentHash, detachedParts, encodeDpp } from "./encode.ts";
import { readWheelParts } from "./from-wheel.ts";
import { openDpp } from "./open.ts";
import { byPath, type DppBytecode, type DppParts, sortByPath } from "./parts.ts";
import { readSitePaths } from "./site-paths.ts";
import { toWheel } from "./to-wheel.ts";
import { placeInTree } from "./tree-place.ts";

const test = suite("DPP properties");
const RUNS = { numRuns: Number(process.env["RUNS"] ?? 100) };

const anyParts: fc.Arbitrary<DppParts> = anyWheel.chain((wheel) => {
  const parts = readWheelParts(wheel.bytes, wheel.filename);
  const one = fc.record({
    file: fc.nat({ max: parts.files.length - 1 }),
    cacheTag: fc.constantFrom("cpython-312", "pypy310"),
    invalidation: fc.constantFrom<DppBytecode["invalidation"]>("unchecked-hash", "checked-hash", "timestamp"),
    content: fc.uint8Array({ maxLength: 40 }),
  });
  return fc.array(one, { maxLength: 3 }).map((bytecode) => ({ ...parts, bytecode }));
});

test("PROP-1: header, sections and hash are where the format has them", () => {
  const property = fc.property(anyParts, (parts) => {
    const bytes = encodeDpp(parts);
    assert.is(bytes.toString("latin1", 0, 4), "DPP\u0001");
    assert.is(bytes.readUInt16LE(4), 1);
    assert.is(bytes.readUInt32LE(28) * 8, bytes.length);
    assert.is(bytes.toString("hex", 32, 64), blake3Hex(bytes.subarray(0, 32), bytes.subarray(64)));
    let end = 64;
    ["META", "FILE", "BYTE", "NATV", "DEPS"].forEach((tag, i) => {
      const at = bytes.readUInt32LE(8 + 4 * i) * 8;
      assert.ok(at >= end && at - end < 8, `${tag} at ${at}, after ${end}`);
      assert.is(bytes.toString("latin1", at, at + 4), tag);
      end = at + 16 + Number(bytes.readBigUInt64LE(at + 8));
      const counts = { META: 1, FILE: parts.files.length, BYTE: parts.bytecode.length, NATV: parts.native.length };
      if (tag !== "DEPS") assert.is(bytes.readUInt32LE(at + 4), counts[tag as "META"]);
      if (tag === "DEPS") assert.ok(end > at + 16, "it tells of one extra at least");
    });
    assert.ok(end <= bytes.length && bytes.length - end < 8);
    openDpp(bytes, "x.dpp").verify();
  });
  fc.assert(property, RUNS);
});

test("PROP-1: verify sees every single byte that is changed", () => {
  const property = fc.property(anyParts, fc.nat(), fc.integer({ min: 1, max: 255 }), (parts, place, difference) => {
    const bytes = encodeDpp(parts);
    bytes[place % bytes.length]! ^= difference;
    assert.throws(() => openDpp(bytes, "x.dpp").verify(), isCoded);
    const detached = encodeDpp(detachedParts(parts));
    detached[place % detached.length]! ^= difference;
    assert.throws(() => openDpp(detached, "x.dpp").verify(), isCoded);
  });
  fc.assert(property, RUNS);
});

test("reading gives what was written, and writing that again the same bytes", () => {
  const property = fc.property(anyParts, (parts) => {
    const bytes = encodeDpp(parts);
    const again = openDpp(bytes, "x.dpp").parts();
    assert.equal(again.files.map(plain), parts.files.map(plain));
    assert.equal(again.bytecode.map(plain), parts.bytecode.map(plain));
    assert.equal([again.native, again.dependencies], [parts.native, parts.dependencies]);
    assert.equal(plain(again.metadata), plain(parts.metadata));
    assert.ok(encodeDpp(again).equals(bytes));
  });
  fc.assert(property, RUNS);
});

test("the places of files for site-packages are those that all files have in a tree", () => {
  const property = fc.property(anyParts, (parts) => {
    const placed = parts.files.map(placeInTree).filter(({ scheme }) => scheme === "site");
    const record = encodeDpp(detachedParts(parts));
    const read = (at: number, length: number) => record.subarray(at, at + length);
    for (const endings of [[".py", ".so"], [".txt"], [".so.1", ".py"]])
      assert.equal(
        readSitePaths(read, "x.dpp", endings),
        placed.map(({ treePath }) => treePath).filter((path) => endings.some((ending) => path.endsWith(ending))),
      );
  });
  fc.assert(property, RUNS);
});

test("files come in the order of their paths' bytes", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "/", "é", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{1f600}"),
  });
  const property = fc.property(text, text, (a, b) => {
    const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
    assert.is(Math.sign(byPath({ path: a }, { path: b })), expected);
    const files = [{ path: a }, { path: b }];
    sortByPath(files);
    assert.equal(
      files.map(({ path }) => path),
      expected > 0 ? [b, a] : [a, b],
    );
  });
  fc.assert(property, RUNS);
});

test("PROP-2: wheel, DPP and wheel again have the same files, contents and permissions", () => {
  const property = fc.property(anyWheel, ({ filename, bytes }) => {
    const dpp = encodeDpp(readWheelParts(bytes, filename));
    const view = openDpp(dpp, "x.dpp");
    const made = toWheel(view);
    assert.is(made.filename, filename);
    assert.equal(members(made.bytes), members(bytes));
    assert.equal(
      view.files().map(({ path }) => path),
      members(bytes).map(([path]) => path),
    );
    // Of the source's own identity only size and SHA-256 differ.
    const second = readWheelParts(made.bytes, filename);
    const { metadata } = view.parts();
    const { wheelBytes, wheelSha256 } = metadata;
    assert.ok(encodeDpp({ ...second, metadata: { ...second.metadata, wheelBytes, wheelSha256 } }).equals(dpp));
  });
  fc.assert(property, RUNS);
});

test("the store id is the same however files are compressed and whether there is byte-code", () => {
  const property = fc.property(anyParts, (parts) => {
    const loose = parts.files.map((file) => {
      const stored = file.codec === "deflate" ? zlib.inflateRawSync(file.stored) : file.stored;
      return { ...file, codec: "stored" as const, stored };
    });
    const view = openDpp(encodeDpp(parts), "x.dpp");
    const other = openDpp(encodeDpp({ ...parts, files: loose, bytecode: [] }), "y.dpp");
    assert.is(other.storeId(), view.storeId());
    other.verify();
    const record = encodeDpp(detachedParts(parts));
    assert.is(blake3Hex(record), view.storeId());
    const detached = openDpp(record, "z.dpp");
    detached.verify();
    assert.equal([detached.isDetached, detached.storeId()], [true, view.storeId()]);
    assert.throws(() => detached.content(detached.files()[0]!), isCoded);
  });
  fc.assert(property, RUNS);
});

test("whatever is changed or cut off, and the hash made right again, ends in a coded error or does no harm", () => {
  const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }) });
  const property = fc.property(
    anyParts,
    fc.array(change, { minLength: 1, maxLength: 6 }),
    fc.nat(),
    (parts, changes, cut) => {
      const whole = encodeDpp(parts);
      const bytes = Buffer.from(cut % 4 === 0 ? whole.subarray(0, cut % whole.length) : whole);
      for (const { at, byte } of changes) bytes[at % Math.max(bytes.length, 1)] = byte;
      if (bytes.length >= 64) bytes.set(contentHash(bytes), 32);
      try {
        const view = openDpp(bytes, "x.dpp");
        view.parts();
        view.verify();
        toWheel(view);
      } catch (error) {
        assert.ok(isCoded(error), String(error instanceof Error ? error.stack : error));
      }
    },
  );
  fc.assert(property, RUNS);
});

const CODES = [
  "E_FORMAT_MAGIC",
  "E_FORMAT_VERSION",
  "E_FORMAT_BOUNDS",
  "E_HASH_MISMATCH",
  "E_ARCHIVE_UNSAFE",
  "E_LIMIT",
  "E_METADATA",
];
const isCoded = (error: unknown): boolean => error instanceof PybunError && CODES.includes(error.code);

/** Bytes of any kind as hexadecimal text, so that they compare. */
const plain = (value: object): unknown =>
  Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      each instanceof Uint8Array ? Buffer.from(each).toString("hex") : each,
    ]),
  );

function members(wheel: Buffer) {
  const archive = openZip(bytesSource(wheel), { archive: "x.whl" });
  return archive.entries
    .map((entry) => [entry.path, entry.permissions, archive.read(entry).toString("hex")] as const)
    .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

test.run();
