import zlib from "node:zlib";
import { quoteName } from "../archive/fault.ts";
import { blake3 } from "../blake3/blake3.ts";
import { contentHash, encodeDpp, storeIdOf } from "./encode.ts";
import { otherContent, outOfBounds } from "./fault.ts";
import { type DppImage, readImage } from "./image.ts";
import { DOCUMENTS, HEADER, HEADER_BYTES } from "./layout.ts";
import type { DppFile, DppParts } from "./parts.ts";
import { recordedMetadata } from "./requirements.ts";
import { type DppTables, tablesOf } from "./tables.ts";

/** A DPP that is open, with its contents. */
export interface DppView extends DppTables {
  /** A file's content, equal to what its BLAKE3 says; else `E_HASH_MISMATCH`. */
  content(file: DppFile): Buffer;
  /** BLAKE3 of the canonical detached record, 64 hexadecimal digits: the same however the files are compressed. */
  storeId(): string;
  /**
   * Reads all of it: the hash, every file against its BLAKE3, and that the parts agree with each other and are written in the one
   * way there is. Throws `E_HASH_MISMATCH`.
   */
  verify(): void;
}

/**
 * Opens the bytes of a DPP in place; they must not change. `file` is its name for messages. The hash is checked at once, that of a
 * detached record only by `verify`. Throws `E_FORMAT_MAGIC`, `E_FORMAT_VERSION`, `E_FORMAT_BOUNDS`, `E_HASH_MISMATCH`.
 */
export function openDpp(bytes: Uint8Array, file: string): DppView {
  const image = readImage(bytes, file);
  const tables = tablesOf(image);
  const { isDetached } = tables;
  if (!isDetached) checkHash(image);
  const view: DppView = {
    ...tables,
    content: (each) => contentOf(each, image, isDetached),
    storeId: () => Buffer.from(storeIdOf(tables.parts())).toString("hex"),
    verify() {
      if (isDetached) checkHash(image);
      checkWhole(view, image);
    },
  };
  return view;
}

function checkHash({ bytes, file }: DppImage): void {
  if (bytes.subarray(HEADER.hash, HEADER_BYTES).equals(contentHash(bytes))) return;
  throw otherContent(file, "its content is not what was written");
}

function contentOf(file: DppFile, image: DppImage, isDetached: boolean): Buffer {
  if (isDetached) throw outOfBounds(image.file, "the data of its files lie elsewhere");
  const { stored } = file;
  const content =
    file.codec === "deflate"
      ? inflate(file, image.file)
      : Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (content.length === file.sizeBytes && Buffer.compare(blake3(content), file.blake3) === 0) return content;
  throw otherContent(image.file, `${quoteName(file.path)} is not the file that was written`);
}

function inflate({ path, sizeBytes, stored }: DppFile, archive: string): Buffer {
  const refuse = (cause?: unknown) =>
    outOfBounds(archive, `the compressed data of ${quoteName(path)} are damaged`, cause);
  let result: { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
  try {
    // One byte more than is stated shows that there is more.
    result = zlib.inflateRawSync(stored, { maxOutputLength: sizeBytes + 1, info: true }) as unknown as typeof result;
  } catch (cause) {
    throw refuse(cause);
  }
  if (result.engine.bytesWritten !== stored.length) throw refuse();
  return result.buffer;
}

/** What the hash can't tell: a file may have been made by somebody who wanted its parts to differ. */
function checkWhole(view: DppView, { bytes, file }: DppImage): void {
  const parts = view.parts();
  if (!encodeDpp(parts).equals(bytes)) throw otherContent(file, "it is not written as a DPP is");
  const total = parts.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (total !== parts.metadata.sizeBytes) throw otherContent(file, "its files have another size than it says");
  const { dependencies, ...identity } = recordedMetadata(parts.documents.METADATA);
  const { name, version, requiresPython } = parts.metadata;
  if (JSON.stringify(identity) !== JSON.stringify({ name, version, requiresPython }))
    throw otherContent(file, "its name or version is not that of its METADATA");
  if (JSON.stringify(dependencies) !== JSON.stringify(parts.dependencies))
    throw otherContent(file, "its dependencies are not those of its METADATA");
  if (view.isDetached) return;
  const info = parts.files.find(({ scheme }) => scheme === "dist-info")?.path.split("/", 1)[0];
  for (const each of parts.files) {
    const content = view.content(each);
    const name = DOCUMENTS.find((document) => each.path === `${info}/${document}`);
    if (name === undefined) continue;
    if (!content.equals(parts.documents[name])) throw otherContent(file, `its two copies of ${name} differ`);
  }
  const isInvented = DOCUMENTS.some((name) => parts.documents[name].length > 0 && !isThere(parts, `${info}/${name}`));
  if (isInvented) throw otherContent(file, "it has a document that is none of its files");
}

const isThere = ({ files }: DppParts, path: string): boolean => files.some((file) => file.path === path);
