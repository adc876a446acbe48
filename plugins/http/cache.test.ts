import fs from "node:fs";

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { failure, filesBelow, inTurn, say, scene, status, text } from "../../test/harness/http-scene.ts";

const cache = suite("http cache");
const BLAKE3_OF_ONE = "d33fb48ab5adff269ae172b29a6913ff04f6f266207a7a8e";

cache(
  "an answer that says nothing is fresh for ten minutes",
  scene({ "/a": say("one") }, async ({ again, url, requests, pass }) => {
    assert.is(text(await (await again()).get(url("/a"))), "one");
    pass(599_000);
    assert.is((await (await again()).get(url("/a"))).isFromCache, true);
    assert.is(requests.length, 1);
    pass(2_000);
    assert.is((await (await again()).get(url("/a"))).isFromCache, false);
    assert.is(requests.length, 2);
  }),
);

cache(
  "max-age decides; a 304 renews without writing the body again",
  scene(
    {
      "/a": (request, response) => {
        const headers = { etag: '"1"', "cache-control": "max-age=60" };
        if (request.headers["if-none-match"] === '"1"') response.writeHead(304, headers).end();
        else response.writeHead(200, headers).end("one");
      },
    },
    async ({ again, url, requests, pass, dir }) => {
      await (await again()).get(url("/a"));
      const [file] = filesBelow(dir) as [string];
      const before = fs.readFileSync(file);
      const { ino } = fs.statSync(file);
      pass(61_000);
      const answer = await (await again()).get(url("/a"));
      assert.equal([answer.status, answer.isFromCache, text(answer)], [200, true, "one"]);
      assert.is(requests.length, 2);
      assert.is(fs.statSync(file).ino, ino);
      assert.equal(fs.readFileSync(file).subarray(40), before.subarray(40));
      pass(59_000);
      await (await again()).get(url("/a"));
      assert.is(requests.length, 2);
    },
  ),
);

cache(
  "no-store is not stored, no-cache is always asked again",
  scene(
    { "/no-store": say("s", { "cache-control": "no-store" }), "/no-cache": say("c", { "cache-control": "no-cache" }) },
    async ({ http, url, requests, dir }) => {
      assert.is((await http.get(url("/no-store"))).isStorable, false);
      assert.equal(filesBelow(dir), []);
      await http.get(url("/no-cache"));
      await http.get(url("/no-cache"));
      assert.is(requests.length, 3);
    },
  ),
);

cache(
  "the form asked for is part of the key",
  scene({ "/a": (request, response) => void response.end(request.headers.accept) }, async ({ http, url }) => {
    assert.is(text(await http.get(url("/a"), { accept: "text/html" })), "text/html");
    assert.is(text(await http.get(url("/a"), { accept: "text/plain" })), "text/plain");
    assert.is(text(await http.get(url("/a"), { accept: "text/html" })), "text/html");
  }),
);

cache(
  "refresh asks whatever the age, bypass leaves no trace",
  scene({ "/a": say("one", { "cache-control": "max-age=60" }) }, async ({ http, url, requests, dir }) => {
    await http.get(url("/a"), { cache: "bypass" });
    assert.equal(filesBelow(dir), []);
    await http.get(url("/a"));
    await http.get(url("/a"), { cache: "refresh" });
    assert.is(requests.length, 3);
  }),
);

cache(
  "a caller with a copy of its own is told 304",
  scene({ "/a": status(304, { "cache-control": "max-age=60" }) }, async ({ http, url, requests }) => {
    const answer = await http.get(url("/a"), { etag: '"7"' });
    assert.equal([answer.status, answer.body.length], [304, 0]);
    assert.ok(answer.freshUntilMs - answer.fetchedAtMs === 60_000);
    assert.is(requests[0]?.headers["if-none-match"], '"7"');
  }),
);

cache(
  "offline serves any age, and names what it lacks",
  scene({ "/a": say("one", { "cache-control": "max-age=1" }) }, async ({ http, again, url, requests, pass }) => {
    await http.get(url("/a"));
    pass(1e10);
    const offline = await again({ isOffline: true });
    assert.is(text(await offline.get(url("/a"))), "one");
    for (const work of [
      offline.get(url("/b?key=1")),
      offline.range(url("/b"), { start: -9 }),
      offline.download(url("/b"), "x"),
    ]) {
      const error = await failure(work);
      assert.is(error.code, "E_OFFLINE_MISS");
      assert.match(error.message, /\/b is not in the cache/);
    }
    assert.is(requests.length, 1);
  }),
);

cache(
  "a damaged file counts as absent",
  scene({ "/a": say("one") }, async ({ http, again, url, requests, dir }) => {
    await http.get(url("/a"));
    const [file] = filesBelow(dir) as [string];
    const whole = fs.readFileSync(file);
    for (const damage of [
      whole.subarray(0, 30),
      whole.subarray(0, -1),
      Buffer.from(whole).fill("x", whole.length - 2),
    ]) {
      fs.writeFileSync(file, damage);
      assert.is(text(await (await again()).get(url("/a"))), "one");
    }
    assert.is(requests.length, 4);
  }),
);

cache(
  "the file is laid out as the standard of its kind says, to the byte",
  scene(
    { "/a": say("one", { etag: '"1"', "cache-control": "max-age=60", "x-secret": "no" }) },
    async ({ http, url, dir }) => {
      const { fetchedAtMs, headers } = await http.get(url("/a"));
      const [file] = filesBelow(dir) as [string];
      const bytes = fs.readFileSync(file);
      assert.is(bytes.toString("latin1", 0, 4), "PBC\x01");
      assert.equal([bytes.readUInt16LE(4), bytes.readUInt16LE(6)], [1, 0]);
      const [policyBytes, bodyAt] = [bytes.readUInt32LE(8), bytes.readUInt32LE(12)];
      const policy = bytes.toString("utf8", 64, 64 + policyBytes);
      const date = `date:${headers["date"]}`;
      const lines = [`url:${url("/a")}`, "status:200", 'etag:"1"', "cache-control:max-age=60", date];
      assert.equal(policy.split("\n"), lines);
      assert.is(bodyAt, Math.ceil((64 + policyBytes) / 8) * 8);
      assert.ok(bytes.subarray(64 + policyBytes, bodyAt).every((byte) => byte === 0));
      assert.is(bytes.readBigUInt64LE(16), 3n);
      assert.is(bytes.readBigInt64LE(24), BigInt(fetchedAtMs));
      assert.is(bytes.readBigInt64LE(32), BigInt(fetchedAtMs + 60_000));
      assert.is(bytes.toString("hex", 40, 64), BLAKE3_OF_ONE);
      assert.is(bytes.toString("utf8", bodyAt), "one");
    },
  ),
);

cache(
  "one request for all who want the same at once; a failure is not kept",
  scene({ "/a": inTurn(status(500), status(500), status(500), say("one")) }, async ({ http, url, requests }) => {
    const both = await Promise.allSettled([http.get(url("/a")), http.get(url("/a"))]);
    assert.equal(
      both.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.is(requests.length, 3);
    assert.is(text(await http.get(url("/a"))), "one");
  }),
);

cache.run();
