import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Sha256 } from "../model/digest.ts";
import type { DistributionFile, VersionPage } from "../model/distribution.ts";
import type { PackageName } from "../model/requirement.ts";
import { versionKey } from "../python/version-key.ts";
import { encodeVersionPage } from "./encode.ts";
import { DamagedPage, openVersionPage } from "./view.ts";

const test = suite("version page");

const NAME = "snake" as PackageName;
const digest = (digit: string): Sha256 => digit.repeat(64) as Sha256;
const file = (filename: string, more: Partial<DistributionFile> = {}): DistributionFile => ({
  filename,
  kind: filename.endsWith(".whl") ? "wheel" : "sdist",
  url: `https://files.example/packages/ab/cd/${filename}`,
  isYanked: false,
  hasMetadataFile: false,
  ...more,
});
const encode = (files: readonly DistributionFile[], onSkip?: (name: string, why: string) => void): Uint8Array =>
  encodeVersionPage({ name: NAME, index: "company", status: "active", files, ...(onSkip ? { onSkip } : {}) });
const filesOf = (page: VersionPage): DistributionFile[] =>
  Array.from({ length: page.fileCount }, (_, row) => page.file(row));
const namesOf = (page: VersionPage): string[][] =>
  Array.from({ length: page.count }, (_, rank) => {
    const [first, end] = page.rows(rank);
    return Array.from({ length: end - first }, (_, i) => page.file(first + i).filename);
  });

test("gives back all that is known of a file", () => {
  const files = [
    file("snake-1.0-py3-none-any.whl", {
      sha256: digest("a"),
      metadataSha256: digest("b"),
      hasMetadataFile: true,
      sizeBytes: 5 * 2 ** 33 + 7,
      requiresPython: ">=3.9,<4",
      isYanked: true,
      yankedReason: "breaks on Tuesdays – schade",
      uploadedAtMs: 1_700_000_000_123,
    }),
    file("snake-1.0.tar.gz", { metadataSha256: digest("c"), hasMetadataFile: true, isYanked: true, yankedReason: "" }),
    file("snake-2.0+ubuntu.1-cp312-cp312-linux_x86_64.whl", {
      url: "file:///srv/Größe/snake-2.0%2Bubuntu.1-cp312-cp312-linux_x86_64.whl",
      sizeBytes: 0,
      uploadedAtMs: 0,
    }),
  ];
  const page = openVersionPage(encode(files));
  assert.equal(filesOf(page), files);
  assert.equal([page.name, page.index, page.status, page.count], [NAME, "company", "active", 2]);
  assert.equal([page.version(0), page.version(1)], ["1.0", "2.0+ubuntu.1"]);
  assert.equal(page.pythons, ["", ">=3.9,<4"]);
  assert.equal(page.tags, ["cp312-cp312-linux_x86_64", "py3-none-any"]);
  assert.equal([page.tagIndex(0), page.tagIndex(1), page.tagIndex(2)], [1, -1, 0]);
  assert.equal([page.isYanked(0), page.isYanked(2)], [true, false]);
  assert.equal([page.pythonIndex(0), page.pythonIndex(1)], [1, 0]);
  assert.equal([page.uploadedAt(0), page.uploadedAt(1)], [1_700_000_000, 0]);
});

test("orders releases by version and files by preference", () => {
  const names = [
    "snake-1.10.tar.gz",
    "snake-1.9.zip",
    "snake-1.9.tar.gz",
    "snake-1.9-2-py3-none-any.whl",
    "snake-1.9-10b-py3-none-any.whl",
    "snake-1.9-10a-py3-none-any.whl",
    "snake-1.9-py3-none-any.whl",
    "snake-1.9+local-py3-none-any.whl",
    "snake-1.9rc1.tar.gz",
    "snake-1!0.1.tar.gz",
  ];
  const bytes = encode(names.map((name) => file(name)));
  const page = openVersionPage(bytes);
  assert.equal(namesOf(page), [
    ["snake-1.9rc1.tar.gz"],
    [
      "snake-1.9-10b-py3-none-any.whl",
      "snake-1.9-10a-py3-none-any.whl",
      "snake-1.9-2-py3-none-any.whl",
      "snake-1.9-py3-none-any.whl",
      "snake-1.9.tar.gz",
      "snake-1.9.zip",
    ],
    ["snake-1.9+local-py3-none-any.whl"],
    ["snake-1.10.tar.gz"],
    ["snake-1!0.1.tar.gz"],
  ]);
  for (let rank = 0; rank < page.count; rank++) assert.is(page.key(rank), versionKey(page.version(rank)));
  assert.equal(encode(names.toReversed().map((name) => file(name))), bytes);
});

