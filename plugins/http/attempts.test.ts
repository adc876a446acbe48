import fs from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Answer,
  cutShort,
  failure,
  filesBelow,
  inTurn,
  say,
  scene,
  status,
  text,
} from "../../test/harness/http-scene.ts";

const attempts = suite("http attempts");

attempts(
  "what may pass is tried three times, with growing pauses",
  scene({ "/a": inTurn(status(503), cutShort, say("one")) }, async ({ http, url, requests, pauses }) => {
    assert.is(text(await http.get(url("/a"))), "one");
    assert.is(requests.length, 3);
    assert.is(pauses.length, 2);
    assert.ok((pauses[0] as number) >= 500 && (pauses[0] as number) < 1000, String(pauses));
    assert.ok((pauses[1] as number) >= 1000 && (pauses[1] as number) < 2000, String(pauses));
  }),
);

for (const code of [408, 425, 429, 500, 502, 599]) {
  attempts(
    `status ${code} for good`,
    scene({ "/a": status(code) }, async ({ http, url, requests }) => {
      const error = await failure(http.get(url("/a")));
      assert.is(error.code, "E_NETWORK");
      assert.match(error.message, `status ${code}`);
      assert.match((error.cause as Error).message, /^3 attempts in \d+\.\ds$/);
      assert.is(error.detail.isRetryable, true);
      assert.is(requests.length, 3);
    }),
  );
}

attempts(
  "other statuses are answers",
  scene({ "/a": status(410) }, async ({ http, url, requests }) => {
    assert.is((await http.get(url("/a"))).status, 410);
    assert.is((await http.get(url("/none"))).status, 404);
    assert.is(requests.length, 2);
  }),
);

attempts(
  "Retry-After is heeded up to a minute",
  scene(
    { "/a": inTurn(status(429, { "retry-after": "7" }), say("one")), "/b": status(503, { "retry-after": "61" }) },
    async ({ http, url, requests, pauses }) => {
      await http.get(url("/a"));
      assert.equal(pauses, [7000]);
      assert.is((await failure(http.get(url("/b")))).code, "E_NETWORK");
      assert.is(requests.length, 3);
    },
  ),
);

attempts(
  "a truncated body is an error and leaves nothing",
  scene({ "/a": cutShort }, async ({ http, url, dir }) => {
    const target = path.join(dir, "file");
    assert.is((await failure(http.get(url("/a")))).code, "E_NETWORK");
    assert.is((await failure(http.download(url("/a"), target))).code, "E_NETWORK");
    assert.equal(filesBelow(dir), []);
  }),
);

attempts(
  "nobody there",
  scene({}, async ({ http }) => {
    const error = await failure(http.get("http://127.0.0.1:1/"));
    assert.is(error.message, "127.0.0.1:1 cannot be reached: refused");
    assert.is(error.code, "E_NETWORK");
  }),
);

attempts(
  "a proxy that is not there is named, without its password",
  scene(
    {},
    async ({ http }) => {
      const error = await failure(http.get("http://packages.example/"));
      assert.match((error.cause as Error).message, /3 attempts in .*, through proxy 127\.0\.0\.1:9 from HTTP_PROXY/);
    },
    { env: { HTTP_PROXY: "http://me:secret@127.0.0.1:9" } },
  ),
);

attempts(
  "a proxy is asked for the whole address, with its own credentials",
  scene({ "http://packages.example/a": say("through") }, async ({ again, url, requests }) => {
    const proxy = url("").replace("//", "//me:secret@");
    const http = await again({ env: { HTTP_PROXY: proxy, NO_PROXY: "127.0.0.1" } });
    assert.is(text(await http.get("http://packages.example/a")), "through");
    const login = `Basic ${Buffer.from("me:secret").toString("base64")}`;
    assert.equal([requests[0]?.headers["proxy-authorization"], requests[0]?.headers.authorization], [login, undefined]);
    assert.is((await http.get(url("/none"))).status, 404);
    assert.is(requests[1]?.url, "/none");
  }),
);

attempts(
  "a body beyond its limit",
  scene(
    {
      "/announced": (_, response) => response.writeHead(200, { "content-length": "2000000000" }).write("x"),
      "/endless": (_, response) => {
        response.writeHead(200);
        const more = (): void =>
          void (response.destroyed || response.write("x".repeat(65_536), () => setImmediate(more)));
        more();
      },
    },
    async ({ http, url, dir }) => {
      for (const where of ["/announced", "/endless"]) {
        assert.is((await failure(http.get(url(where), { maxBytes: 1_000_000 }))).code, "E_LIMIT");
        const target = path.join(dir, "file");
        assert.is((await failure(http.download(url(where), target, { maxBytes: 1_000_000 }))).code, "E_LIMIT");
        assert.is((await failure(http.download(url(where), target, { sizeBytes: 70_000 }))).code, "E_LIMIT");
        assert.not(fs.existsSync(target));
      }
    },
  ),
);

let [open, most] = [0, 0];
const counted: Answer = (_, response) => {
  most = Math.max(most, ++open);
  setImmediate(() => setImmediate(() => (open--, response.end("x"))));
};

attempts(
  "no more at once than the setting says",
  scene(
    Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`/${i}`, counted])),
    async ({ http, url }) => {
      await Promise.all(Array.from({ length: 8 }, (_, i) => http.get(url(`/${i}`))));
      assert.is(most, 2);
    },
    { settings: { concurrentMetadata: 2 } },
  ),
);

attempts.run();
