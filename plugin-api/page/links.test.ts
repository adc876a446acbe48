import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { DistributionFile } from "../model/distribution.ts";
import { archivesOf, fileUrl, isPlainFilename, UnsafeLink } from "./archive-links.ts";
import { readHtml } from "./html-links.ts";

const html = suite("html links");

const hrefs = (text: string): string[] => readHtml(text).links.map(({ href }) => href);

for (const [what, text, expected] of [
  ["plain", '<a href="x">x</a>', ["x"]],
  ["capitals", '<A HREF="X">x</A>', ["X"]],
  ["single quotes and none", "<a href='x'>1</a><a href=y>2</a>", ["x", "y"]],
  ["blanks and line breaks", '<a\n class=c\n href = "x"\n>', ["x"]],
  ["an apostrophe in a bare value", "<a title=it's href=x><a href=y>", ["x", "y"]],
  ["a bracket inside quotes", '<a title="a > b" href="x">', ["x"]],
  ["blanks around the address", '<a href=" x ">', ["x"]],
  ["entities, once", '<a href="?a=1&amp;amp;b&#x3d;2&#61;&copy;&lt">', ["?a=1&amp;b=2=&copy;&lt"]],
  ["no href", "<a name=x>", []],
  ["another tag", "<area href=x><abbr href=y>", []],
  ["comments", "<!-- <a href=x> --><a href=y><!-- <a href=z>", ["y"]],
  ["scripts and styles", '<script>"<a href=x>"</script><STYLE><a href=y></STYLE ><a href=z>', ["z"]],
  ["the first of two", "<a href=x href=y>", ["x"]],
  ["a tag that never ends", '<a href=x><a href="y', ["x"]],
  ["lone brackets", "1 < 2 <3 << <a href=x> > <", ["x"]],
  ["a self-closing anchor", "<a href=x/><a href='y'/>", ["x/", "y"]],
  ["no HTML", "PK\x03\x04", []],
] as const) {
  html(what, () => assert.equal(hrefs(text), expected));
}

html("base, meta, title", () => {
  const page = readHtml(
    '<TITLE>Links for <x></TITLE><base href="/y/"><base href="/z/"><META NAME="A:b" content="1.1">',
  );
  assert.equal([page.base, page.title, page.meta.get("a:b")], ["/y/", "Links for <x>", "1.1"]);
});

for (const piece of ['<a "', "<a href='", "<!--", "<title>", "<a =", "<a b=", "<", "&#", "<a/"]) {
  html(`a long page of ${piece} takes no time`, () => {
    const startMs = performance.now();
    readHtml(piece.repeat(200_000));
    assert.ok(performance.now() - startMs < 2000);
  });
}

html.run();

const archives = suite("archive links");

const PAGE = "https://index.example/simple/snake/";
const SHA = "a".repeat(64);
const files = (text: string, url = PAGE): DistributionFile[] => archivesOf(readHtml(text), url);
const file = (filename: string, more: Partial<DistributionFile> = {}): DistributionFile => ({
  filename,
  kind: filename.endsWith(".whl") ? "wheel" : "sdist",
  url: `https://index.example/simple/snake/${filename}`,
  isYanked: false,
  hasMetadataFile: false,
  ...more,
});
const WHEEL = "snake-1.0-py3-none-any.whl";

