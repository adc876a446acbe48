import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../error.ts";
import type { Sha256 } from "../model/digest.ts";
import { normalizeName } from "../python/package-name.ts";
import { formatManifest, type MirrorManifest, parseManifest, withSignature } from "./manifest.ts";
import { checkPage, isMirrored, publicKeyOf, readPrivateKey, signManifest, verifiedManifest } from "./signature.ts";

const sha256 = (text: string): Sha256 => createHash("sha256").update(text).digest("hex") as Sha256;
const file = (text: string) => ({ sha256: sha256(text), sizeBytes: text.length });
const [DAY, NOW] = [86_400_000, Date.parse("2026-01-31T12:00:00Z")];
const manifest: MirrorManifest = {
  createdAtMs: NOW,
  expiresAtMs: NOW + DAY,
  files: new Map([
    ["simple/demo/index.json", file("{}")],
    ["simple/demo/index.html", file("<a>")],
    ["files/demo/demo-1.0 x.whl", file("wheel")],
  ]),
};
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const raw = publicKeyOf(privateKey);
const text = formatManifest(manifest);
const signed = withSignature(text, signManifest(text, privateKey));
const where = "https://h.example/simple/manifest.txt";
const verify = (content: string, more: { publicKey?: string; nowMs?: number } = {}) =>
  verifiedManifest(content, { publicKey: raw, nowMs: NOW, where, ...more });
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    assert.instance(error, PybunError);
    assert.is((error as PybunError).code, "E_SIGNATURE");
    return (error as PybunError).message;
  }
  throw new Error("nothing was refused");
};

test("the text is sorted, and reads the same again", () => {
  assert.is(text.split("\n")[0], "pybun-mirror 1");
  assert.equal(
    text
      .split("\n")
      .slice(3)
      .map((line) => line.split(" ")[2]),
    ["files/demo/demo-1.0", "simple/demo/index.html", "simple/demo/index.json", undefined],
  );
  const read = parseManifest(text, where);
  assert.is(formatManifest(read.manifest), text);
  assert.equal([read.signed, read.signature], [text, undefined]);
  const { expiresAtMs: _, ...lasting } = manifest;
  assert.is(parseManifest(formatManifest(lasting), where).manifest.expiresAtMs, undefined);
});

test("a signature holds for its text and key alone", () => {
  assert.equal([...verify(signed).files.keys()].length, 3);
  const pem = publicKey.export({ format: "pem", type: "spki" });
  assert.ok(verify(signed, { publicKey: pem }));
  assert.match(
    refusal(() => verify(text)),
    "is not signed",
  );
  assert.match(
    refusal(() => verify(signed.replace("2026-02", "2027-02"))),
    "changed after it was signed",
  );
  assert.match(
    refusal(() => verify(signed.replace(sha256("wheel"), sha256("other")))),
    "changed after it was signed",
  );
  const other = generateKeyPairSync("ed25519").privateKey;
  assert.match(
    refusal(() => verify(withSignature(text, signManifest(text, other)))),
    "signed by another key",
  );
  assert.match(
    refusal(() => verify(signed, { publicKey: "nonsense" })),
    "no ed25519 key",
  );
  assert.match(
    refusal(() => verify(signed, { nowMs: NOW + DAY })),
    "expired on 2026-02-01",
  );
  assert.match(
    refusal(() => verify(`${signed}${text}`)),
    "no manifest",
  );
});

test("only an ed25519 key signs", () => {
  const pem = privateKey.export({ format: "pem", type: "pkcs8" });
  assert.is(publicKeyOf(readPrivateKey(pem)!), raw);
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  assert.is(readPrivateKey(rsa.export({ format: "pem", type: "pkcs8" })), undefined);
  assert.is(readPrivateKey("-----BEGIN NOTHING"), undefined);
  assert.is(createPublicKey(privateKey).asymmetricKeyType, "ed25519");
});

test("a page is that of the manifest, in either form", () => {
  const demo = normalizeName("Demo");
  const check = (name: typeof demo, content: string) =>
    checkPage(manifest, { name, bytes: Buffer.from(content), where: "the page" });
  check(demo, "{}");
  check(demo, "<a>");
  assert.match(
    refusal(() => check(demo, "wheel")),
    "is not the page",
  );
  assert.match(
    refusal(() => check(normalizeName("other"), "{}")),
    "not in the mirror's signed manifest",
  );
  assert.equal([isMirrored(manifest, demo), isMirrored(manifest, normalizeName("other"))], [true, false]);
});

const row = `${"a".repeat(64)} 1 `;
const head = "pybun-mirror 1\ncreated 2026-01-31T12:00:00Z\n";
const MALFORMED: readonly string[] = [
  "",
  "pybun-mirror 2\n",
  "pybun-mirror 1\n",
  head.trimEnd(),
  head.replace("12:00:00Z", "noon"),
  `${head}expires never\n`,
  `${head}${row}../x\n`,
  `${head}${row}/x\n`,
  `${head}${row}a/./x\n`,
  `${head}${row}a\\b\n`,
  `${head}${row}b\n${row}a\n`,
  `${head}${row}a\n${row}a\n`,
  `${head}${"A".repeat(64)} 1 a\n`,
  `${head}${row}a\n\n`,
  `${head}signature ed25519 x y\n`,
];
for (const [index, content] of MALFORMED.entries())
  test(`what is no manifest is refused (${index})`, () =>
    assert.match(
      refusal(() => parseManifest(content, where)),
      "no manifest of a mirror",
    ));

test("no path is written that would be refused", () => {
  for (const path of ["../x", "/x", "a//b", "a\nb", ""])
    assert.throws(
      () => formatManifest({ createdAtMs: NOW, files: new Map([[path, file("")]]) }),
      (error: unknown) => error instanceof RangeError,
    );
});

test.run();
