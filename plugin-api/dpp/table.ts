import { aligned, RECORD_BYTES, type SectionId } from "./layout.ts";

/** A record to be written: its numbers are put by `fill`; texts and data are given their places. */
export interface Row {
  /** Where offset and length of each text go in the record, and whether its length takes two bytes or four. */
  readonly texts: readonly (readonly [at: number, text: string, lengthBytes: 2 | 4])[];
  readonly data?: readonly [at: number, bytes: Uint8Array];
  readonly fill: (record: Buffer) => void;
}

/** The content of a section: records, their texts, their data. */
export function tableContent(id: Exclude<SectionId, "META">, rows: readonly Row[]): Buffer {
  const size = RECORD_BYTES[id];
  const records = Buffer.alloc(size * rows.length);
  const texts: Buffer[] = [];
  let at = records.length;
  rows.forEach((row, i) => {
    const record = records.subarray(size * i, size * (i + 1));
    row.fill(record);
    for (const [field, text, lengthBytes] of row.texts) {
      const bytes = Buffer.from(text);
      record.writeUInt32LE(at, field);
      record.writeUIntLE(bytes.length, field + 4, lengthBytes);
      texts.push(bytes);
      at += bytes.length;
    }
  });
  const hasData = rows.some(({ data }) => data !== undefined);
  if (!hasData) return Buffer.concat([records, ...texts]);
  const padding = Buffer.alloc(aligned(at) - at);
  at += padding.length;
  const data = rows.flatMap((row, i) => {
    if (row.data === undefined) return [];
    const [field, bytes] = row.data;
    records.writeBigUInt64LE(BigInt(at), size * i + field);
    records.writeBigUInt64LE(BigInt(bytes.length), size * i + field + 8);
    at += bytes.length;
    return [bytes];
  });
  return Buffer.concat([records, ...texts, padding, ...data]);
}
