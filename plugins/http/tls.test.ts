import fs from "node:fs";
import https from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import tls from "node:tls";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { makeCertificates } from "../../test/harness/certificate.ts";
import { type Change, failure, type Scene, scene, text } from "../../test/harness/http-scene.ts";

const test = suite("http over TLS");

const made = makeCertificates();

/** A server with a certificate of an authority of our own, and `ca.pem` that holds it. */
const secure = (body: (scene: Scene & { readonly secureUrl: string; readonly ca: string }) => Promise<void>) =>
  scene({}, async (plain) => {
    const ca = path.join(plain.dir, "ca.pem");
    fs.writeFileSync(ca, made.authority);
    const server = https.createServer(made, (_, response) => response.end("safe"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await body({ ...plain, ca, secureUrl: `https://127.0.0.1:${(server.address() as AddressInfo).port}/a` });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

const bypass = { cache: "bypass" } as const;

test(
  "an unknown authority is refused at once",
  secure(async ({ http, secureUrl, pauses }) => {
    const error = await failure(http.get(secureUrl));
    assert.is(error.code, "E_NETWORK");
    assert.match(error.message, "cannot be reached: certificate not trusted");
    assert.match(error.detail.hints?.[0] ?? "", "SSL_CERT_FILE");
    assert.is(error.detail.isRetryable, false);
    assert.equal(pauses, []);
  }),
);

test(
  "an unknown authority where others are named: the hint is to put it beside those",
  secure(async ({ again, secureUrl, dir }) => {
    const other = path.join(dir, "other.pem");
    fs.writeFileSync(other, makeCertificates().authority);
    const http = await again({ env: { SSL_CERT_FILE: other } });
    const { code, detail } = await failure(http.get(secureUrl, bypass));
    const hints = [`put the certificate of its authority into ${other}, which SSL_CERT_FILE names`];
    assert.equal([code, detail.hints], ["E_NETWORK", hints]);
  }),
);

test(
  "authorities by variable, folder or setting; a trusted host",
  secure(async ({ again, secureUrl, ca, dir }) => {
    const folder = path.join(dir, "certs");
    fs.mkdirSync(folder);
    fs.copyFileSync(ca, path.join(folder, "own.pem"));
    fs.writeFileSync(path.join(folder, "README"), "no certificate");
    const { host, hostname } = new URL(secureUrl);
    const ways: readonly Change[] = [
      { env: { SSL_CERT_FILE: ca } },
      { env: { SSL_CERT_DIR: folder } },
      { env: { REQUESTS_CA_BUNDLE: ca } },
      { env: { SSL_CERT_FILE: "not looked at" }, settings: { httpCert: ca } },
      { settings: { httpTrustedHost: [hostname] } },
      { settings: { httpTrustedHost: [host] } },
    ];
    for (const way of ways)
      assert.is(text(await (await again(way)).get(secureUrl, bypass)), "safe", JSON.stringify(way));
    const elsewhere = await again({ settings: { httpTrustedHost: ["other.example"] } });
    assert.is((await failure(elsewhere.get(secureUrl, bypass))).code, "E_NETWORK");
  }),
);

test(
  "one host that is trusted makes no other so, whichever is asked first",
  secure(async ({ again, secureUrl }) => {
    const other = secureUrl.replace("127.0.0.1", "localhost");
    for (const order of [
      [secureUrl, other],
      [other, secureUrl],
    ]) {
      const http = await again({ settings: { httpTrustedHost: ["127.0.0.1"] } });
      for (const url of order) {
        if (url === secureUrl) assert.is(text(await http.get(url, bypass)), "safe");
        else assert.is((await failure(http.get(url, bypass))).code, "E_NETWORK");
      }
    }
  }),
);

test(
  "a file of authorities that loads nothing is an error, and TLS alone needs it",
  secure(async ({ again, secureUrl, dir, url, requests }) => {
    const empty = path.join(dir, "empty.pem");
    fs.writeFileSync(empty, "nothing");
    for (const [file, fault] of [
      [empty, "holds no certificate"],
      [path.join(dir, "none.pem"), "does not exist"],
    ] as const) {
      const http = await again({ env: { SSL_CERT_FILE: file } });
      const error = await failure(http.get(secureUrl, bypass));
      assert.equal([error.code, error.message], ["E_CERTIFICATE", `${file}, named by SSL_CERT_FILE, ${fault}`]);
      await http.get(url("/plain"));
    }
    assert.is(requests.length, 2);
  }),
);

test(
  "a client's certificate is shown; without its key it is refused",
  secure(async ({ again, ca, dir, secureUrl }) => {
    const both = path.join(dir, "both.pem");
    fs.writeFileSync(both, made.cert + made.key);
    const names: (string | undefined)[] = [];
    const server = tls.createServer({ ...made, requestCert: true, rejectUnauthorized: false }, (socket) => {
      socket.once("data", () => {
        names.push(socket.getPeerCertificate().subject?.CN as string | undefined);
        socket.end("HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nwho");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const asks = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const env = { SSL_CERT_FILE: ca };
    try {
      await (await again({ env, settings: { httpClientCert: both } })).get(asks, bypass);
    } finally {
      server.close();
    }
    assert.equal(names, ["localhost"]);
    const keyless = await again({ env, settings: { httpClientCert: ca } });
    assert.match((await failure(keyless.get(secureUrl, bypass))).message, "holds a certificate without its key");
  }),
);

test.run();
