// A pack holds records one after the other, each at a multiple of eight, so that a record is viewed in place as words. It only
// grows: a reader with an old table still finds what that table promises. A table says where records begin.
//
//   pack    "PBPACK1\0" record*
//   record  u32 magic, hash of the key, u16 key bytes, u16 note bytes, u32 value bytes, checked at, fresh until (seconds),
//           u32 record bytes, 0 | key note pad | value pad | u32 seal, 0
//   table   u32 magic, version, generation, slots, used, pack blocks, dead blocks, 0 | (u32 hash, u32 block + 1)*
//
// Only two words of a record ever change: when it was checked, and until when it is fresh. A record that was cut off, or that
// the disk lost, lacks its seal and counts as absent.
export const PACK_HEAD = Buffer.from("PBPACK1\0", "latin1");
export const BLOCK_BYTES = 8;
const RECORD_MAGIC = 0x31524250;
export const RECORD_HEAD_BYTES = 32;
export const KEY_BYTES_AT = 8;
export const TIMES_AT = 16;
export const LENGTH_AT = 24;
const SEAL_BYTES = 8;
const MOST_KEY_BYTES = 0xffff;

/** Seconds since the epoch. */
export interface Times {
  readonly checkedAtS: number;
  readonly freshUntilS: number;
}
/** What a record holds. */
export interface Entry extends Times {
  readonly key: string;
  /** A line or two about the value: validators, a digest. */
  readonly note: string;
  /** Text stands for its bytes in UTF-8. */
  readonly value: Uint8Array | string;
}
/** A record as it lies in a pack. */
export interface Found extends Entry {
  readonly value: Uint8Array;
  /** Byte offset in its file. */
  readonly offset: number;
  readonly recordBytes: number;
}

const align = (bytes: number): number => (bytes + 7) & ~7;
const sealOf = (hash: number, recordBytes: number): number => (hash ^ recordBytes ^ RECORD_MAGIC) >>> 0;

/** The bytes of a record; undefined for a key or note beyond what its header can say. */
export function encodeRecord({ key, note, value, checkedAtS, freshUntilS }: Entry, hash: number): Buffer | undefined {
  const keyBytes = Buffer.byteLength(key);
  const noteBytes = Buffer.byteLength(note);
  if (keyBytes > MOST_KEY_BYTES || noteBytes > MOST_KEY_BYTES) return undefined;
  const valueAt = RECORD_HEAD_BYTES + align(keyBytes + noteBytes);
  const valueBytes = typeof value === "string" ? Buffer.byteLength(value) : value.length;
  const recordBytes = valueAt + align(valueBytes) + SEAL_BYTES;
  const bytes = Buffer.alloc(recordBytes);
  bytes.writeUInt32LE(RECORD_MAGIC, 0);
  bytes.writeUInt32LE(hash, 4);
  bytes.writeUInt16LE(keyBytes, KEY_BYTES_AT);
  bytes.writeUInt16LE(noteBytes, 10);
  bytes.writeUInt32LE(valueBytes, 12);
  writeTimes(bytes, { checkedAtS, freshUntilS }, TIMES_AT);
  bytes.writeUInt32LE(recordBytes, LENGTH_AT);
  bytes.write(key, RECORD_HEAD_BYTES);
  if (noteBytes > 0) bytes.write(note, RECORD_HEAD_BYTES + keyBytes);
  if (typeof value === "string") bytes.write(value, valueAt);
  else bytes.set(value, valueAt);
  bytes.writeUInt32LE(sealOf(hash, recordBytes), recordBytes - SEAL_BYTES);
  return bytes;
}

export function writeTimes(bytes: Buffer, { checkedAtS, freshUntilS }: Times, at: number): void {
  bytes.writeUInt32LE(clampSeconds(checkedAtS), at);
  bytes.writeUInt32LE(clampSeconds(freshUntilS), at + 4);
}

const clampSeconds = (seconds: number): number => Math.min(Math.max(0, Math.floor(seconds)), 0xffff_ffff);

/** The record at an offset, or undefined when none lies there whole. The value is a view. */
export function readRecord(pack: Buffer, offset: number): Found | undefined {
  if (offset % BLOCK_BYTES !== 0 || offset + RECORD_HEAD_BYTES > pack.length) return undefined;
  if (pack.readUInt32LE(offset) !== RECORD_MAGIC) return undefined;
  const keyBytes = pack.readUInt16LE(offset + KEY_BYTES_AT);
  const noteBytes = pack.readUInt16LE(offset + 10);
  const valueBytes = pack.readUInt32LE(offset + 12);
  const recordBytes = pack.readUInt32LE(offset + LENGTH_AT);
  const keyAt = offset + RECORD_HEAD_BYTES;
  const valueAt = keyAt + align(keyBytes + noteBytes);
  const sealAt = valueAt + align(valueBytes);
  if (sealAt + SEAL_BYTES - offset !== recordBytes || offset + recordBytes > pack.length) return undefined;
  if (pack.readUInt32LE(sealAt) !== sealOf(pack.readUInt32LE(offset + 4), recordBytes)) return undefined;
  return {
    key: pack.toString("utf8", keyAt, keyAt + keyBytes),
    note: pack.toString("utf8", keyAt + keyBytes, keyAt + keyBytes + noteBytes),
    value: pack.subarray(valueAt, valueAt + valueBytes),
    checkedAtS: pack.readUInt32LE(offset + TIMES_AT),
    freshUntilS: pack.readUInt32LE(offset + TIMES_AT + 4),
    offset,
    recordBytes,
  };
}

/** All whole records of a pack, in their order; what lies between them is passed over. */
export function* recordsOf(pack: Buffer): Generator<Found> {
  if (!pack.subarray(0, PACK_HEAD.length).equals(PACK_HEAD)) return;
  for (let offset = PACK_HEAD.length; offset < pack.length; ) {
    const record = readRecord(pack, offset);
    if (record) yield record;
    offset += record?.recordBytes ?? BLOCK_BYTES;
  }
}
