import fs from "node:fs";
import path from "node:path";
import { blake3 } from "../../plugin-api/blake3/blake3.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";

/** An answer as it is kept: headers as the server sent them, times in milliseconds since the epoch. */
export interface Kept {
  /** After redirects; without credentials. */
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetchedAtMs: number;
  readonly freshUntilMs: number;
}

// One file per response (SPEC FET-09), little-endian: 0 magic, 4 u16 version, 6 u16 flags, 8 u32 policy bytes,
// 12 u32 body offset (a multiple of 8), 16 u64 body bytes, 24 i64 fetched at, 32 i64 fresh until, 40 beginning of the body's
// BLAKE3, 64 policy: a line `key:value` each for `url`, `status` and headers; then the body.
const MAGIC = 0x01434250;
const VERSION = 1;
const NO_FLAGS = 0;
const HEADER_BYTES = 64;
const TIMES_AT = 24;
const DIGEST_BYTES = 24;
/** Headers that are of use later. Never any that could bear a secret. */
const WORTH_KEEPING = ["content-type", "etag", "last-modified", "cache-control", "expires", "date", "age", "vary"];

/** The file of a URL and the `Accept` it was asked with; the name tells neither. */
export function cacheFile(folder: string, url: string, accept: string): string {
  const name = sha256Of(`${url}\n${accept}`);
  return path.join(folder, name.slice(0, 2), name.slice(2, 40));
}

/** Reads what is kept, without the body; undefined when there is nothing or it is damaged. */
export function readKept(file: string): (Kept & { readonly readBody: () => Uint8Array | undefined }) | undefined {
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch {
    return undefined;
  }
  const isKnown = bytes.length >= HEADER_BYTES && bytes.readUInt32LE(0) === MAGIC && bytes.readUInt16LE(4) === VERSION;
  if (!isKnown || bytes.readUInt16LE(6) !== NO_FLAGS) return undefined;
  const bodyAt = bytes.readUInt32LE(12);
  const policyEnd = HEADER_BYTES + bytes.readUInt32LE(8);
  if (policyEnd > bodyAt || bodyAt + Number(bytes.readBigUInt64LE(16)) !== bytes.length) return undefined;
  const lines = bytes.toString("utf8", HEADER_BYTES, policyEnd).split("\n");
  const {
    url = "",
    status,
    ...headers
  } = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
  return {
    url,
    status: Number(status),
    headers,
    fetchedAtMs: Number(bytes.readBigInt64LE(TIMES_AT)),
    freshUntilMs: Number(bytes.readBigInt64LE(TIMES_AT + 8)),
    readBody: () => {
      const body = bytes.subarray(bodyAt);
      return bytes.subarray(40, HEADER_BYTES).equals(digestOf(body)) ? body : undefined;
    },
  };
}

/** Keeps an answer as a whole or, when the disk does not let it, not at all: a cache is never a reason to fail. */
export function writeKept(file: string, kept: Kept, body: Uint8Array): void {
  const lines = [`url:${kept.url}`, `status:${kept.status}`];
  for (const name of WORTH_KEEPING) if (kept.headers[name] !== undefined) lines.push(`${name}:${kept.headers[name]}`);
  const policy = Buffer.from(lines.join("\n"));
  const bodyAt = (HEADER_BYTES + policy.length + 7) & ~7;
  const head = Buffer.alloc(bodyAt);
  head.writeUInt32LE(MAGIC, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(NO_FLAGS, 6);
  head.writeUInt32LE(policy.length, 8);
  head.writeUInt32LE(bodyAt, 12);
  head.writeBigUInt64LE(BigInt(body.length), 16);
  writeTimes(head, kept, TIMES_AT);
  digestOf(body).copy(head, 40);
  policy.copy(head, HEADER_BYTES);
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    writeAtomically(file, Buffer.concat([head, body]));
  } catch {}
}

/** Says that what is kept was confirmed: sixteen bytes change, the body is not written again. */
export function renewKept(file: string, times: Pick<Kept, "fetchedAtMs" | "freshUntilMs">): void {
  try {
    const fd = fs.openSync(file, "r+");
    try {
      const bytes = Buffer.alloc(16);
      writeTimes(bytes, times, 0);
      fs.writeSync(fd, bytes, 0, bytes.length, TIMES_AT);
    } finally {
      fs.closeSync(fd);
    }
  } catch {}
}

function writeTimes(bytes: Buffer, times: Pick<Kept, "fetchedAtMs" | "freshUntilMs">, at: number): void {
  bytes.writeBigInt64LE(BigInt(Math.round(times.fetchedAtMs)), at);
  bytes.writeBigInt64LE(BigInt(Math.round(times.freshUntilMs)), at + 8);
}

const digestOf = (body: Uint8Array): Buffer => Buffer.from(blake3(body)).subarray(0, DIGEST_BYTES);
