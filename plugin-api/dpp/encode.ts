import { blake3 } from "../blake3/blake3.ts";
import {
  aligned,
  CODECS,
  DEPENDENCY_KINDS,
  type DependencyKind,
  DOCUMENTS,
  DPP_FLAG,
  DPP_VERSION,
  HEADER,
  HEADER_BYTES,
  INVALIDATIONS,
  MAGIC,
  RECORD_BYTES,
  SCHEMES,
  SECTION_HEADER_BYTES,
  SECTIONS,
  type SectionId,
  UNIT_BYTES,
} from "./layout.ts";
import type { DppDependencies, DppFile, DppParts } from "./parts.ts";
import { type Row, tableContent } from "./table.ts";

/** The bytes of a DPP; equal parts give equal bytes, at whatever time and place. */
export function encodeDpp(parts: DppParts): Buffer {
  const contents: Readonly<Record<SectionId, readonly [count: number, content: Buffer]>> = {
    META: [1, metaContent(parts)],
    FILE: [parts.files.length, tableContent("FILE", fileRows(parts))],
    BYTE: [parts.bytecode.length, tableContent("BYTE", bytecodeRows(parts))],
    NATV: [parts.native.length, tableContent("NATV", nativeRows(parts))],
    DEPS: dependencyContent(parts.dependencies),
  };
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt16LE(DPP_VERSION, HEADER.version);
  header.writeUInt16LE(flagsOf(parts), HEADER.flags);
  const pieces: Buffer[] = [];
  let at = HEADER_BYTES;
  SECTIONS.forEach((id, i) => {
    const [count, content] = contents[id];
    const padding = Buffer.alloc(aligned(content.length) - content.length);
    header.writeUInt32LE(at / UNIT_BYTES, HEADER.sections + 4 * i);
    pieces.push(sectionHeader(id, count, content.length), content, padding);
    at += SECTION_HEADER_BYTES + content.length + padding.length;
  });
  header.writeUInt32LE(at / UNIT_BYTES, HEADER.total);
  const bytes = Buffer.concat([header, ...pieces]);
  bytes.set(contentHash(bytes), HEADER.hash);
  return bytes;
}

/** The content id: BLAKE3 of all bytes but the 32 that hold it. */
export const contentHash = (bytes: Uint8Array): Uint8Array =>
  blake3(bytes.subarray(0, HEADER.hash), bytes.subarray(HEADER_BYTES));

/**
 * The detached record that stands for a wheel however its files are stored: without their data, compression and byte-code.
 */
export const detachedParts = (parts: DppParts): DppParts => ({
  ...parts,
  files: parts.files.map((file) => ({ ...file, codec: "stored", stored: NOTHING })),
  bytecode: [],
  isDetached: true,
});

/** The id of a wheel's content in the store: BLAKE3 of its canonical detached record, 32 bytes. */
export const storeIdOf = (parts: DppParts): Uint8Array => blake3(encodeDpp(detachedParts(parts)));

const NOTHING = new Uint8Array(0);

function flagsOf({ files, bytecode, native, isPure, isDetached }: DppParts): number {
  const { detached, pure, packed } = DPP_FLAG;
  return (
    (isDetached ? detached : 0) |
    (bytecode.length > 0 ? DPP_FLAG.bytecode : 0) |
    (native.length > 0 ? DPP_FLAG.native : 0) |
    (isPure ? pure : 0) |
    (files.some(({ codec }) => codec !== "stored") ? packed : 0)
  );
}

function sectionHeader(id: SectionId, count: number, length: number): Buffer {
  const header = Buffer.alloc(SECTION_HEADER_BYTES);
  header.write(id, "latin1");
  header.writeUInt32LE(count, 4);
  header.writeBigUInt64LE(BigInt(length), 8);
  return header;
}

function metaContent({ metadata, documents }: DppParts): Buffer {
  const record = Buffer.alloc(RECORD_BYTES.META);
  const texts = [metadata.name, metadata.version, metadata.requiresPython].map((text) => Buffer.from(text));
  texts.forEach((text, i) => record.writeUInt16LE(text.length, 2 * i));
  record.writeBigUInt64LE(BigInt(metadata.sizeBytes), 8);
  record.writeBigUInt64LE(BigInt(metadata.wheelBytes), 16);
  record.set(metadata.wheelSha256, 24);
  const long = [Buffer.from(metadata.wheelFilename), ...DOCUMENTS.map((name) => documents[name])];
  return Buffer.concat([record, ...texts, ...long.flatMap((bytes) => [u32(bytes.length), bytes])]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const U32 = 2 ** 32;

function fileRows({ files, isDetached }: DppParts): Row[] {
  return files.map((file): Row => {
    const texts = [[0, file.path, 2]] as const;
    const fill = (records: Buffer, at: number): void => fillFile(file, records, at);
    return isDetached ? { texts, fill } : { texts, fill, data: [16, file.stored] };
  });
}

function fillFile({ mode, scheme, codec, sizeBytes, blake3: hash }: DppFile, records: Buffer, at: number): void {
  records.writeUInt16LE(mode, at + 6);
  records.writeUInt8(SCHEMES.indexOf(scheme), at + 8);
  records.writeUInt8(CODECS.indexOf(codec), at + 9);
  records.writeUInt32LE(sizeBytes % U32, at + 32);
  records.writeUInt32LE(Math.floor(sizeBytes / U32), at + 36);
  records.set(hash, at + 40);
}

const bytecodeRows = ({ bytecode }: DppParts): Row[] =>
  bytecode.map(({ file, cacheTag, invalidation, content }) => ({
    texts: [[4, cacheTag, 2]],
    data: [16, content],
    fill(records, at) {
      records.writeUInt32LE(file, at);
      records.writeUInt8(INVALIDATIONS.indexOf(invalidation), at + 10);
    },
  }));

const nativeRows = ({ native }: DppParts): Row[] =>
  native.map(({ file, platform, needed }) => ({
    texts: [
      [4, platform, 2],
      [12, needed.join("\0"), 4],
    ],
    fill: (records, at) => records.writeUInt32LE(file, at),
  }));

function dependencyContent(dependencies: DppDependencies): readonly [count: number, content: Buffer] {
  const row = (kind: DependencyKind, texts: readonly string[]): Row => ({
    texts: texts.map((text, i) => [8 + 8 * i, text, 4] as const),
    fill: (records, at) => records.writeUInt8(DEPENDENCY_KINDS.indexOf(kind), at),
  });
  const alone = (kind: DependencyKind) => (text: string) => row(kind, [text, "", "", "", ""]);
  const rows = [
    ...dependencies.requirements.map(({ name, extras, specifier, marker, url = "" }) =>
      row("requirement", [name, extras.join(","), specifier, marker, url]),
    ),
    ...dependencies.extras.map(alone("extra")),
    ...dependencies.unreadable.map(alone("unreadable")),
  ];
  return [rows.length, tableContent("DEPS", rows)];
}