test("a name that begins and ends as others do is read as if it stood alone", () => {
  const names = [
    "snake-1.0-py3-none-any.whl",
    "snake-1.1-cp312-cp312-linux_x86_64.whl",
    "Snake-1.1-py3-none-any.whl",
    "snake-1.2-py3-none-any.whl",
    "snake-1.2-1-py3-none-any.whl",
    "snake-1.3-1-cp312-cp312-linux_x86_64.whl",
    "snake-1.3-cp312-cp312-linux_x86_64.whl",
    "snake-x-py3-none-any.whl",
    "snake-1.4-py3-none.whl",
    "snake--py3-none-any.whl",
    "snake-1.0.tar.gz",
    "snake-1.1rc1.tar.gz",
    "snake-1.2.zip",
    "snake-doc-1.0.tar.gz",
    "snake-.tar.gz",
  ];
  const alone = names.flatMap((name) => filesOf(openVersionPage(encode([file(name)]))).map(({ filename }) => filename));
  assert.equal(alone.length, 10);
  const among = openVersionPage(encode(names.map((name) => file(name))));
  assert.equal(namesOf(among).flat().toSorted(), alone.toSorted());
  for (let rank = 0; rank < among.count; rank++)
    for (const name of namesOf(among)[rank]!)
      assert.is(openVersionPage(encode([file(name)])).key(0), among.key(rank), name);
});

test("one file at two places has its places in order", () => {
  const at = (place: string) => file("snake-1.0.tar.gz", { url: `https://files.example/${place}/snake-1.0.tar.gz` });
  const bytes = encode([at("b"), at("a"), file("snake-0.9.tar.gz")]);
  assert.equal(bytes, encode([at("a"), file("snake-0.9.tar.gz"), at("b")]));
  assert.equal(
    filesOf(openVersionPage(bytes)).map(({ url }) => url.slice(22, 23)),
    ["p", "a", "b"],
  );
});

test("two spellings of a version are one release", () => {
  const page = openVersionPage(encode([file("snake-1.0.0-py3-none-any.whl"), file("snake-1.0.tar.gz")]));
  assert.equal(namesOf(page), [["snake-1.0.0-py3-none-any.whl", "snake-1.0.tar.gz"]]);
});

test("leaves out what is no file of the package, and says so", () => {
  const skipped: string[] = [];
  const files = ["snake-2004d.tar.gz", "python-1.0-py3-none-any.whl", "snake-1.0.whl", "snake-1.0.tar.gz"];
  const page = openVersionPage(
    encode(
      files.map((name) => file(name)),
      (name, why) => {
        assert.ok(why.length > 10, why);
        skipped.push(name);
      },
    ),
  );
  assert.equal(namesOf(page), [["snake-1.0.tar.gz"]]);
  assert.equal(skipped, files.slice(0, 3));
});

test("an empty page", () => {
  const page = openVersionPage(encode([]));
  assert.equal([page.count, page.fileCount, page.tags, page.pythons], [0, 0, [], []]);
  assert.throws(
    () => page.version(0),
    (error: unknown) => error instanceof RangeError,
  );
  assert.throws(
    () => page.file(0),
    (error: unknown) => error instanceof RangeError,
  );
});

test("opens in the middle of a larger buffer, aligned or not", () => {
  const bytes = encode([file("snake-1.0.tar.gz", { sha256: digest("e") })]);
  for (const offset of [0, 1, 2, 3, 4, 100]) {
    const larger = new Uint8Array(bytes.length + offset + 9).fill(0xee);
    larger.set(bytes, offset);
    const page = openVersionPage(larger.subarray(offset));
    assert.equal(filesOf(page), [file("snake-1.0.tar.gz", { sha256: digest("e") })]);
  }
});

test("carries the source of a direct reference", () => {
  const bytes = encode([file("snake-1.0.tar.gz")]);
  assert.equal(openVersionPage(bytes, { kind: "path", path: "/srv/snake" }).source, {
    kind: "path",
    path: "/srv/snake",
  });
  assert.not("source" in openVersionPage(bytes));
});

const readAll = (page: VersionPage): void => {
  void [page.name, page.index, page.status, page.tags, page.pythons];
  namesOf(page);
  filesOf(page);
  for (let rank = 0; rank < page.count; rank++) void [page.key(rank), page.version(rank)];
};

test("a damaged record throws, or gives some text of its own, but never reads outside", () => {
  const files = ["snake-1.0-py3-none-any.whl", "snake-1.0.tar.gz", "snake-1.1.tar.gz"].map((name) =>
    file(name, { sha256: digest("1"), requiresPython: ">=3.8", yankedReason: "x" }),
  );
  const bytes = encode(files);
  const outside = "OUTSIDE".repeat(200);
  const larger = new Uint8Array(Buffer.from(`${" ".repeat(bytes.length)}${outside}`));
  let refused = 0;
  fc.assert(
    fc.property(fc.nat((bytes.length >> 2) - 1), fc.nat(0xffff_ffff), (word, value) => {
      larger.set(bytes);
      new DataView(larger.buffer).setUint32(4 * word, value, true);
      try {
        const page = openVersionPage(larger.subarray(0, bytes.length));
        readAll(page);
        assert.not.match(JSON.stringify(filesOf(page)), "OUTSIDE");
      } catch (error) {
        if (!(error instanceof DamagedPage)) throw error;
        refused++;
      }
    }),
    { numRuns: 500 },
  );
  assert.ok(refused > 100, String(refused));
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(
      () => openVersionPage(bytes.subarray(0, length)),
      (error: unknown) => error instanceof DamagedPage,
    );
  }
});

test.run();
