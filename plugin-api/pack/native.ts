// Mapping a file costs a tenth of reading it when little of it is looked at; a native hash costs less than one in
// JavaScript that is not compiled yet. Both have an equal elsewhere, so a pack written on one runtime opens on the other.
import fs from "node:fs";

/** The file's bytes at this moment, mapped where that is possible. Never write to them. Throws Node's system errors. */
export function mapFile(file: string): Uint8Array {
  if (typeof Bun === "undefined") return fs.readFileSync(file);
  try {
    return Bun.mmap(file, { shared: true });
  } catch {
    return fs.readFileSync(file);
  }
}

/** 32-bit hash of a key. */
export function hashKey(key: string): number {
  return typeof Bun === "undefined" ? xxHash32(Buffer.from(key)) : Bun.hash.xxHash32(key);
}

/** 64-bit digest of a body as text, to see whether a server that sends no ETag sent the same again. */
export const fingerprint = (body: Uint8Array): string =>
  typeof Bun === "undefined" ? `x${xxHash32(body)}` : `w${Bun.hash.wyhash(body).toString(36)}`;

const P = [2654435761, 2246822519, 3266489917, 668265263, 374761393] as const;
const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

function xxHash32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let hash: number;
  if (bytes.length >= 16) {
    const lanes = [(P[0] + P[1]) | 0, P[1] | 0, 0, -P[0] | 0];
    for (; at + 16 <= bytes.length; at += 16)
      for (let i = 0; i < 4; i++) {
        const mixed = ((lanes[i] as number) + Math.imul(view.getUint32(at + 4 * i, true), P[1])) | 0;
        lanes[i] = Math.imul(rotate(mixed, 13), P[0]);
      }
    const [a, b, c, d] = lanes as [number, number, number, number];
    hash = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
  } else hash = P[4] | 0;
  hash = (hash + bytes.length) | 0;
  for (; at + 4 <= bytes.length; at += 4)
    hash = Math.imul(rotate((hash + Math.imul(view.getUint32(at, true), P[2])) | 0, 17), P[3]);
  for (; at < bytes.length; at++) hash = Math.imul(rotate((hash + Math.imul(view.getUint8(at), P[4])) | 0, 11), P[0]);
  hash = Math.imul(hash ^ (hash >>> 15), P[1]);
  hash = Math.imul(hash ^ (hash >>> 13), P[2]);
  return (hash ^ (hash >>> 16)) >>> 0;
}
