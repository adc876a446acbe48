import { createHash, generateKeyPairSync } from "node:crypto";
import fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { formatManifest, withSignature } from "../../plugin-api/mirror/manifest.ts";
import { publicKeyOf, signManifest } from "../../plugin-api/mirror/signature.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import http from "../../plugins/http/index.ts";
import pypi from "../../plugins/pypi/index.ts";
import { versions } from "../harness/fetch-scene.ts";
import { createRunPlace, failureOf, type RunPlace } from "../harness/index-session.ts";

const test = suite("signed index");

const DAY_MS = 86_400_000;
const { privateKey } = generateKeyPairSync("ed25519");
const stranger = generateKeyPairSync("ed25519").privateKey;
const PUBLIC_KEY = publicKeyOf(privateKey);
const digest = (text: string): Sha256 => createHash("sha256").update(text).digest("hex") as Sha256;
const page = (version: string): string => {
  const filename = `a-${version}-py3-none-any.whl`;
  const file = { filename, url: `../../files/${filename}`, hashes: { sha256: digest(version) } };
  return JSON.stringify({ meta: { "api-version": "1.1" }, name: "a", files: [file] });
};

interface Mirror {
  /** Below the mirror's folder. */
  readonly files: Map<string, string>;
  sign(pages: Readonly<Record<string, string>>, choice?: { key?: typeof privateKey; expiresAtMs?: number }): void;
}

