import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import findLinks from "../../plugins/find-links/index.ts";
import { codes, onIndex, type Scene, serve, versions } from "../harness/fetch-scene.ts";
import { type IndexServer, startIndex } from "../harness/index-server.ts";
import { failureOf } from "../harness/index-session.ts";

const test = suite("kinds of index, and several of them");

const A = [
  { name: "a", version: "1.0" },
  { name: "a", version: "2.0", yanked: "broken", "requires-python": ">=3.9" },
];

const two = (body: (scene: Scene & { readonly other: IndexServer }) => Promise<void>) =>
  onIndex(
    {
      packages: [
        { name: "a", version: "99.0" },
        { name: "b", version: "1.0" },
      ],
    },
    async (scene) => {
      const other = await startIndex({ packages: [{ name: "a", version: "1.0" }] });
      try {
        await body({ ...scene, other });
      } finally {
        await other.stop();
      }
    },
  );

test(
  "an extra index goes first, and who has the package is the only one asked",
  two(async ({ index, other, run }) => {
    const own = run({ settings: { extraIndexUrl: [other.url] } });
    assert.equal(versions(await own.pages("a")), [["1.0"]]);
    assert.is(index.count("page"), 0);
    assert.equal(versions(await own.pages("b")), [["1.0"]]);
    assert.equal(codes(own), []);
  }),
);

for (const [indexStrategy, precedences] of [
  ["unsafe-first-match", [0, 1]],
  ["unsafe-best-match", [0, 0]],
] as const) {
  test(
    `${indexStrategy} gives the pages of all, and says that it is unsafe`,
    two(async ({ other, run }) => {
      const own = run({ settings: { extraIndexUrl: [other.url], indexStrategy } });
      const pages = await own.pages("a");
      assert.equal(versions(pages), [["1.0"], ["99.0"]]);
      assert.equal(
        pages.map(({ precedence = 0 }) => precedence),
        precedences,
      );
      assert.equal(versions(await own.pages("b")), [["1.0"]]);
      await own.pages("a");
      assert.equal(codes(own), ["W_INDEX_CONFUSION"]);
      own.end();
      const again = await run({ settings: { extraIndexUrl: [other.url], indexStrategy } }).pages("a");
      assert.is(again[1]?.precedence ?? 0, precedences[1]);
    }),
  );
}

test(
  "an index's own cut-off is on all its pages, from whatever they come",
  two(async ({ place, other, run }) => {
    const hour = 3_600_000;
    place.nowMs = Date.UTC(2026, 0, 31, 12, 34);
    const dir = path.join(place.dir, "simple", "c");
    fs.mkdirSync(dir, { recursive: true });
    fs.writeFileSync(path.join(dir, "c-1.0.tar.gz"), "");
    const indexes = [
      { name: "dated", url: other.url, "exclude-newer": "2025-01-01" },
      { name: "folder", url: "simple", "exclude-newer": "2 days" },
      { name: "free", url: "simple", "exclude-newer": false, format: "flat" },
    ];
    const cutOff = async (name: string, only: number): Promise<number | undefined> =>
      (await run({ settings: { indexes: indexes.slice(only, only + 1) } }).pages(name))[0]?.excludeNewerMs;
    assert.is(await cutOff("a", 0), Date.UTC(2025, 0, 2));
    assert.is(await cutOff("c", 1), Date.UTC(2026, 0, 29, 12));
    fs.renameSync(path.join(dir, "c-1.0.tar.gz"), path.join(place.dir, "simple", "c-1.0.tar.gz"));
    assert.is(await cutOff("c", 2), Number.POSITIVE_INFINITY);
    place.nowMs += 2 * hour;
    assert.is(await cutOff("a", 0), Date.UTC(2025, 0, 2));
  }),
);

test(
  "a flat index is one page, asked for once, or one folder",
  onIndex({ packages: A }, async ({ index, place, run }) => {
    const links = ["a-1.0-py3-none-any.whl", "a-2.0.tar.gz", "b_b-1.0-py3-none-any.whl", "notes.txt"];
    fs.writeFileSync(path.join(place.dir, "all.html"), links.map((file) => `<a href="${file}">${file}</a>`).join(""));
    fs.mkdirSync(path.join(place.dir, "wheels"));
    for (const file of links) fs.writeFileSync(path.join(place.dir, "wheels", file), "");
    for (const url of ["all.html", "wheels"]) {
      const own = run({ settings: { indexes: { name: "flat", url, format: "flat" } } });
      assert.equal(versions(await own.pages("a")), [["1.0", "2.0"]]);
      assert.equal(versions(await own.pages("b-b")), [["1.0"]]);
      assert.is((await own.pages("b-b"))[0]?.index, "flat");
    }
    assert.is(index.requests.length, 0);
    const own = run({ settings: { indexes: { name: "flat", url: `${index.url}a/`, format: "flat" } } });
    await Promise.all([own.pages("a"), own.pages("a")]);
    assert.equal(versions(await own.pages("a")), [["1.0", "2.0"]]);
    assert.equal([index.requests.length, index.requests[0]?.path], [1, "/simple/a/"]);
    assert.equal(versions(await own.pages("none")), [[], []]);
    const missing = run({ settings: { indexes: { name: "flat", url: "nowhere", format: "flat" } } });
    assert.is((await failureOf(missing.pages("a"))).code, "E_INDEX_INVALID");
  }),
);

