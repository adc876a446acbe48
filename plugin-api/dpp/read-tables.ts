import { oversizeArchive, quoteName, unsafeArchive } from "../archive/fault.ts";
import { DEFAULT_LIMITS } from "../archive/limits.ts";
import { createPathIndex, pathFault } from "../archive/member-path.ts";
import { USUALLY_FOLDS_CASE } from "../archive/zip-directory.ts";
import type { Extra, PackageName, Requirement } from "../model/requirement.ts";
import { choice, readTable } from "./cursor.ts";
import { outOfBounds } from "./fault.ts";
import { type DppImage, textAt } from "./image.ts";
import {
  CODECS,
  DEPENDENCY_KINDS,
  type DependencyKind,
  DOCUMENTS,
  type DocumentName,
  DPP_FLAG,
  INVALIDATIONS,
  RECORD_BYTES,
  SCHEMES,
} from "./layout.ts";
import {
  byPath,
  type DppBytecode,
  type DppDependencies,
  type DppFile,
  type DppMetadata,
  type DppNative,
} from "./parts.ts";

/** What META says in short: nothing but its own bytes is touched. */
export function readMetadata(image: DppImage): DppMetadata {
  const { content } = image.sections.META;
  const [name, version, requiresPython] = shortTexts(image) as [string, string, string];
  const [filenameAt, filenameLength] = documentPlaces(image)[0]!;
  return {
    name,
    version,
    requiresPython,
    sizeBytes: Number(content.readBigUInt64LE(8)),
    wheelBytes: Number(content.readBigUInt64LE(16)),
    wheelSha256: content.subarray(24, RECORD_BYTES.META),
    wheelFilename: textAt(image, "META", [filenameAt, filenameLength]),
  };
}

/** One of the documents that META repeats; empty when the wheel has none. */
export function readDocument(image: DppImage, name: DocumentName): Buffer {
  const [at, length] = documentPlaces(image)[1 + DOCUMENTS.indexOf(name)]!;
  return image.sections.META.content.subarray(at, at + length);
}

function shortTexts(image: DppImage): readonly string[] {
  let at: number = RECORD_BYTES.META;
  return [0, 2, 4].map((field) => {
    const length = image.sections.META.content.readUInt16LE(field);
    const text = textAt(image, "META", [at, length]);
    at += length;
    return text;
  });
}

/** Offset and length of the wheel's file name and of each document. */
function documentPlaces({ sections: { META }, file }: DppImage): readonly (readonly [at: number, length: number])[] {
  const { content, count } = META;
  if (count !== 1) throw outOfBounds(file, "META is not one record");
  let at = RECORD_BYTES.META + content.readUInt16LE(0) + content.readUInt16LE(2) + content.readUInt16LE(4);
  const places = [undefined, ...DOCUMENTS].map(() => {
    const length = at + 4 <= content.length ? content.readUInt32LE(at) : Number.POSITIVE_INFINITY;
    at += 4 + length;
    if (at > content.length) throw outOfBounds(file, "META ends before its last document");
    return [at - length, length] as const;
  });
  if (at !== content.length) throw outOfBounds(file, "META holds more than its documents");
  return places;
}

/**
 * All files. Their paths are judged as those of an archive: `E_ARCHIVE_UNSAFE` for one that leads elsewhere or meets another,
 * `E_LIMIT` for more or larger files than an archive may have.
 */
export function readFiles(image: DppImage): readonly DppFile[] {
  const { content, count } = image.sections.FILE;
  if (count > DEFAULT_LIMITS.members) throw oversizeArchive(image.file, `${count} files`);
  const isDetached = (image.flags & DPP_FLAG.detached) !== 0;
  const files = readTable(image, "FILE", (at, cursor): DppFile => {
    const mode = content.readUInt16LE(at + 6);
    const path = cursor.text(at, 2);
    if (mode > 0o777) throw outOfBounds(image.file, `the mode of ${quoteName(path)} is no file's`);
    return {
      path,
      mode,
      scheme: choice(image, SCHEMES, content.readUInt8(at + 8)),
      codec: choice(image, CODECS, content.readUInt8(at + 9)),
      stored: isDetached ? content.subarray(0, 0) : cursor.data(at + 16),
      sizeBytes: Number(content.readBigUInt64LE(at + 32)),
      blake3: content.subarray(at + 40, at + RECORD_BYTES.FILE),
    };
  });
  checkFiles(files, image);
  return files;
}

