import { X509Certificate } from "node:crypto";
import https from "node:https";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeCertificates } from "./certificate.ts";
import { startIndex } from "./index-server.ts";

const identity = makeCertificates();

test("the certificate is the authority's, and for this machine", () => {
  const authority = new X509Certificate(identity.authority);
  const certificate = new X509Certificate(identity.cert);
  assert.ok(certificate.verify(authority.publicKey));
  assert.ok(authority.ca);
  assert.not.ok(certificate.ca);
  assert.is(certificate.checkIP("127.0.0.1"), "127.0.0.1");
});

test("a client that trusts the authority gets through, another one does not", async () => {
  const index = await startIndex({ identity, packages: [{ name: "a", version: "1" }] });
  const status = (ca: string | undefined): Promise<number | string | undefined> =>
    new Promise((resolve) => {
      https
        .get(`${index.url}a/`, { ...(ca === undefined ? {} : { ca }), agent: false }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
        .on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    });
  try {
    assert.is(await status(identity.authority), 200);
    assert.match(String(await status(undefined)), /CERT|SELF_SIGNED|UNABLE_TO/);
  } finally {
    await index.stop();
  }
});

test.run();
