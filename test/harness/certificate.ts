import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { bits, boolean, context, der, integer, objectId, octets, sequence, set, time, utf8 } from "./der.ts";

/** Key and certificate of a server, PEM, as `https.createServer` takes them. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}
/** An authority of our own and a certificate it issued for `localhost`, `127.0.0.1` and `::1`. */
export interface SelfMade extends Identity {
  /** The authority's certificate, to be trusted by clients (`SSL_CERT_FILE`). */
  readonly authority: string;
}

const DAY_MS = 86_400_000;
const ECDSA_SHA256 = sequence(objectId("1.2.840.10045.4.3.2"));
const COMMON_NAME = objectId("2.5.4.3");

export interface CertificateChoice {
  readonly endsAtMs?: number;
  /** The IPv4 address that the server's certificate is for. */
  readonly address?: readonly number[];
}

/** Makes a certificate authority and a server certificate (X.509 v3, P-256), valid from yesterday for ten years unless told otherwise. */
export function makeCertificates({ endsAtMs, address = [127, 0, 0, 1] }: CertificateChoice = {}): SelfMade {
  const authorityKey = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const serverKey = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = { name: "Test authority", key: authorityKey.privateKey, id: keyId(authorityKey.publicKey) };
  const authority = certificate(issuer, { name: issuer.name, key: authorityKey.publicKey, extensions: AUTHORITY });
  const cert = certificate(issuer, {
    name: "localhost",
    key: serverKey.publicKey,
    extensions: serverExtensions(address),
    ...(endsAtMs !== undefined && { endsAtMs }),
  });
  return {
    authority: pem(authority),
    cert: pem(cert),
    key: serverKey.privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}

const extension = (id: string, isCritical: boolean, value: Buffer): Buffer =>
  sequence(objectId(id), ...(isCritical ? [boolean(true)] : []), octets(value));

/** Strict clients want to see which key is whose (RFC 5280, section 4.2.1.1 and 4.2.1.2). */
const keyId = (key: KeyObject): Buffer =>
  createHash("sha1")
    .update(key.export({ type: "spki", format: "der" }))
    .digest();

const AUTHORITY = [
  extension("2.5.29.19", true, sequence(boolean(true))), // basic constraints: is an authority
  extension("2.5.29.15", true, bits(Buffer.from([0x06]), 1)), // key usage: signs certificates and revocations
];
const serverExtensions = (address: readonly number[]): readonly Buffer[] => [
  extension("2.5.29.19", true, sequence()),
  extension("2.5.29.15", true, bits(Buffer.from([0x80]), 7)), // key usage: digital signature
  extension("2.5.29.37", false, sequence(objectId("1.3.6.1.5.5.7.3.1"))), // extended usage: server
  extension(
    "2.5.29.17",
    false,
    sequence(
      der(0x82, Buffer.from("localhost")),
      der(0x87, Buffer.from(address)),
      der(0x87, Buffer.from([...Array<number>(15).fill(0), 1])),
    ),
  ),
];

function certificate(
  issuer: { readonly name: string; readonly key: KeyObject; readonly id: Buffer },
  subject: {
    readonly name: string;
    readonly key: KeyObject;
    readonly extensions: readonly Buffer[];
    readonly endsAtMs?: number;
  },
): Buffer {
  const serial = randomBytes(8);
  serial[0] = ((serial[0] as number) & 0x7f) | 1; // positive, and not shortened by a leading zero
  const endsAtMs = subject.endsAtMs ?? Date.now() + 3650 * DAY_MS;
  const keyIds = [
    extension("2.5.29.14", false, octets(keyId(subject.key))),
    extension("2.5.29.35", false, sequence(der(0x80, issuer.id))),
  ];
  const body = sequence(
    context(0, integer(2)),
    der(0x02, serial),
    ECDSA_SHA256,
    distinguishedName(issuer.name),
    sequence(time(new Date(Math.min(Date.now(), endsAtMs) - DAY_MS)), time(new Date(endsAtMs))),
    distinguishedName(subject.name),
    subject.key.export({ type: "spki", format: "der" }),
    context(3, sequence(...subject.extensions, ...keyIds)),
  );
  return sequence(body, ECDSA_SHA256, bits(sign("sha256", body, issuer.key)));
}

const distinguishedName = (name: string): Buffer => sequence(set(sequence(COMMON_NAME, utf8(name))));

const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${bytes
    .toString("base64")
    .replace(/(.{64})/g, "$1\n")
    .trimEnd()}\n-----END CERTIFICATE-----\n`;