/** A mirror on a server and in a folder at once, and what asks it. */
const withMirror = (body: (scene: Scene) => Promise<void>) => async (): Promise<void> => {
  const place = createRunPlace();
  const files = new Map<string, string>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const at = (request.url ?? "").replace(/^\//, "");
    asked.push(at);
    const content = files.get(at.endsWith("/") ? `${at}index.json` : at);
    const type = at.endsWith("/") ? { "content-type": "application/vnd.pypi.simple.v1+json" } : {};
    if (content === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "cache-control": "max-age=60", ...type }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const remote = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`;
  const mirror: Mirror = {
    files,
    sign(pages, { key = privateKey, expiresAtMs } = {}) {
      const rows = Object.entries(pages).map(
        ([at, text]) => [at, { sha256: digest(text), sizeBytes: text.length }] as const,
      );
      const manifest = {
        createdAtMs: place.nowMs,
        ...(expiresAtMs !== undefined && { expiresAtMs }),
        files: new Map(rows),
      };
      const text = formatManifest(manifest);
      files.set("simple/manifest.txt", withSignature(text, signManifest(text, key)));
    },
  };
  try {
    await body({ mirror, place, asked, remote });
  } finally {
    server.closeAllConnections();
    server.close();
    place.remove();
  }
};
interface Scene {
  readonly mirror: Mirror;
  readonly place: RunPlace;
  readonly asked: string[];
  readonly remote: string;
}

/** What a fresh run finds of `a`: over HTTP, and in a folder of the same content. */
async function found({ mirror, place, remote }: Scene, name = "a"): Promise<string[]> {
  const folder = path.join(place.dir, "mirror");
  fs.rmSync(folder, { recursive: true, force: true });
  for (const [at, text] of mirror.files) {
    fs.mkdirSync(path.dirname(path.join(folder, at)), { recursive: true });
    fs.writeFileSync(path.join(folder, at), text);
  }
  const results: string[] = [];
  for (const url of [remote, "mirror/simple"]) {
    fs.rmSync(path.join(place.dir, "index"), { recursive: true, force: true });
    const indexes = [{ name: "mirror", url, default: true, "public-key": PUBLIC_KEY }];
    const run = place.run([http, pypi], { settings: { indexes } });
    const pages = run.pages(name);
    results.push(
      await pages.then(
        (list) => versions(list).join(),
        (error: { readonly code: string; readonly message: string }) => `${error.code} ${error.message}`,
      ),
    );
    run.end();
  }
  return results;
}
const both = (results: readonly string[], expected: string | RegExp): void => {
  for (const result of results) {
    if (typeof expected === "string") assert.is(result, expected);
    else assert.match(result, expected);
  }
};

test(
  "a page that the key vouches for is taken; a package that is not listed is not even asked for",
  withMirror(async (scene) => {
    scene.mirror.files.set("simple/a/index.json", page("1.0"));
    scene.mirror.sign({ "simple/a/index.json": page("1.0") });
    both(await found(scene), "1.0");
    scene.asked.length = 0;
    scene.mirror.files.set("simple/b/index.json", page("1.0"));
    both(await found(scene, "b"), "");
    assert.equal(scene.asked, ["simple/manifest.txt"]);
  }),
);

const signedA = { "simple/a/index.json": page("1.0") };
for (const [what, prepare, expected] of [
  ["no manifest", ({ mirror }: Scene) => mirror.files.delete("simple/manifest.txt"), /^E_SIGNATURE .* is not there/],
  [
    "a manifest without a signature",
    ({ mirror }: Scene) => {
      const text = mirror.files.get("simple/manifest.txt") ?? "";
      mirror.files.set("simple/manifest.txt", text.slice(0, text.indexOf("signature ")));
    },
    /^E_SIGNATURE .* is not signed/,
  ],
  [
    "another key",
    ({ mirror }: Scene) => mirror.sign(signedA, { key: stranger }),
    /^E_SIGNATURE .* signed by another key/,
  ],
  [
    "another page",
    ({ mirror }: Scene) => mirror.files.set("simple/a/index.json", page("2.0")),
    /^E_SIGNATURE .* is not the page/,
  ],
  ["no page", ({ mirror }: Scene) => mirror.files.delete("simple/a/index.json"), /^E_SIGNATURE .* and not there/],
  [
    "an expired manifest",
    ({ mirror, place }: Scene) => mirror.sign(signedA, { expiresAtMs: place.nowMs - 1000 }),
    /^E_SIGNATURE .* expired on/,
  ],
] as const)
  test(
    `${what} is refused`,
    withMirror(async (scene) => {
      scene.mirror.files.set("simple/a/index.json", page("1.0"));
      scene.mirror.sign(signedA);
      prepare(scene);
      both(await found(scene), expected);
    }),
  );

test(
  "what was kept without a signature is not believed later; what was, holds until the manifest expires, also offline",
  withMirror(async (scene) => {
    const { mirror, place, remote, asked } = scene;
    mirror.files.set("simple/a/index.json", page("2.0"));
    const open = (key: object, isOffline = false) =>
      place.run([http, pypi], {
        settings: { indexes: [{ name: "m", url: remote, default: true, ...key }] },
        isOffline,
      });
    const signed = { "public-key": PUBLIC_KEY };
    const plain = open({});
    assert.equal(versions(await plain.pages("a")), [["2.0"]]);
    plain.end();
    mirror.sign(signedA, { expiresAtMs: place.nowMs + DAY_MS });
    assert.is((await failureOf(open(signed).pages("a"))).code, "E_SIGNATURE");
    mirror.files.set("simple/a/index.json", page("1.0"));
    const first = open(signed);
    assert.equal(versions(await first.pages("a")), [["1.0"]]);
    first.end();
    asked.length = 0;
    place.nowMs += DAY_MS / 2;
    assert.equal(versions(await open(signed, true).pages("a")), [["1.0"]]);
    assert.equal(asked, []);
    place.nowMs += DAY_MS;
    assert.is((await failureOf(open(signed, true).pages("a"))).code, "E_SIGNATURE");
  }),
);

test(
  "an older mirror than the one that was there before is refused, genuine as it is; over HTTP and in a folder",
  withMirror(async (scene) => {
    const { mirror, place, remote } = scene;
    const take = (url: string, isOnDisk = false) => {
      for (const [at, text] of isOnDisk ? mirror.files : []) {
        fs.mkdirSync(path.dirname(path.join(place.dir, "mirror", at)), { recursive: true });
        fs.writeFileSync(path.join(place.dir, "mirror", at), text);
      }
      const indexes = [{ name: "m", url, default: true, "public-key": PUBLIC_KEY }];
      const run = place.run([http, pypi], { settings: { indexes, refresh: true } });
      return run.pages("a").then(versions).finally(run.end);
    };
    const publish = (version: string) => {
      mirror.files.set("simple/a/index.json", page(version));
      mirror.sign({ "simple/a/index.json": page(version) });
      return new Map(mirror.files);
    };
    const old = publish("1.0");
    place.nowMs += DAY_MS;
    const current = publish("2.0");
    for (const [url, isOnDisk] of [
      [remote, false],
      ["mirror/simple", true],
    ] as const) {
      assert.equal(await take(url, isOnDisk), [["2.0"]]);
      assert.equal(await take(url, isOnDisk), [["2.0"]]);
      for (const [at, text] of old) mirror.files.set(at, text);
      const error = await failureOf(take(url, isOnDisk));
      assert.is(error.code, "E_SIGNATURE");
      assert.match(error.message, " was there before");
      for (const [at, text] of current) mirror.files.set(at, text);
      assert.equal(await take(url, isOnDisk), [["2.0"]]);
    }
  }),
);

test.run();
