import { suite } from "uvu";
import * as assert from "uvu/assert";
import { smallLock } from "../../test/harness/small-lock.ts";
import { PybunError } from "../error.ts";
import type { Lock } from "../model/lock.ts";
import { contentHash } from "./content-hash.ts";
import { encodeLock } from "./encode.ts";
import { nameHash } from "./name-hash.ts";
import { type LockView, openLock } from "./open.ts";

const test = suite("lock file");
const PLACE = { path: "/p/pybun.lockb" };

const LOCK = smallLock({
  packages: [
    { id: "app 1.0", needs: ["lib[fast] 2.0rc1 ; python_version < '3.11'"] },
    { id: "lib 2.0rc1", extras: ["fast"], files: ["lib-2.0rc1-cp312-cp312-win_amd64.whl", "lib-2.0rc1.tar.gz"] },
    { id: "lib 1!2.0.1.4", files: ["lib-1!2.0.1.4.tar.gz"] },
  ],
  roots: ["app 1.0"],
  meta: { indexes: '{"public":"https://files.example/simple/"}', generator: "pybun 1.0" },
});
const BYTES = encodeLock(LOCK, PLACE);

const codeOf = (make: () => unknown): string => {
  try {
    make();
    return "none";
  } catch (error) {
    if (!(error instanceof PybunError)) throw error;
    return `${error.code} ${error.message}`;
  }
};

test("FNV-1a: the published vectors", () => {
  const hex = (text: string) => {
    const { high, low } = nameHash(text);
    return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
  };
  assert.equal(["", "a", "foobar"].map(hex), ["cbf29ce484222325", "af63dc4c8601ec8c", "85944171f73967e8"]);
});

test("the header, byte by byte", () => {
  const view = new DataView(BYTES.buffer);
  const head = [4, 6].map((at) => view.getUint16(at, true));
  assert.equal([...BYTES.subarray(0, 4)], [0x44, 0x50, 0x4c, 0x01]);
  assert.equal(head, [1, 1]);
  assert.equal([view.getUint32(8, true), view.getUint32(16, true), view.getUint32(28, true)], [3, 8, 0xffffffff]);
  assert.equal([view.getUint8(24), view.getUint8(25), view.getUint16(26, true)], [3, 9, 0]);
  assert.equal(BYTES.subarray(32, 64), Uint8Array.from(contentHash(BYTES)));
});

test("the entries: chained by name, versions as numbers with what they leave out", () => {
  const view = new DataView(BYTES.buffer);
  const directory = view.getUint32(20, true);
  assert.is(Buffer.from(BYTES.subarray(directory + 8, directory + 12)).toString(), "ENTR");
  const entries = view.getUint32(directory + 12, true);
  const fields = [0, 1, 2].map((i) => [16, 20, 24, 28, 44].map((at) => view.getUint32(entries + 128 * i + at, true)));
  assert.equal(fields, [
    [1, 0, 0, 1, 0xffffffff],
    [2, 0, 0, 2, 2],
    [2, 0, 1, 32 | 64, 0xffffffff],
  ]);
  assert.equal(
    [0, 1, 2].map((i) => view.getUint8(entries + 128 * i + 15)),
    [2, 0, 4],
  );
});

test("addresses are relative to their index where they share a host", () => {
  assert.ok(Buffer.from(BYTES).includes("../lib-2.0rc1.tar.gz"));
  assert.not.ok(Buffer.from(BYTES).includes("https://files.example/lib"));
  const mirrored = openLock(BYTES, { ...PLACE, indexes: { public: "https://mirror.example/root/simple/" } });
  assert.is(mirrored.find("lib")[0]?.files[1]?.url, "https://mirror.example/root/lib-2.0rc1.tar.gz");
});

test("credentials never reach the file", () => {
  const secret = (lock: Lock): boolean => Buffer.from(encodeLock(lock, PLACE)).includes("hunter2");
  const url = "https://user:hunter2@files.example/a-1.zip";
  const file = { filename: "a-1.zip", url };
  const sources = [
    { id: "a 1", files: [file] },
    { id: "a 1", files: [file], source: { kind: "url", url } as const },
    { id: "a 1", source: { kind: "git", url: "https://hunter2@h.example/r", commit: "12".repeat(20) } as const },
    { id: "a 1", files: [file], source: { kind: "index", index: url } as const },
  ];
  for (const each of sources) assert.not(secret(smallLock({ packages: [each], roots: ["a 1"] })), JSON.stringify(each));
});

