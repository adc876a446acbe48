import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { DistributionFile } from "../model/distribution.ts";
import { UnsafeLink } from "./archive-links.ts";
import { readSimplePage } from "./simple-api.ts";
import { NotAnIndexPage, type SimplePage } from "./simple-page.ts";

const test = suite("simple API");

const URL = "https://index.example/simple/snake/";
const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
const SHA = "0123456789abcdef".repeat(4);
const WHEEL = "snake-1.0-py3-none-any.whl";

const read = (body: string, contentType = JSON_TYPE): SimplePage =>
  readSimplePage({ url: URL, contentType, body: Buffer.from(body) });
const json = (files: readonly object[], more: object = {}): string =>
  JSON.stringify({ meta: { "api-version": "1.0" }, name: "snake", files, ...more });
const file = (more: Partial<DistributionFile> = {}): DistributionFile => ({
  filename: WHEEL,
  kind: "wheel",
  url: `https://files.example/${WHEEL}`,
  isYanked: false,
  hasMetadataFile: false,
  ...more,
});
const row = { filename: WHEEL, url: `https://files.example/${WHEEL}`, hashes: {} };

for (const [what, more, expected] of [
  ["the least", {}, file()],
  ["a relative URL", { url: `../../f/${WHEEL}#sha256=1` }, file({ url: `https://index.example/f/${WHEEL}` })],
  ["a digest, others passed over", { hashes: { md5: "1", sha256: SHA.toUpperCase() } }, file({ sha256: SHA as never })],
  [
    "a malformed digest, which no file has",
    { hashes: { md5: "0".repeat(32), sha256: "Ab\0é" } },
    file({ otherDigest: { algorithm: "sha256", hex: "ab??" } }),
  ],
  [
    "the best of the digests that are no SHA-256",
    { hashes: { md5: "0".repeat(32), sha1: 5, blake2b: "A".repeat(128), nobody: "x" } },
    file({ otherDigest: { algorithm: "blake2b", hex: "a".repeat(128) } }),
  ],
  ["a digest by an algorithm that nobody knows", { hashes: { nobody: "x", shake_128: "ab" } }, file()],
  [
    "size and time (1.1)",
    { size: 12, "upload-time": "2024-02-03T04:05:06.789Z" },
    file({ sizeBytes: 12, uploadedAtMs: Date.UTC(2024, 1, 3, 4, 5, 6, 789) }),
  ],
  ["requires-python", { "requires-python": " >=3.9 " }, file({ requiresPython: ">=3.9" })],
  ["no requires-python", { "requires-python": null }, file()],
  ["not yanked", { yanked: false }, file()],
  ["yanked", { yanked: true }, file({ isYanked: true })],
  ["yanked with a reason", { yanked: "bad" }, file({ isYanked: true, yankedReason: "bad" })],
  ["yanked with an empty reason", { yanked: "" }, file({ isYanked: true })],
  [
    "core-metadata",
    { "core-metadata": { sha256: SHA } },
    file({ hasMetadataFile: true, metadataSha256: SHA as never }),
  ],
  ["core-metadata without a digest", { "core-metadata": true }, file({ hasMetadataFile: true })],
  ["no core-metadata", { "core-metadata": false, "dist-info-metadata": true }, file()],
  [
    "the alias",
    { "dist-info-metadata": { sha256: SHA } },
    file({ hasMetadataFile: true, metadataSha256: SHA as never }),
  ],
  ["the oldest alias", { "data-dist-info-metadata": true }, file({ hasMetadataFile: true })],
  ["what nobody knows", { provenance: "https://x.example/", future: [1] }, file()],
] as const) {
  test(`JSON: ${what}`, () => assert.equal(read(json([{ ...row, ...more }])).files, [file(expected)]));
}

test("JSON: what is no archive is passed over", () => {
  assert.equal(
    read(
      json([
        { ...row, filename: "snake-1.0.exe" },
        { ...row, filename: "snake-1.0.rpm" },
      ]),
    ).files,
    [],
  );
});

