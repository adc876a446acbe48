import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import type { Option, Origin } from "../../plugin-api/option.ts";
import type { SettingEntry } from "../../plugin-api/services.ts";
import { DEFAULT_INDEX } from "./default-index.ts";
import { type IndexPlaces, indexList, indexPlaces } from "./index-list.ts";
import { settings } from "./settings.ts";

const test = suite("index list");

type Own = Parameters<typeof indexList>[0];
const NOTHING = { extraIndex: [], extraIndexUrl: [], noIndex: false } as unknown as Own;
const AT = { folder: "/project" };
const HERE = { index: AT, extraIndex: AT, indexes: AT, indexUrl: AT, extraIndexUrl: AT };
/** Names with URLs, in order. */
const list = (own: Partial<Own>): string[] =>
  indexList({ ...NOTHING, ...own }, HERE).map(
    ({ name, url, isExplicit, format }) =>
      `${name} ${url}${isExplicit ? " explicit" : ""}${format === "simple" ? "" : ` ${format}`}`,
  );

const PUBLIC = `pypi ${DEFAULT_INDEX.url}`;
const A = "https://a.example/simple/";
const B = "https://b.example/team/pypi/+simple/";

for (const [what, own, expected] of [
  ["nothing set", {}, [PUBLIC]],
  ["another default keeps the logical name", { indexUrl: A }, [`pypi ${A}`]],
  ["a slash is added, a fragment cut off", { indexUrl: "https://a.example/simple#x" }, [`pypi ${A}`]],
  ["the flag before the setting", { index: A, indexUrl: B }, [`pypi ${A}`]],
  [
    "extra ones first, in order",
    { extraIndex: [A], extraIndexUrl: [B] },
    [`a.example ${A}`, `b.example/team/pypi ${B}`, PUBLIC],
  ],
  ["an extra one with a name", { extraIndexUrl: [`corp=${A}`] }, [`corp ${A}`, PUBLIC]],
  ["the same twice is one", { indexUrl: A, extraIndexUrl: [A] }, [`a.example ${A}`]],
  ["a folder", { indexUrl: "mirror/simple" }, ["pypi file:///project/mirror/simple/"]],
  ["an absolute folder", { extraIndexUrl: ["/srv/simple"] }, ["/srv file:///srv/simple/", PUBLIC]],
  ["no index", { noIndex: true, indexUrl: A, extraIndexUrl: [B] }, []],
  ["a server of the public index", { baseUrl: "http://127.0.0.1:8080" }, ["pypi http://127.0.0.1:8080/simple/"]],
  ["a server with a path", { baseUrl: "http://127.0.0.1:8080/mirror" }, ["pypi http://127.0.0.1:8080/mirror/simple/"]],
  [
    "tables first, explicit ones marked",
    {
      indexes: [
        { name: "corp", url: A },
        { name: "torch", url: B, explicit: true },
      ],
      extraIndexUrl: ["https://c.example/"],
    },
    [`corp ${A}`, `torch ${B} explicit`, "c.example https://c.example/", PUBLIC],
  ],
  [
    "a default table takes the place of the public one",
    { indexes: [{ name: "corp", url: A, default: true }] },
    [`corp ${A}`],
  ],
  [
    "a flag that names a table",
    {
      index: "corp",
      indexes: [
        { name: "corp", url: A },
        { name: "b", url: B },
      ],
    },
    [`b ${B}`, `corp ${A}`],
  ],
  [
    "a flat page keeps its address, a flat folder gets a slash",
    {
      indexes: [
        { name: "page", url: "https://a.example/all.html", format: "flat" },
        { name: "folder", url: "wheels", format: "flat" },
        { name: "file", url: "list.html", format: "flat" },
      ],
    },
    [
      "page https://a.example/all.html flat",
      "folder file:///project/wheels/ flat",
      "file file:///project/list.html flat",
      PUBLIC,
    ],
  ],
  [
    "a JSON file by its ending, or as the table says",
    { indexUrl: "a.json", indexes: [{ name: "b", url: "releases", format: "json" }] },
    ["b file:///project/releases json", "pypi file:///project/a.json json"],
  ],
  [
    "a folder whose name looks like a file",
    { indexes: [{ name: "b", url: "mirror.json", format: "simple" }] },
    ["b file:///project/mirror.json/", PUBLIC],
  ],
  ["a single table", { indexes: { name: "corp", url: A } }, [`corp ${A}`, PUBLIC]],
  ["a table without a name", { indexes: [{ url: A }] }, [`a.example ${A}`, PUBLIC]],
] as const) {
  test(what, () => assert.equal(list(own), expected));
}

