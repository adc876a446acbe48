import type { PackageName } from "../../../plugin-api/model/requirement.ts";
import { UnsafeLink } from "../../../plugin-api/page/archive-links.ts";
import { encodeVersionPage } from "../../../plugin-api/page/encode.ts";
import { readSimplePage } from "../../../plugin-api/page/simple-api.ts";
import { NotAnIndexPage } from "../../../plugin-api/page/simple-page.ts";
import { openVersionPage } from "../../../plugin-api/page/view.ts";
import { insertOneOf } from "./mutate.ts";
import type { Subject } from "./subject.ts";

const NAME = "demo" as PackageName;
const SHA = "0123456789abcdef".repeat(4);

const FILES = [
  "demo-1.0.tar.gz",
  "demo-1.0-py3-none-any.whl",
  "demo-1.1rc1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
  "demo-2!1.0.post1+local-1build-py2.py3-none-any.whl",
  "Größe-1.zip",
];

const json = JSON.stringify({
  meta: { "api-version": "1.4", "_last-serial": 12 },
  name: "demo",
  "project-status": { status: "archived", reason: "gone" },
  versions: ["1.0", "1.1rc1"],
  files: FILES.map((filename, i) => ({
    filename,
    url:
      i % 2 === 0
        ? `../../files/${encodeURIComponent(filename)}#x`
        : `https://files.example/${encodeURIComponent(filename)}`,
    hashes: { sha256: SHA, md5: "1" },
    "requires-python": ">=3.8,!=3.9.*",
    size: 1000 + i,
    "upload-time": "2024-02-03T04:05:06.789Z",
    yanked: i === 1 ? "a reason" : false,
    "core-metadata": i === 2 ? { sha256: SHA } : true,
  })),
});

const html = `<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.1"><title>Links for demo</title>
<base href="https://files.example/a/"></head><body><h1>Links for demo</h1>
${FILES.map((filename) => `<a href="x/${encodeURIComponent(filename)}#sha256=${SHA}" data-requires-python="&gt;=3.8" data-yanked="bad &amp; old" data-core-metadata='sha256=${SHA}'>${filename}</a><br/>`).join("\n")}
<!-- a comment --><script>"<a href='no'>"</script></body></html>`;

/** Reads a page as the index plugin does, and what it keeps of it. */
function readPage(contentType: string, body: Uint8Array): unknown {
  const { files, status } = readSimplePage({ url: "https://index.example/simple/demo/", contentType, body });
  const skipped: string[] = [];
  const record = encodeVersionPage({
    name: NAME,
    index: "public",
    status,
    files,
    onSkip: (name) => skipped.push(name),
  });
  const page = openVersionPage(record);
  const kept = Array.from({ length: page.fileCount }, (_, row) => page.file(row));
  const versions = Array.from({ length: page.count }, (_, rank) => [page.version(rank), page.rows(rank)]);
  return { kept, versions, skipped, status: page.status };
}

// Both are told with a code (E_INDEX_PAGE, E_INDEX_UNSAFE) by whoever asked for the page.
const isRefusal = (error: unknown): boolean => error instanceof NotAnIndexPage || error instanceof UnsafeLink;

export const jsonPageSubject: Subject = {
  name: "index page in JSON",
  samples: [Buffer.from(json)],
  mutations: [
    insertOneOf([
      '"',
      "\\u0000",
      "\\ud800",
      "{",
      "}",
      "[",
      "]",
      "null",
      "1e999",
      "-1",
      "__proto__",
      '"files":',
      ",",
      "\\",
      "9".repeat(40),
    ]),
    insertOneOf([
      "../".repeat(50),
      "file:///etc/passwd",
      "http://169.254.169.254/",
      "//host",
      ".whl",
      "%00",
      "%2f",
      "\u202e",
      "\ufeff",
    ]),
  ],
  read: (bytes) => readPage("application/vnd.pypi.simple.v1+json", bytes),
  isRefusal,
};

export const htmlPageSubject: Subject = {
  name: "index page in HTML",
  samples: [Buffer.from(html)],
  mutations: [
    insertOneOf([
      "<",
      ">",
      "</",
      "<a ",
      "<!--",
      "-->",
      "href=",
      '"',
      "'",
      "&",
      "&#0;",
      "&#x110000;",
      "&amp",
      "=",
      "/>",
      "<script>",
      "<base href=",
    ]),
    insertOneOf([
      "../".repeat(50),
      "javascript:",
      "file:///etc/passwd",
      "http://169.254.169.254/",
      "#",
      "%00",
      "%2f",
      "\u202e",
      "\ufeff",
      "<".repeat(3000),
    ]),
  ],
  read: (bytes) => readPage("text/html; charset=utf-8", bytes),
  isRefusal,
};
