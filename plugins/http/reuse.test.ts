import fs from "node:fs";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeCertificates } from "../../test/harness/certificate.ts";
import { type Change, failure, type Scene, scene, text } from "../../test/harness/http-scene.ts";

const test = suite("connections from one command to the next");

const made = makeCertificates();

interface Served extends Scene {
  readonly at: string;
  readonly trusting: Change;
  /** As many as were made so far. */
  readonly connections: readonly Socket[];
  /** Those made so far answer nothing any more. */
  kill(): void;
}

const served = (body: (scene: Served) => Promise<void>) =>
  scene({}, async (plain) => {
    const ca = path.join(plain.dir, "ca.pem");
    fs.writeFileSync(ca, made.authority);
    const connections: Socket[] = [];
    const dead = new Set<Socket>();
    const server = https.createServer(made, (request, response) => {
      if (!dead.has(request.socket)) setTimeout(() => response.end("safe"), 20);
    });
    server.on("secureConnection", (socket) => connections.push(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await body({
        ...plain,
        at: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        trusting: { env: { SSL_CERT_FILE: ca } },
        connections,
        kill: () => connections.forEach((socket) => void dead.add(socket)),
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

const bypass = { cache: "bypass" } as const;

test(
  "the next command goes on with the connection that is there",
  served(async ({ again, at, trusting, connections }) => {
    for (const page of ["a", "b", "c"]) assert.is(text(await (await again(trusting)).get(at + page, bypass)), "safe");
    assert.is(connections.length, 1);
  }),
);

test(
  "who trusts others, or shows a certificate, gets no connection of those who don't",
  served(async ({ again, at, dir, trusting, connections }) => {
    const ca = path.join(dir, "ca.pem");
    await (await again(trusting)).get(at, bypass);
    const both = path.join(dir, "both.pem");
    fs.writeFileSync(both, made.cert + made.key);
    await (await again({ ...trusting, settings: { httpClientCert: both } })).get(at, bypass);
    await (await again({ ...trusting, settings: { http2: false } })).get(at, bypass);
    assert.is(connections.length, 3);
    // The same file with other content.
    fs.writeFileSync(ca, makeCertificates().authority);
    assert.is((await failure((await again(trusting)).get(at, bypass))).code, "E_NETWORK");
    assert.is((await failure((await again()).get(at, bypass))).code, "E_NETWORK");
    fs.writeFileSync(ca, made.authority);
    assert.is(text(await (await again(trusting)).get(at, bypass)), "safe");
  }),
);

test(
  "where one has died unseen, the next attempt connects anew, however many were open",
  served(async ({ again, at, trusting, connections, kill }) => {
    const first = await again(trusting);
    await Promise.all(Array.from({ length: 8 }, (_, i) => first.get(`${at}${i}`, bypass)));
    assert.is(connections.length, 8);
    kill();
    const hasty = await again({ ...trusting, settings: { httpTimeout: 0.2 } });
    assert.is(text(await hasty.get(at, bypass)), "safe");
    assert.is(connections.length, 9);
  }),
);

test.run();