for (const [what, text, expected] of [
  ["relative", `<a href="${WHEEL}">`, [file(WHEEL)]],
  ["to the root", `<a href="/f/${WHEEL}">`, [file(WHEEL, { url: `https://index.example/f/${WHEEL}` })]],
  [
    "by the base",
    `<base href="../../f/"><a href="${WHEEL}">`,
    [file(WHEEL, { url: `https://index.example/f/${WHEEL}` })],
  ],
  [
    "with a digest",
    `<a href="${WHEEL}#egg=snake&amp;sha256=${SHA.toUpperCase()}">`,
    [file(WHEEL, { sha256: SHA as never })],
  ],
  [
    "another digest",
    `<a href="${WHEEL}#egg=snake&md5=0123&md5=4567">`,
    [file(WHEEL, { otherDigest: { algorithm: "md5", hex: "0123" } })],
  ],
  [
    "a digest that is none",
    `<a href="${WHEEL}#sha256=">`,
    [file(WHEEL, { otherDigest: { algorithm: "sha256", hex: "" } })],
  ],
  [
    "decoded once",
    '<a href="snake-1.0%2Bcu121%2520-py3-none-any.whl">',
    [
      file("snake-1.0+cu121%20-py3-none-any.whl", {
        url: "https://index.example/simple/snake/snake-1.0%2Bcu121%2520-py3-none-any.whl",
      }),
    ],
  ],
  [
    "with a query",
    '<a href="snake-1.0.zip?token=1">',
    [file("snake-1.0.zip", { url: `${PAGE}snake-1.0.zip?token=1` })],
  ],
  ["other links", '<a href="../">..</a><a href="README.html"><a href="x.exe"><a href="#top">', []],
  [
    "attributes",
    `<a href="${WHEEL}" DATA-REQUIRES-PYTHON="&gt;=3.9" data-yanked="bad &amp; ugly" data-core-metadata="sha256=${SHA}" data-upload-time="2024-01-02T03:04:05.678Z">`,
    [
      file(WHEEL, {
        requiresPython: ">=3.9",
        isYanked: true,
        yankedReason: "bad & ugly",
        hasMetadataFile: true,
        metadataSha256: SHA as never,
        uploadedAtMs: Date.UTC(2024, 0, 2, 3, 4, 5, 678),
      }),
    ],
  ],
  [
    "the older name, without a hash or reason",
    `<a href="${WHEEL}" data-yanked data-dist-info-metadata="true">`,
    [file(WHEEL, { isYanked: true, hasMetadataFile: true })],
  ],
  ["no metadata", `<a href="${WHEEL}" data-core-metadata="false">`, [file(WHEEL)]],
] as const) {
  archives(what, () => assert.equal(files(text), expected));
}

for (const href of [
  "..%2F..%2Fsnake-1.0.tar.gz",
  "c%3Asnake-1.0.tar.gz",
  "x%5Csnake-1.0.tar.gz",
  "snake%00-1.0.tar.gz",
  "file:///srv/snake-1.0.tar.gz",
  "http://169.254.169.254/snake-1.0.tar.gz",
  "http://0xa9fea9fe/snake-1.0.tar.gz",
  "http://[fe80::1]/snake-1.0.tar.gz",
  "javascript:snake-1.0.tar.gz",
]) {
  archives(`refuses ${href}`, () => {
    assert.throws(
      () => files(`<a href="${href}">`),
      (error: unknown) => error instanceof UnsafeLink,
    );
  });
}

archives("a page on disk may link to files on disk", () => {
  assert.is(files(`<a href="${WHEEL}">`, "file:///srv/simple/snake/")[0]?.url, `file:///srv/simple/snake/${WHEEL}`);
});

archives("a relative link means what it means to a browser", () => {
  const pages = [
    "https://h.example/a/b/c/",
    "https://h.example/a/b/c",
    "http://h.example:8080/simple/x/?q=/y/",
    "https://H.example",
  ];
  const up = ["", "../", "../../", "../../../../", "/", "./", "..", "//other.example/"];
  const down = [
    "x.whl",
    "d/x-1.0+cpu.whl",
    "d//x.whl",
    "d/./x.whl",
    "d/../x.whl",
    "%2e%2e/x.whl",
    "a%20b/x.whl",
    ".x",
    "a:b/x.whl",
    "x.whl?y",
    "\u00e9.whl",
    "",
  ];
  for (const page of pages)
    for (const way of up)
      for (const rest of down) {
        const href = way + rest;
        const expected = URL.canParse(href, page) ? new URL(href, page).href : "";
        if (/^https?:/.test(expected)) assert.is(fileUrl(href, page), expected, `${href} on ${page}`);
        else assert.throws(() => fileUrl(href, page), `${href} on ${page}`);
      }
});

archives("addresses lose user-info, fragment and detours", () => {
  assert.is(fileUrl("https://me:pw@h.example/a/../x.whl#y", PAGE), "https://h.example/x.whl");
  assert.is(fileUrl("HTTPS://H.example/x.whl", PAGE), "https://h.example/x.whl");
  assert.is(fileUrl("https://h.example/a%20b/x.whl", PAGE), "https://h.example/a%20b/x.whl");
});

archives("plain names", () => {
  for (const name of ["a", "a-1.0.tar.gz", "ä b.whl"]) assert.ok(isPlainFilename(name), name);
  for (const name of ["", ".", "..", "a/b", "a\\b", "c:x", "a\0", "a\n", "x".repeat(256)])
    assert.not(isPlainFilename(name), name);
});

archives.run();