test("project status (PEP 792)", () => {
  const archived = read(json([row], { "project-status": { status: "archived", reason: "done" } }));
  assert.equal([archived.status, archived.statusReason], ["archived", "done"]);
  assert.is(read(json([])).status, "active");
  const html =
    '<meta name="pypi:project-status" content="quarantined"><meta name="pypi:repository-version" content="1.4">';
  assert.is(read(html, "text/html").status, "quarantined");
});

const HTML = `<title>Links for snake</title><a href="https://files.example/${WHEEL}">x</a>`;
for (const [contentType, body] of [
  ["text/html", HTML],
  ["text/html; charset=utf-8", HTML],
  ["TEXT/HTML", HTML],
  ["application/vnd.pypi.simple.v1+html", HTML],
  ["application/xhtml+xml", HTML],
  ["", `\ufeff\n ${HTML}`],
  ["text/plain", HTML],
  ["application/vnd.pypi.simple.v1+json", json([row])],
  ["application/vnd.pypi.simple.latest+json", json([row])],
  ["application/json", json([row])],
  ["application/octet-stream", ` ${json([row])}`],
] as const) {
  test(`takes ${contentType || "no type"} for what it is`, () => assert.equal(read(body, contentType).files, [file()]));
}

test("a project without files is an empty page, not a wrong one", () => {
  for (const body of [
    "<title>Links for snake</title>",
    "<h1>Links for snake</h1>",
    '<meta name="pypi:repository-version" content="1.0">',
  ])
    assert.equal(read(body, "text/html").files, []);
});

for (const [what, body, contentType, words] of [
  [
    "a page to sign in",
    "<html><body><form action=login>Please sign in</form></body></html>",
    "text/html",
    "to sign in",
  ],
  ["a page of other links", '<a href="/about">about</a>', "text/html", "lists no archives"],
  ["HTML that says it is JSON", HTML, JSON_TYPE, "says it is JSON and is not"],
  ["half a JSON", json([row]).slice(0, 60), JSON_TYPE, "says it is JSON and is not"],
  ["another JSON", '{"message": "no"}', "application/json", "lists no files"],
  ["null", "null", "application/json", "lists no files"],
  ["a list", "[]", "application/json", "lists no files"],
  ["a file without a name", json([{ url: "x" }]), JSON_TYPE, "no name or URL"],
  ["a later version", json([], { meta: { "api-version": "2.0" } }), JSON_TYPE, "version 2.0"],
  ["a later version by type", json([]), "application/vnd.pypi.simple.v2+json", "version 2"],
  ["a later version in HTML", '<meta name="pypi:repository-version" content="2.0">', "text/html", "version 2.0"],
  ["an image", "\x89PNG", "image/png", "`image/png`"],
  ["nothing", "", "", "without a type"],
] as const) {
  test(`refuses ${what}`, () => {
    assert.throws(
      () => read(body, contentType),
      (error: unknown) => error instanceof NotAnIndexPage && error.message.includes(words),
    );
  });
}

for (const more of [
  { filename: "../../snake-1.0-py3-none-any.whl" },
  { filename: "snake\\..\\1.0.tar.gz" },
  { filename: "/etc/snake-1.0.tar.gz" },
  { filename: "C:snake-1.0.tar.gz" },
  { filename: "snake\0-1.0.tar.gz" },
  { url: "file:///srv/snake-1.0-py3-none-any.whl" },
  { url: "http://169.254.169.254/snake-1.0-py3-none-any.whl" },
  { url: "https://[broken" },
]) {
  test(`refuses ${JSON.stringify(more)}`, () => {
    assert.throws(
      () => read(json([{ ...row, ...more }])),
      (error: unknown) => error instanceof UnsafeLink,
    );
  });
}

test("takes a version 1.9 that is not there yet", () => {
  assert.equal(read(json([row], { meta: { "api-version": "1.9" } })).files, [file()]);
});

test.run();
