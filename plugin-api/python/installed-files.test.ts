import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runs } from "../../test/harness/packaging-arbitraries.ts";
import { InvalidSyntax } from "../error.ts";
import { parseSha256 } from "../model/digest.ts";
import { directUrlOf, formatDirectUrl, parseDirectUrl } from "./direct-url.ts";
import { parseEntryPoints, parseObjectReference } from "./entry-points.ts";
import { formatRecord, parseRecord } from "./record.ts";

const isRefusal = (why: string) => (error: unknown) => error instanceof InvalidSyntax && error.message.includes(why);

const HEX = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const BASE64 = "LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ";

test("RECORD is read", () => {
  const text = `a/b.py,sha256=${BASE64},5\r\n\r\n"odd, ""name"".py",,\na.dist-info/RECORD,,\nshort\nold,md5=abc,7\n`;
  assert.equal(parseRecord(text), [
    { path: "a/b.py", sha256: HEX, size: 5 },
    { path: 'odd, "name".py' },
    { path: "a.dist-info/RECORD" },
    { path: "short" },
    { path: "old", otherHash: "md5=abc", size: 7 },
  ]);
  assert.equal(parseRecord(`a,sha256=${BASE64},\n`), [{ path: "a", sha256: HEX }]);
  assert.equal(parseRecord(`a,sha256=${HEX},`), [{ path: "a", sha256: HEX }]);
});

test("a malformed RECORD is refused with the line", () => {
  const invalid = ["a,,\n,,\n", "a,,\na,,,\n", "a,,\nb,sha256=short,1\n", "a,,\nb,,x\n", 'a,,\n"b,,\n', 'a,,\nb"c,,\n'];
  for (const text of invalid) assert.throws(() => parseRecord(text), isRefusal("line 2"), text);
});

test("a written RECORD is read back", () => {
  const path = fc
    .array(fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é", "/"), { minLength: 1, maxLength: 8 })
    .map((all) => all.join(""));
  const row = fc.record({ path, size: fc.nat() }).map((fields) => ({ ...fields, sha256: parseSha256(HEX)! }));
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      assert.equal(parseRecord(formatRecord(rows)), rows);
    }),
    runs,
  );
  assert.is(
    formatRecord([{ path: "a,b", sha256: parseSha256(HEX)!, size: 5 }, { path: "RECORD" }]),
    `"a,b",sha256=${BASE64},5\nRECORD,,\n`,
  );
});

test("entry points are read", () => {
  const text =
    "# note\n; note\n[console_scripts]\r\ncmdName = a.b:main [x]\nold=a:f\nold = a:g\n\n[ my.group ]\n x y = anything = goes\n";
  assert.equal(parseEntryPoints(text), [
    { group: "console_scripts", name: "cmdName", value: "a.b:main [x]" },
    { group: "console_scripts", name: "old", value: "a:g" },
    { group: " my.group ", name: "x y", value: "anything = goes" },
  ]);
  assert.throws(() => parseEntryPoints("a = b\n"), isRefusal("line 1"));
  assert.throws(() => parseEntryPoints("[g]\na\n"), isRefusal("line 2"));
});

test("object references are read", () => {
  assert.equal(parseObjectReference("a.b:c.d [x, y]"), { module: "a.b", attribute: "c.d", extras: ["x", "y"] });
  assert.equal(parseObjectReference(" a "), { module: "a", attribute: "", extras: [] });
  for (const value of ["", "a:", "a b:c", "a:b()", "../a:b", "a:b;import os", "a..b:c"]) {
    assert.throws(() => parseObjectReference(value), isRefusal(value), value);
  }
});

test("direct URLs are read and written", () => {
  const values = [
    { url: "https://example.org/a.zip", archive_info: { hashes: { sha256: HEX } }, subdirectory: "x" },
    { url: "https://example.org/a.zip", archive_info: {} },
    { url: "https://example.org/r.git", vcs_info: { vcs: "git", requested_revision: "main", commit_id: "0a" } },
    { url: "file:///home/a", dir_info: { editable: true } },
    { url: "file:///home/a", dir_info: {} },
  ];
  for (const value of values) {
    assert.equal(JSON.parse(formatDirectUrl(parseDirectUrl(JSON.stringify(value)))), value);
  }
  const legacy = { url: "https://example.org/a.zip", archive_info: { hash: `sha256=${HEX}` } };
  assert.equal(directUrlOf(legacy).origin, { kind: "archive", hashes: { sha256: HEX } });
});

test("malformed direct URLs are refused", () => {
  const url = "https://example.org/a";
  const invalid = [
    "x",
    "[]",
    "{}",
    JSON.stringify({ url }),
    JSON.stringify({ url: 1, archive_info: {} }),
    JSON.stringify({ url, archive_info: {}, dir_info: {} }),
    JSON.stringify({ url, archive_info: [] }),
    JSON.stringify({ url, archive_info: { hashes: { sha256: 1 } } }),
    JSON.stringify({ url, archive_info: { hash: "x" } }),
    JSON.stringify({ url, archive_info: { hash: "sha256=1", hashes: { sha256: "2" } } }),
    JSON.stringify({ url, vcs_info: { vcs: "git" } }),
    JSON.stringify({ url, dir_info: {} }),
    JSON.stringify({ url: "file:a", dir_info: {} }),
    JSON.stringify({ url: "file://a", dir_info: {} }),
    JSON.stringify({ url: "file:///a", dir_info: { editable: 1 } }),
  ];
  for (const json of invalid) assert.throws(() => parseDirectUrl(json), isRefusal("direct_url.json"), json);
});

test("credentials are not written down", () => {
  const written = (url: string): string =>
    JSON.parse(formatDirectUrl({ url, origin: { kind: "archive", hashes: {} } })).url as string;
  assert.is(written("https://user:pa@ss@example.org/a.zip"), "https://example.org/a.zip");
  assert.is(written("git+https://token@example.org/r.git@main"), "git+https://example.org/r.git@main");
  for (const harmless of [
    "ssh://git@example.org/r.git",
    "https://${USER}:${PASS_1}@example.org/a",
    "https://example.org/a@b",
  ]) {
    assert.is(written(harmless), harmless);
  }
});

test.run();
