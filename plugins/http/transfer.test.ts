import { createHash } from "node:crypto";
import fs from "node:fs";
import type { ServerResponse } from "node:http";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseSha256, type Sha256 } from "../../plugin-api/model/digest.ts";
import { type Answer, failure, filesBelow, inTurn, say, scene, status, text } from "../../test/harness/http-scene.ts";

const redirects = suite("http redirects");

const lead = (location: string): Answer => status(302, { location });

redirects(
  "are followed, and told",
  scene({ "/a": lead("/b"), "/b": say("two") }, async ({ http, url }) => {
    const answer = await http.get(url("/a"));
    assert.equal([text(answer), answer.url], ["two", url("/b")]);
  }),
);

redirects(
  "not to files or link-local addresses, nor in circles",
  scene(
    { "/file": lead("file:///etc/passwd"), "/local": lead("http://169.254.7.7/x.whl"), "/circle": lead("/circle") },
    async ({ http, url, requests, dir }) => {
      for (const where of ["/file", "/local"]) {
        assert.match((await failure(http.get(url(where)))).message, /did not answer as it should: it redirects to/);
        assert.is((await failure(http.download(url(where), path.join(dir, "x")))).code, "E_NETWORK");
      }
      assert.is(requests.length, 4);
      assert.match((await failure(http.get(url("/circle")))).message, "it redirects in a circle");
      assert.is(requests.length, 4 + 11);
      assert.equal(filesBelow(dir), []);
    },
  ),
);

redirects(
  "carry credentials to the same host only",
  scene(
    {
      "/a": lead("/b"),
      "/b": (request, response) => lead(`http://localhost:${request.socket.localPort}/c`)(request, response),
      "/c": say("x"),
    },
    async ({ http, url, requests }) => {
      await http.get(url("/a").replace("//", "//me:secret@"));
      const sent = requests.map(({ url, headers }) => [url, headers.authorization !== undefined]);
      assert.equal(sent, [
        ["/a", true],
        ["/b", true],
        ["/c", false],
      ]);
    },
  ),
);

redirects.run();

const files = suite("http files");

const BODY = "0123456789".repeat(50_000);
const SHA256 = parseSha256(createHash("sha256").update(BODY).digest("hex")) as Sha256;
/** Sends part of the body, then goes away; asked for the rest, it sends the rest. */
const interrupted =
  (rest: (start: number, response: ServerResponse) => void): Answer =>
  (request, response) => {
    const start = /^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1];
    if (start !== undefined) return rest(Number(start), response);
    response.writeHead(200, { "content-length": String(BODY.length), etag: '"1"' });
    response.write(BODY.slice(0, 300_000), () => request.socket.destroy());
  };
const part = (start: number, response: ServerResponse, text = BODY.slice(start)): void => {
  response.writeHead(206, {
    "content-range": `bytes ${start}-${BODY.length - 1}/${BODY.length}`,
    "content-length": String(text.length),
  });
  response.end(text);
};

files(
  "a download is hashed, measured and reported",
  scene({ "/a": say(BODY) }, async ({ http, url, dir }) => {
    const seen: number[] = [];
    const target = path.join(dir, "file");
    const result = await http.download(url("/a"), target, { sha256: SHA256, onBytes: (bytes) => seen.push(bytes) });
    assert.equal(result, { sha256: SHA256, sizeBytes: BODY.length });
    assert.is(fs.readFileSync(target, "utf8"), BODY);
    assert.is(seen.at(-1), BODY.length);
  }),
);

files(
  "another content is refused and removed",
  scene({ "/a": say(`${BODY}!`) }, async ({ http, url, dir, requests }) => {
    const target = path.join(dir, "file");
    const error = await failure(http.download(url("/a"), target, { sha256: SHA256 }));
    assert.is(error.code, "E_HASH_MISMATCH");
    assert.is(error.detail.evidence?.[0], `expected  ${SHA256}`);
    assert.not(fs.existsSync(target));
    assert.is(requests.length, 1);
  }),
);

files(
  "an interrupted download goes on where it stopped",
  scene({ "/a": interrupted(part) }, async ({ http, url, dir, requests }) => {
    const target = path.join(dir, "file");
    assert.is((await http.download(url("/a"), target, {})).sha256, SHA256);
    assert.is(fs.readFileSync(target, "utf8"), BODY);
    assert.is(requests.at(-1)?.headers["if-range"], '"1"');
  }),
);

for (const [what, rest] of [
  ["begins elsewhere", (start: number, response: ServerResponse) => part(start - 1, response)],
  [
    "is of another file",
    (start: number, response: ServerResponse) => {
      response.writeHead(206, { "content-range": `bytes ${start}-${BODY.length}/${BODY.length + 1}` });
      response.end(`${BODY.slice(start)}!`);
    },
  ],
  ["is refused", (_: number, response: ServerResponse) => void response.writeHead(416).end()],
  [
    "is other bytes",
    (start: number, response: ServerResponse) => part(start, response, "x".repeat(BODY.length - start)),
  ],
] as const) {
  files(
    `starts over when the rest ${what}`,
    scene({ "/a": inTurn(interrupted(rest), interrupted(rest), say(BODY)) }, async ({ http, url, dir }) => {
      const target = path.join(dir, "file");
      assert.is((await http.download(url("/a"), target, { sha256: SHA256 })).sha256, SHA256);
      assert.is(fs.readFileSync(target, "utf8"), BODY);
    }),
  );
}

files(
  "a file that is there already is left alone",
  scene({ "/a": say(BODY) }, async ({ http, url, dir, requests }) => {
    const target = path.join(dir, "file");
    fs.writeFileSync(target, "mine");
    try {
      await http.download(url("/a"), target);
      assert.unreachable();
    } catch (error) {
      assert.is((error as NodeJS.ErrnoException).code, "EEXIST");
    }
    assert.is(fs.readFileSync(target, "utf8"), "mine");
    assert.is(requests.length, 0);
  }),
);

const ranged: Answer = (request, response) => {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const start = from === "" ? BODY.length - Number(to) : Number(from);
  const end = from === "" || to === "" ? BODY.length - 1 : Number(to);
  response.writeHead(206, { "content-range": `bytes ${start}-${end}/${BODY.length}` }).end(BODY.slice(start, end + 1));
};

files(
  "ranges: a part, the end, and servers that can't",
  scene(
    {
      "/a": ranged,
      "/whole": say(BODY),
      "/shifted": (_, response) => response.writeHead(206, { "content-range": "bytes 3-7/500000" }).end("34567"),
      "/parts": (_, response) =>
        response.writeHead(206, { "content-type": "multipart/byteranges; boundary=x" }).end("x"),
      "/short": (_, response) => response.writeHead(206, { "content-range": "bytes 2-6/500000" }).end("234"),
    },
    async ({ http, url, requests }) => {
      const middle = await http.range(url("/a"), { start: 2, end: 6 });
      assert.equal(
        [text({ body: middle?.bytes as Uint8Array }), middle?.offset, middle?.totalBytes],
        ["23456", 2, BODY.length],
      );
      const end = await http.range(url("/a"), { start: -4 });
      assert.equal([text({ body: end?.bytes as Uint8Array }), end?.offset], ["6789", BODY.length - 4]);
      assert.is(requests[0]?.headers["accept-encoding"], "identity");
      for (const where of ["/whole", "/shifted", "/parts", "/short"])
        assert.is(await http.range(url(where), { start: 2, end: 6 }), undefined, where);
      assert.match((await failure(http.range(url("/none"), { start: 2 }))).message, "status 404");
    },
  ),
);

files.run();