function checkFiles(files: readonly DppFile[], { file: archive, flags }: DppImage): void {
  const index = createPathIndex(USUALLY_FOLDS_CASE);
  let total = 0;
  files.forEach((file, i) => {
    const fault = pathFault(file.path) ?? index.add(file.path, false);
    if (fault !== undefined) throw unsafeArchive(archive, fault);
    if (i > 0 && byPath(files[i - 1]!, file) >= 0) throw outOfBounds(archive, "its files are not in order");
    total += file.sizeBytes;
    if ((flags & DPP_FLAG.detached) === 0) checkSize(file, archive);
  });
  if (total > DEFAULT_LIMITS.unpackedBytes) throw oversizeArchive(archive, `it unpacks to ${total} bytes`);
}

function checkSize({ codec, path, sizeBytes, stored }: DppFile, archive: string): void {
  if (codec === "stored" && sizeBytes !== stored.length)
    throw outOfBounds(archive, `${quoteName(path)}: its two sizes contradict each other`);
  if (sizeBytes > DEFAULT_LIMITS.ratioFreeBytes && sizeBytes > stored.length * DEFAULT_LIMITS.ratio)
    throw oversizeArchive(archive, `${quoteName(path)} grows from ${stored.length} to ${sizeBytes} bytes`);
}

/** All byte-code. */
export function readBytecode(image: DppImage): readonly DppBytecode[] {
  const { content } = image.sections.BYTE;
  return readTable(image, "BYTE", (at, cursor) => ({
    file: fileNumber(image, content.readUInt32LE(at)),
    cacheTag: cursor.text(at + 4, 2),
    invalidation: choice(image, INVALIDATIONS, content.readUInt8(at + 10)),
    content: cursor.data(at + 16),
  }));
}

/** All shared libraries. */
export function readNative(image: DppImage): readonly DppNative[] {
  const { content } = image.sections.NATV;
  return readTable(image, "NATV", (at, cursor) => {
    const file = fileNumber(image, content.readUInt32LE(at));
    const platform = cursor.text(at + 4, 2);
    const needed = cursor.text(at + 12, 4);
    return { file, platform, needed: needed === "" ? [] : needed.split("\0") };
  });
}

function fileNumber(image: DppImage, number: number): number {
  if (number < image.sections.FILE.count) return number;
  throw outOfBounds(image.file, `it speaks of file ${number} of ${image.sections.FILE.count}`);
}

/** Requirements, extras and what is no requirement, each in the order of METADATA. */
export function readDependencies(image: DppImage): DppDependencies {
  const { content } = image.sections.DEPS;
  const rows = readTable(image, "DEPS", (at, cursor) => {
    const kind = choice(image, DEPENDENCY_KINDS, content.readUInt8(at));
    const texts = [0, 1, 2, 3, 4].map((i) => cursor.text(at + 8 + 8 * i, 4));
    return { kind, texts };
  });
  const of = (wanted: DependencyKind) => rows.filter(({ kind }) => kind === wanted).map(({ texts }) => texts);
  return {
    requirements: of("requirement").map(readRequirement),
    extras: of("extra").map(([name]) => name!),
    unreadable: of("unreadable").map(([line]) => line!),
  };
}

function readRequirement(texts: readonly string[]): Requirement {
  const [name = "", extras = "", specifier = "", marker = "", url = ""] = texts;
  return {
    name: name as PackageName,
    extras: (extras === "" ? [] : extras.split(",")) as Extra[],
    specifier,
    marker,
    ...(url !== "" && { url }),
  };
}