for (const [what, own, words] of [
  ["no URL", { indexUrl: "https://[x" }, "is no URL"],
  ["another scheme", { indexUrl: "ftp://a.example/" }, "has the scheme `ftp:`"],
  ["a format that is none", { indexes: [{ name: "corp", url: A, format: "xml" }] }, "is none of simple, flat, json"],
  [
    "a signed page of archives",
    { indexes: [{ name: "corp", url: A, format: "flat", "public-key": "x" }] },
    "only mirrors of pages are signed",
  ],
  ["a key that is no text", { indexes: [{ name: "corp", url: A, "public-key": 1 }] }, "is no text"],
  ["JSON on a server", { indexes: [{ name: "corp", url: A, format: "json" }] }, "is not on this machine"],
  ["a cut-off that is none", { indexes: [{ name: "corp", url: A, "exclude-newer": "soon" }] }, "takes a date"],
  ["a cut-off of true", { indexes: [{ name: "corp", url: A, "exclude-newer": true }] }, "takes a date"],
  ["a word for a switch", { indexes: [{ name: "corp", url: A, explicit: "yes" }] }, "neither true nor false"],
  ["a table without a URL", { indexes: [{ name: "corp" }] }, "the index `corp` has no `url`"],
  [
    "two of one name",
    {
      indexes: [
        { name: "corp", url: A },
        { name: "corp", url: B },
      ],
    },
    "two indexes are named `corp`",
  ],
] as const) {
  test(`refuses ${what}`, () => {
    assert.throws(
      () => list(own),
      (error: unknown) =>
        error instanceof PybunError && error.code === "E_INDEX_INVALID" && error.message.includes(words),
    );
  });
}

test("relative paths start from the file that holds them, those of flags from here", () => {
  const own = {
    ...NOTHING,
    extraIndex: ["a"],
    extraIndexUrl: ["a"],
    indexUrl: "a",
    indexes: [{ name: "t", url: "a" }],
  };
  const [here, tables, user, extra] = ["/here", "/tables", "/user", "/extra"].map((folder) => ({ folder }));
  const places = {
    index: here,
    extraIndex: here,
    indexes: tables,
    indexUrl: user,
    extraIndexUrl: extra,
  } as IndexPlaces;
  const urls = (more: Partial<Own> = {}) => indexList({ ...own, ...more }, places).map(({ url }) => url.slice(7));
  assert.equal(urls(), ["/tables/a/", "/here/a/", "/extra/a/", "/user/a/"]);
  assert.equal(urls({ index: "b" }).at(-1), "/here/b/");
  const entry = (option: Option, origin: Origin): SettingEntry => ({
    key: option.key ?? "index",
    option,
    plugin: "",
    value: "",
    origin,
  });
  const entries = [
    entry(settings.index, { kind: "default", name: "" }),
    entry(settings.indexes, { kind: "file", name: "/p/.pybun/config.toml" }),
    entry(settings.indexUrl, { kind: "environment", name: "PYBUN_INDEX_URL" }),
    entry(settings.extraIndexUrl, { kind: "file", name: "/p/pyproject.toml" }),
  ];
  const table = { entries, get: () => undefined, amend: () => {} };
  const found = Object.entries(indexPlaces(table, "/here")).map(([name, { folder }]) => [name, folder]);
  assert.equal(Object.fromEntries(found), {
    index: "/here",
    extraIndex: "/here",
    indexes: "/p",
    indexUrl: "/here",
    extraIndexUrl: "/p",
  });
});

test("a message shows no credentials", () => {
  assert.throws(
    () => list({ indexUrl: "ftp://me:secret@a.example/" }),
    (error: unknown) => error instanceof Error && !error.message.includes("secret"),
  );
});

test.run();