const incomplete: readonly (readonly [what: string, lock: Lock, expected: RegExp])[] = [
  ["no digest", withFile({ sha256: undefined }), /^E_LOCK_INCOMPLETE `a-1.zip` of a 1 has no SHA-256$/],
  ["a placeholder", withFile({ sha256: "0".repeat(64) }), /^E_LOCK_INCOMPLETE .* no SHA-256/],
  ["another digest", withFile({ sha256: "ab".repeat(20) }), /^E_LOCK_INCOMPLETE .* no SHA-256/],
  ["no file name", withFile({ filename: "../a-1.zip" }), /^E_LOCK_INCOMPLETE/],
  ["a file of another kind", withFile({ kind: "wheel" }), /^E_LOCK_INCOMPLETE/],
  ["no files", smallLock({ packages: [{ id: "a 1", files: [] }], roots: [] }), /^E_LOCK_INCOMPLETE a 1 has no file/],
  [
    "no version",
    smallLock({ packages: [{ id: "a one", files: ["a-1.zip"] }], roots: [] }),
    /^E_LOCK_INCOMPLETE a has `one`/,
  ],
  [
    "an unknown source",
    smallLock({ packages: [{ id: "a 1", files: ["a-1.zip"], source: { kind: "ftp" } as never }], roots: [] }),
    /^E_LOCK_INCOMPLETE .*`ftp`/,
  ],
  ["a long text", { ...LOCK, meta: { settings: "x".repeat(65_536) } }, /^E_LIMIT .*65536 bytes/],
  ["half a character", { ...LOCK, meta: { settings: "\ud800" } }, /^E_LOCK_INCOMPLETE .*Unicode/],
  [
    "too many extras",
    {
      ...LOCK,
      packages: [
        { ...LOCK.packages[0]!, dependencies: [], extras: Array.from({ length: 65_536 }, (_, i) => `e${i}`) as never },
      ],
      roots: [],
    },
    /^E_LIMIT/,
  ],
];
function withFile(facts: object): Lock {
  return smallLock({ packages: [{ id: "a 1", files: [{ filename: "a-1.zip", ...facts }] }], roots: [] });
}
for (const [what, lock, expected] of incomplete) {
  test(`not written: ${what}`, () =>
    assert.match(
      codeOf(() => encodeLock(lock, PLACE)),
      expected,
    ));
}

/** The file with some bytes set, its content hash put right again. */
function changed(change: (bytes: Uint8Array, view: DataView) => void): Uint8Array {
  const bytes = Uint8Array.from(BYTES);
  change(bytes, new DataView(bytes.buffer));
  bytes.set(contentHash(bytes), 32);
  return bytes;
}
const directoryAt = new DataView(BYTES.buffer).getUint32(20, true);
const record = (id: string): number => {
  for (let at = directoryAt + 8; ; at += 16) if (Buffer.from(BYTES.subarray(at, at + 4)).toString() === id) return at;
};
const startOf = (id: string): number => new DataView(BYTES.buffer).getUint32(record(id) + 4, true);
const u32 = (at: number, value: number) => changed((_, view) => view.setUint32(at, value, true));
const u16 = (at: number, value: number) => changed((_, view) => view.setUint16(at, value, true));
const name = (at: number, text: string) => changed((bytes) => bytes.set(Buffer.from(text), at));

