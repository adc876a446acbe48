import { type DppImage, readImage } from "./image.ts";
import { DOCUMENTS, type DocumentName, DPP_FLAG, HEADER, HEADER_BYTES } from "./layout.ts";
import type { DppBytecode, DppDependencies, DppFile, DppMetadata, DppNative, DppParts } from "./parts.ts";
import { readBytecode, readDependencies, readDocument, readFiles, readMetadata, readNative } from "./read-tables.ts";

/** What a DPP says, without its files' contents. Nothing is decoded before it is asked for; what lies outside throws `E_FORMAT_BOUNDS`. */
export interface DppTables {
  /** BLAKE3 of this file as it says itself, 64 hexadecimal digits. */
  readonly contentId: string;
  readonly sizeBytes: number;
  /** It holds no files' data. */
  readonly isDetached: boolean;
  readonly isPure: boolean;
  /** The cost does not depend on how many files there are. */
  metadata(): DppMetadata;
  document(name: DocumentName): Buffer;
  /** Throws `E_ARCHIVE_UNSAFE` and `E_LIMIT` as for an archive's members. */
  files(): readonly DppFile[];
  bytecode(): readonly DppBytecode[];
  native(): readonly DppNative[];
  dependencies(): DppDependencies;
  /** Everything, decoded. */
  parts(): DppParts;
}

/**
 * Opens the bytes of a DPP in place, for those who know them to be what was written: the hash is not looked at, only where header and
 * sections lie. `file` is its name for messages. Throws `E_FORMAT_MAGIC`, `E_FORMAT_VERSION`, `E_FORMAT_BOUNDS`.
 */
export const openTables = (bytes: Uint8Array, file: string): DppTables => tablesOf(readImage(bytes, file));

/** The same of an image that is read already. */
export function tablesOf(image: DppImage): DppTables {
  let files: readonly DppFile[] | undefined;
  const tables: DppTables = {
    contentId: image.bytes.toString("hex", HEADER.hash, HEADER_BYTES),
    sizeBytes: image.bytes.length,
    isDetached: (image.flags & DPP_FLAG.detached) !== 0,
    isPure: (image.flags & DPP_FLAG.pure) !== 0,
    metadata: () => readMetadata(image),
    document: (name) => readDocument(image, name),
    files: () => (files ??= readFiles(image)),
    bytecode: () => readBytecode(image),
    native: () => readNative(image),
    dependencies: () => readDependencies(image),
    parts: () => partsOf(tables),
  };
  return tables;
}

function partsOf(tables: DppTables): DppParts {
  const documents = Object.fromEntries(DOCUMENTS.map((name) => [name, tables.document(name)]));
  return {
    metadata: tables.metadata(),
    documents: documents as unknown as DppParts["documents"],
    files: tables.files(),
    bytecode: tables.bytecode(),
    native: tables.native(),
    dependencies: tables.dependencies(),
    isPure: tables.isPure,
    isDetached: tables.isDetached,
  };
}
