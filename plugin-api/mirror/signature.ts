import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { PybunError } from "../error.ts";
import type { PackageName } from "../model/requirement.ts";
import { type ManifestSignature, type MirrorManifest, parseManifest } from "./manifest.ts";

/** What stands before the 32 bytes of an ed25519 public key in its DER form (RFC 8410). */
const DER_HEAD = Buffer.from("302a300506032b6570032100", "hex");

/** Raw public key of a private key, as base64: what `public-key` of an index holds. */
export const publicKeyOf = (privateKey: KeyObject): string =>
  createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(DER_HEAD.length).toString("base64");

/** Reads an ed25519 private key in PEM (PKCS 8). Undefined for anything else. */
export function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Signs the text of a manifest. */
export const signManifest = (text: string, privateKey: KeyObject): ManifestSignature => ({
  publicKey: publicKeyOf(privateKey),
  signature: sign(null, Buffer.from(text), privateKey).toString("base64"),
});

/** What is known of a manifest before it is trusted. */
export interface ManifestCheck {
  /** Raw ed25519 key as base64, or PEM: the one key whose signature counts. */
  readonly publicKey: string;
  readonly nowMs: number;
  /** Names the manifest in messages: its URL. */
  readonly where: string;
  /** Names the key in messages; default the index's `public-key`. */
  readonly keyName?: string;
}

/**
 * The manifest that a text holds, when the key has signed it and it has not expired. Throws `E_SIGNATURE` for one that is
 * unsigned, signed by another key, changed, expired or malformed, and for a key that is none.
 */
export function verifiedManifest(
  text: string,
  { publicKey, nowMs, where, keyName = "the `public-key` of the index" }: ManifestCheck,
): MirrorManifest {
  const key = readPublicKey(publicKey);
  if (key === undefined) throw refused(where, `${keyName} is no ed25519 key`);
  const { manifest, signed, signature } = parseManifest(text, where);
  if (signature === undefined) throw refused(where, `${where} is not signed`);
  const isGenuine = verify(null, Buffer.from(signed), key, Buffer.from(signature.signature, "base64"));
  if (!isGenuine) {
    const wanted = key.export({ format: "der", type: "spki" }).subarray(DER_HEAD.length).toString("base64");
    const why = signature.publicKey === wanted ? "was changed after it was signed" : "is signed by another key";
    throw refused(where, `${where} ${why}`, [`expected  ${wanted}`, `signed by ${signature.publicKey}`]);
  }
  if (manifest.expiresAtMs !== undefined && manifest.expiresAtMs <= nowMs)
    throw refused(where, `${where} expired on ${new Date(manifest.expiresAtMs).toISOString().slice(0, 10)}`);
  return manifest;
}

/** A page of a mirror as it arrived. */
export interface MirroredPage {
  readonly name: PackageName;
  readonly bytes: Uint8Array;
  /** Names the page in messages: its URL. */
  readonly where: string;
}

/** Whether the mirror has a package at all. Where it has, an answer without a page is as false as another page. */
export const isMirrored = (manifest: MirrorManifest, name: PackageName): boolean =>
  pagesOf(name).some((path) => manifest.files.has(path));

/**
 * Throws `E_SIGNATURE` when these are not the bytes of the package's page, in JSON or HTML. What the page lists is then as
 * good: it states the SHA-256 of every archive and of every metadata file.
 */
export function checkPage(manifest: MirrorManifest, { name, bytes, where }: MirroredPage): void {
  const listed = pagesOf(name).flatMap((path) => manifest.files.get(path) ?? []);
  if (listed.length === 0) throw refused(where, `${where} is not in the mirror's signed manifest`);
  const got = createHash("sha256").update(bytes).digest("hex");
  if (listed.some(({ sha256 }) => sha256 === got)) return;
  const expected = listed.map(({ sha256 }) => `expected  ${sha256}`);
  const message = `${where} is not the page that the mirror's manifest was signed for`;
  throw refused(where, message, [...expected, `got       ${got}`]);
}

const pagesOf = (name: PackageName): readonly string[] => [`simple/${name}/index.json`, `simple/${name}/index.html`];

function readPublicKey(text: string): KeyObject | undefined {
  const raw = Buffer.from(text.trim(), "base64");
  try {
    if (raw.length === 32) return createPublicKey({ key: Buffer.concat([DER_HEAD, raw]), format: "der", type: "spki" });
    const key = createPublicKey(text);
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    return undefined;
  }
}

const refused = (where: string, message: string, evidence: readonly string[] = []): PybunError =>
  new PybunError("E_SIGNATURE", message, { evidence, context: { manifest: where } });