const FILES = {
  "simple/a/index.html": '<a href="../../f/a-1.0-py3-none-any.whl">x</a>',
  "simple/b/b-2.0.tar.gz": "",
  "simple/b/notes.txt": "",
  "simple/c/index.html": "nothing to see",
  "simple/d/index.html": '<a href="https://169.254.1.1/d-1.0.tar.gz">x</a>',
  "index.json": JSON.stringify({
    packages: [
      {
        name: "A",
        version: "1.0",
        dependencies: ["b>=2; python_version > '3'"],
        requires_python: ">=3.9",
        wheels: [{ file: "f/a-1.0-py3-none-any.whl" }],
      },
      { name: "a", version: "2.0", yanked: "bad", sdist: { file: "f/a-2.0.tar.gz", sha256: "a".repeat(64) } },
      { name: "b", version: "2.0" },
      { name: "evil", version: "1.0", wheels: [{ url: "http://169.254.1.1/evil-1.0-py3-none-any.whl" }] },
    ],
  }),
  "broken.json": "{",
};
const write = (dir: string): void => {
  for (const [name, text] of Object.entries(FILES)) {
    fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    fs.writeFileSync(path.join(dir, name), text);
  }
};

test(
  "a folder is an index: pages, or archives without a page",
  onIndex({}, async ({ place, run, index }) => {
    write(place.dir);
    const own = run({ settings: { indexUrl: "simple" }, isOffline: true });
    const [a] = await own.pages("a");
    assert.is(a?.file(0).url, pathToFileURL(path.join(place.dir, "f", "a-1.0-py3-none-any.whl")).href);
    assert.equal(versions(await own.pages("b")), [["2.0"]]);
    assert.equal(versions(await own.pages("none")), [[]]);
    assert.is((await failureOf(own.pages("c"))).code, "E_INDEX_PAGE");
    assert.is((await failureOf(own.pages("d"))).code, "E_INDEX_UNSAFE");
    assert.is(index.requests.length, 0);
  }),
);

test(
  "a JSON file is an index, and its word on dependencies holds",
  onIndex({}, async ({ place, run }) => {
    write(place.dir);
    const own = run({ settings: { index: "index.json" }, isOffline: true });
    const [a] = (await own.pages("a")) as [VersionPage];
    assert.equal(versions([a]), [["1.0", "2.0"]]);
    const [wheel, sdist] = [a.file(0), a.file(1)];
    assert.equal(
      [wheel.requiresPython, sdist.isYanked, sdist.yankedReason, sdist.kind],
      [">=3.9", true, "bad", "sdist"],
    );
    const { dependencies, requiresPython } = await own.metadata("a", wheel);
    assert.is(requiresPython, ">=3.9");
    assert.equal(
      dependencies.requirements("").map(({ name, specifier }) => name + specifier),
      ["b>=2"],
    );
    assert.is((await own.pages("b"))[0]?.file(0).filename, "b-2.0-py3-none-any.whl");
    assert.is((await failureOf(own.pages("evil"))).code, "E_INDEX_UNSAFE");
    for (const file of ["broken.json", "none.json"])
      assert.is((await failureOf(run({ settings: { index: file } }).pages("a"))).code, "E_INDEX_INVALID");
  }),
);

test(
  "a package pinned to an index or place comes from there, an explicit index serves no other",
  two(async ({ index, other, place, run }) => {
    const indexes = [{ name: "corp", url: other.url, explicit: true }];
    const own = run({ settings: { indexes } });
    assert.equal(versions(await own.pages("a")), [["99.0"]]);
    assert.is(other.requests.length, 0);
    const from = (name: string, at: string, also: object = {}) =>
      run({ settings: { indexes, ...also }, plugins: [findLinks] }).pages(name, at);
    assert.equal(versions(await from("a", "corp")), [["1.0"]]);
    const error = await failureOf(from("a", "nowhere"));
    assert.equal([error.code, error.detail.evidence], ["E_INDEX_INVALID", ["configured  corp, pypi"]]);
    assert.is(index.count("page", "/a/"), 1);
    fs.mkdirSync(path.join(place.dir, "wheels"));
    fs.writeFileSync(path.join(place.dir, "wheels", "a-5.0-py3-none-any.whl"), "");
    const places = { findLinks: ["wheels"] };
    assert.equal(versions(await from("a", "corp", places)), [["1.0"]]);
    assert.equal(versions(await from("a", "wheels", places)), [["5.0"]]);
    assert.is(index.count("page", "/a/"), 1);
  }),
);

test(
  "a project in quarantine is told of in each run, and none of its files is used",
  onIndex({}, async ({ place, run }) => {
    const page = { meta: { "api-version": "1.4" }, "project-status": { status: "quarantined" }, name: "q" };
    const file = { filename: "q-1.0-py3-none-any.whl", url: "q-1.0-py3-none-any.whl", hashes: {} };
    const body = JSON.stringify({ ...page, files: [file] });
    const server = await serve(() => ({ "content-type": "application/vnd.pypi.simple.v1+json" }), body);
    try {
      for (let i = 0; i < 2; i++) {
        const own = run({ settings: { indexUrl: server.url } });
        assert.equal(versions(await own.pages("q")), [[]]);
        await own.pages("q");
        assert.equal(codes(own), ["W_QUARANTINED"]);
        own.end();
      }
      assert.is(server.count(), 1);
      fs.mkdirSync(path.join(place.dir, "simple/q"), { recursive: true });
      fs.writeFileSync(path.join(place.dir, "simple/q/index.json"), body);
      const own = run({ settings: { indexUrl: "simple" } });
      assert.equal(versions(await own.pages("q")), [[]]);
      assert.equal(codes(own), ["W_QUARANTINED"]);
    } finally {
      server.stop();
    }
  }),
);

test.run();