const whole = (view: LockView): void => {
  view.lock();
  view.verify();
};
const refused: readonly (readonly [what: string, bytes: Uint8Array, expected: RegExp])[] = [
  ["empty", new Uint8Array(0), /^E_LOCK_INVALID pybun.lockb is damaged: it is empty \(header, offset 0\)$/],
  ["cut off", BYTES.subarray(0, 40), /^E_LOCK_INVALID .*cut off/],
  ["text", Buffer.from("version = 1\n".repeat(10)), /^E_LOCK_INVALID .*no lock/],
  ["a newer version", u16(4, 2), /^E_FORMAT_VERSION .*format version 2/],
  ["version 0", u16(4, 0), /^E_LOCK_INVALID/],
  ["flags of the future", u16(6, 17), /^E_LOCK_INVALID .*flags/],
  [
    "one bit in the content",
    Uint8Array.from(BYTES, (byte, i) => (i === BYTES.length - 9 ? byte ^ 1 : byte)),
    /^E_LOCK_INVALID .*content hash, offset 32/,
  ],
  ["an unknown upper-case section", name(record("MARK"), "MARQ"), /^E_FORMAT_VERSION .*section MARQ/],
  ["a missing section", name(record("MARK"), "marq"), /^E_LOCK_INVALID .*no section MARK/],
  ["a section twice", name(record("MARK"), "PLAT"), /^E_LOCK_INVALID .*two sections PLAT/],
  ["a section beyond the end", u32(record("ARTF") + 8, 0xffffff00), /^E_LOCK_INVALID .*ARTF lies outside/],
  [
    "offset and length that overflow together",
    changed((_, view) => {
      view.setUint32(record("STRS") + 4, 0xfffffff8, true);
      view.setUint32(record("STRS") + 8, 16, true);
    }),
    /^E_LOCK_INVALID .*STRS lies outside/,
  ],
  ["a count that is not the length's", u32(record("EDGE") + 12, 7), /^E_LOCK_INVALID .*EDGE has another size/],
  ["overlapping sections", u32(record("ARTF") + 4, startOf("ENTR") + 128), /^E_LOCK_INVALID .*overlaps/],
  ["a directory outside", u32(20, 0xfffffff8), /^E_LOCK_INVALID .*directory/],
  ["another number of packages", u32(8, 2), /^E_LOCK_INVALID .*header, offset 8/],
  ["a hash table of no size", u32(16, 0), /^E_LOCK_INVALID .*hash table/],
  ["a hash table outside", u32(12, 0x7ffffff8), /^E_LOCK_INVALID .*hash table/],
  [
    "a name outside of the strings",
    u32(startOf("ENTR") + 8, 16),
    /^E_LOCK_INVALID .*text lies outside \(STRS, offset \d+\)$/,
  ],
  ["a marker that is not there", u32(startOf("ENTR") + 48, 99), /^E_LOCK_INVALID .*MARK/],
  ["artifacts that are not there", u16(startOf("ENTR") + 56, 9000), /^E_LOCK_INVALID .*ARTF/],
  ["artifacts of another package", u32(startOf("ENTR") + 52, 1), /^E_LOCK_INVALID .*ARTF/],
  ["an edge to nowhere", u32(startOf("EDGE"), 3), /^E_LOCK_INVALID .*package 3/],
  [
    "a name that is none",
    name(new DataView(BYTES.buffer).getUint32(startOf("ENTR") + 8, true), "A"),
    /^E_LOCK_INVALID/,
  ],
  ["versions that differ", u32(startOf("ENTR") + 16, 3), /^E_LOCK_INVALID .*version of app/],
  ["files that were exchanged", u32(startOf("ARTF") + 16, 3), /^E_LOCK_INVALID .*files of app/],
  ["a circle of one name", u32(startOf("ENTR") + 128 + 44, 1), /^E_LOCK_INVALID .*not together/],
];
for (const [what, bytes, expected] of refused) {
  test(`not read: ${what}`, () =>
    assert.match(
      codeOf(() => whole(openLock(bytes, PLACE))),
      expected,
    ));
}

test("a lower-case section of somebody else is passed over and written again", () => {
  const section = { id: "abcd", recordCount: 3, bytes: Uint8Array.of(1, 2, 3) };
  const bytes = encodeLock({ ...LOCK, otherSections: [section] }, PLACE);
  const opened = openLock(bytes, PLACE).lock();
  assert.equal(opened.otherSections, [section]);
  assert.equal(encodeLock(opened, PLACE), bytes);
});

test("facts are found without decoding the rest", () => {
  const view = openLock(u32(startOf("ARTF") + 48, 8), PLACE);
  assert.equal(
    [view.meta("generator"), view.meta("requires-python"), view.meta("x")],
    ["pybun 1.0", ">=3.9", undefined],
  );
  assert.is(view.packageCount, 3);
  assert.match(
    codeOf(() => view.lock()),
    /^E_LOCK_INVALID/,
  );
});

test.run();
