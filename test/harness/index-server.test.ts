import { inflateRawSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type IndexData, type IndexServer, rangeOf, startIndex } from "./index-server.ts";

const packages = [
  { name: "Alpha.Pkg", version: "1.0", requires: ["beta>=1"], "requires-python": ">=3.9,<4" },
  { name: "Alpha.Pkg", version: "2.0", yanked: 'broken & "bad"', metadata: "hidden" as const },
];
const WHEEL = "/files/alpha_pkg-1.0-py3-none-any.whl";
const JSON_ACCEPT = { Accept: "application/vnd.pypi.simple.v1+json, text/html;q=0.1" };

const served = (data: IndexData, body: (index: IndexServer) => Promise<void>) => async (): Promise<void> => {
  const index = await startIndex({ packages, ...data });
  try {
    await body(index);
  } finally {
    await index.stop();
  }
};

test(
  "a JSON page states what the standard asks for",
  served({}, async (index) => {
    const answer = await fetch(`${index.url}alpha-pkg/`, { headers: JSON_ACCEPT });
    const page = (await answer.json()) as { readonly files: readonly Record<string, unknown>[] };
    assert.is(answer.headers.get("content-type"), "application/vnd.pypi.simple.v1+json");
    assert.is(page.files[0]?.["requires-python"], ">=3.9,<4");
    assert.match(JSON.stringify(page.files[0]?.["core-metadata"]), /^\{"sha256":"[0-9a-f]{64}"\}$/);
    assert.is(page.files[1]?.["core-metadata"], false);
    assert.is(page.files[1]?.["yanked"], 'broken & "bad"');
  }),
);

test(
  "an HTML page states the same, escaped, with relative links",
  served({ form: "html", hasRelativeLinks: true }, async (index) => {
    const page = await (await fetch(`${index.url}alpha-pkg/`, { headers: JSON_ACCEPT })).text();
    assert.match(page, 'data-requires-python="&gt;=3.9,&lt;4"');
    assert.match(page, 'data-yanked="broken &amp; &quot;bad&quot;"');
    assert.match(page, 'href="../../files/alpha_pkg-1.0-py3-none-any.whl#sha256=');
  }),
);

test(
  "names are redirected to their normal form, unknown ones are 404",
  served({}, async (index) => {
    const answer = await fetch(`${index.url}Alpha_Pkg/`, { redirect: "manual" });
    assert.is(answer.status, 301);
    assert.is(answer.headers.get("location"), `${index.url}alpha-pkg/`);
    assert.is((await fetch(`${index.url}nothing/`)).status, 404);
  }),
);

test(
  "pages carry validators and are not sent twice",
  served({}, async (index) => {
    const first = await fetch(`${index.url}alpha-pkg/`);
    const etag = first.headers.get("etag") as string;
    assert.is(first.headers.get("cache-control"), "max-age=600");
    const second = await fetch(`${index.url}alpha-pkg/`, { headers: { "If-None-Match": etag } });
    assert.is(second.status, 304);
    assert.is(index.count("page"), 2);
  }),
);

test(
  "metadata is served where it should be",
  served({}, async (index) => {
    const text = await (await fetch(`${index.origin}${WHEEL}.metadata`)).text();
    assert.match(text, "Name: Alpha.Pkg\nVersion: 1.0\nRequires-Python: >=3.9,<4\nRequires-Dist: beta>=1\n");
    assert.is((await fetch(`${index.origin}${WHEEL.replace("1.0", "2.0")}.metadata`)).status, 200);
    assert.is(index.count("metadata"), 2);
  }),
);

test(
  "a wheel is a zip whose members inflate to their text",
  served({}, async (index) => {
    const wheel = Buffer.from(await (await fetch(index.origin + WHEEL)).arrayBuffer());
    assert.is(wheel.readUInt32LE(0), 0x04034b50);
    const nameLength = wheel.readUInt16LE(26);
    const start = 30 + nameLength;
    const body = wheel.subarray(start, start + wheel.readUInt32LE(18));
    const text = wheel.readUInt16LE(8) === 8 ? inflateRawSync(body) : body;
    assert.is(wheel.subarray(30, start).toString(), "alpha_pkg/__init__.py");
    assert.is(text.toString(), 'name = "Alpha.Pkg"\nversion = "1.0"\n');
  }),
);

test(
  "ranges are answered, or ignored where they are off",
  served({}, async (index) => {
    const answer = await fetch(index.origin + WHEEL, { headers: { Range: "bytes=0-3" } });
    assert.is(answer.status, 206);
    assert.is((await answer.arrayBuffer()).byteLength, 4);
    assert.match(answer.headers.get("content-range") ?? "", /^bytes 0-3\/\d+$/);
  }),
);

test("single ranges of RFC 9110", () => {
  assert.equal(rangeOf("bytes=-4", 10), [6, 9]);
  assert.equal(rangeOf("bytes=2-", 10), [2, 9]);
  assert.equal(rangeOf("bytes=2-99", 10), [2, 9]);
  assert.equal(rangeOf("bytes=0-1,4-5", 10), undefined);
  assert.equal(rangeOf("bytes=9-2", 10), undefined);
  assert.equal(rangeOf(undefined, 10), undefined);
});

test(
  "a login is asked for",
  served({ login: { username: "u", password: "p" } }, async (index) => {
    assert.is((await fetch(`${index.url}alpha-pkg/`)).status, 401);
    const headers = { Authorization: `Basic ${btoa("u:p")}` };
    assert.is((await fetch(`${index.url}alpha-pkg/`, { headers })).status, 200);
  }),
);

test(
  "a status as often as asked for, then all is well",
  served({ faults: [{ url: "/simple/*", status: 503, times: 1, "retry-after": "7" }] }, async (index) => {
    const first = await fetch(`${index.url}alpha-pkg/`);
    assert.is(first.status, 503);
    assert.is(first.headers.get("retry-after"), "7");
    assert.is((await fetch(`${index.url}alpha-pkg/`)).status, 200);
  }),
);

test(
  "truncation breaks the promise of Content-Length",
  served({ faults: [{ url: WHEEL, truncate: 10 }] }, async (index) => {
    const answer = await fetch(index.origin + WHEEL);
    assert.ok(Number(answer.headers.get("content-length")) > 10);
    await answer.arrayBuffer().then(
      () => assert.unreachable("the body should end early"),
      () => {},
    );
  }),
);

test(
  "a reset is no answer",
  served({ faults: [{ url: "*", reset: true }] }, async (index) => {
    await fetch(index.url).then(
      () => assert.unreachable("there should be no answer"),
      () => {},
    );
  }),
);

test(
  "redirects, login pages and changed bytes",
  served({}, async (index) => {
    const good = Buffer.from(await (await fetch(index.origin + WHEEL)).arrayBuffer());
    index.fail({ url: "*.whl", corrupt: true, times: 1 });
    const bad = Buffer.from(await (await fetch(index.origin + WHEEL)).arrayBuffer());
    assert.is(bad.length, good.length);
    assert.not.ok(bad.equals(good));
    index.fail({ url: "/simple/", redirect: "{BASE}/elsewhere", times: 1 });
    const moved = await fetch(index.url, { redirect: "manual" });
    assert.is(moved.headers.get("location"), `${index.origin}/elsewhere`);
    index.fail({ url: "/simple/", login: true });
    assert.match(await (await fetch(index.url)).text(), "sign in");
  }),
);

test.run();
