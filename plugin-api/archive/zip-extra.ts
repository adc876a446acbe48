import { readUInt64 } from "./zip-end.ts";

/** Fields of a zip header that ZIP64 may replace, as the header states them. */
export interface ZipSizes {
  readonly sizeBytes: number;
  readonly packedBytes: number;
  /** Absent in a local header. */
  readonly offset?: number;
}

const ZIP64 = 0x0001;
const UNICODE_PATH = 0x7075;
const MARK = 0xffffffff;

/** What an extra field says beyond its header: 64-bit sizes, and whether there was a ZIP64 record at all. */
export interface ExtraReading {
  readonly sizes: ZipSizes;
  readonly isZip64: boolean;
}

/**
 * Reads an extra field (APPNOTE 4.5): the sizes with their ZIP64 values put in. Gives a fault as text when the field is
 * malformed, holds a record twice, lacks a value the header points to, holds one it does not point to and that differs,
 * or brings a second name for the member.
 */
export function readExtra(extra: Buffer, header: ZipSizes, name: Uint8Array): ExtraReading | string {
  if (extra.length === 0) return needsZip64(header) ? "its ZIP64 sizes are missing" : { sizes: header, isZip64: false };
  let zip64: Buffer | undefined;
  let at = 0;
  while (at < extra.length) {
    if (at + 4 > extra.length) return "its extra field is malformed";
    const id = extra.readUInt16LE(at);
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) return "its extra field is malformed";
    const record = extra.subarray(at + 4, end);
    if (id === ZIP64) {
      if (zip64 !== undefined) return "its extra field holds two ZIP64 records";
      zip64 = record;
    }
    if (id === UNICODE_PATH && !record.subarray(5).equals(name)) return "its extra field gives it another name";
    at = end;
  }
  if (zip64 === undefined)
    return needsZip64(header) ? "its ZIP64 sizes are missing" : { sizes: header, isZip64: false };
  const sizes = header.offset === undefined ? readLocal64(zip64, header) : readCentral64(zip64, header);
  return sizes === undefined ? "its ZIP64 record contradicts its header" : { sizes, isZip64: true };
}

const needsZip64 = (header: ZipSizes): boolean =>
  header.sizeBytes === MARK || header.packedBytes === MARK || header.offset === MARK;

/** A local header's record always has both sizes, in this order (APPNOTE 4.5.3). */
function readLocal64(record: Buffer, header: ZipSizes): ZipSizes | undefined {
  if (record.length !== 16) return undefined;
  const sizes = { sizeBytes: readUInt64(record, 0), packedBytes: readUInt64(record, 8) };
  const agrees = (plain: number, large: number) => plain === MARK || plain === large;
  const isConsistent =
    agrees(header.sizeBytes, sizes.sizeBytes) && agrees(header.packedBytes, sizes.packedBytes) && needsZip64(header);
  // Some writers reserve the record before they know the sizes and leave it as zeros beside plain fields that hold.
  const isReserved = !needsZip64(header) && record.every((byte) => byte === 0);
  if (isReserved) return header;
  return isConsistent || (sizes.sizeBytes === header.sizeBytes && sizes.packedBytes === header.packedBytes)
    ? sizes
    : undefined;
}

/** A directory record holds exactly the values whose plain fields are marked, in a fixed order. */
function readCentral64(record: Buffer, header: ZipSizes): ZipSizes | undefined {
  let at = 0;
  const take = (plain: number): number | undefined => {
    if (plain !== MARK) return plain;
    at += 8;
    return at <= record.length ? readUInt64(record, at - 8) : undefined;
  };
  const sizeBytes = take(header.sizeBytes);
  const packedBytes = take(header.packedBytes);
  const offset = take(header.offset ?? 0);
  if (sizeBytes === undefined || packedBytes === undefined || offset === undefined) return undefined;
  return at === record.length ? { sizeBytes, packedBytes, offset } : undefined;
}
