import type { ByteSource } from "../archive/byte-source.ts";
import { oversizeArchive } from "../archive/fault.ts";
import type { Wheel } from "../archive/wheel.ts";
import type { WheelFile } from "../archive/wheel-files.ts";
import { parseWheelFilename } from "../python/wheel-filename.ts";
import { neededLibraries } from "./elf.ts";
import { DOCUMENTS, type DppScheme } from "./layout.ts";
import { type DppFile, type DppNative, type DppParts, sortByPath } from "./parts.ts";
import { recordedMetadata } from "./requirements.ts";

/** How a file's content is kept in the parts, and what it is. */
export type KeptContent = Pick<DppFile, "codec" | "sizeBytes" | "blake3" | "stored">;

/** Gathers what a record says of a wheel while somebody reads its files, one after the other, in whatever order. */
export interface PartsCollector {
  /** `content` is asked for where the record tells of what is in the file; the bytes it gives are copied. */
  add(file: WheelFile, kept: KeptContent, content: () => ByteSource): void;
  /** When all files are there: the parts, without byte-code. `source`: the wheel's archive. Throws `E_LIMIT`. */
  finish(source: { readonly sizeBytes: number; readonly sha256: Uint8Array }): DppParts;
}

const SHARED_LIBRARY = /\.(?:so(?:\.\d+)*|pyd|dll|dylib)$/;

/** Begins a wheel's parts: the same for the wheel's way into the store and for its way into a DPP. */
export function collectParts(wheel: Wheel): PartsCollector {
  const { filename } = wheel;
  const info = `${wheel.folders.info}/`;
  const documents = new Map<string, Buffer>(DOCUMENTS.map((name) => [`${info}${name}`, Buffer.alloc(0)]));
  const libraries = new Map<string, readonly string[]>();
  const files: DppFile[] = [];
  return {
    add(file, kept, content) {
      const { path, permissions: mode } = file.entry;
      if (path.startsWith(info) && documents.has(path))
        documents.set(path, Buffer.from(content().read(0, kept.sizeBytes)));
      if (!path.endsWith(".py") && SHARED_LIBRARY.test(path)) libraries.set(path, neededLibraries(content()));
      const { codec, sizeBytes, blake3, stored } = kept;
      files.push({ path, mode, scheme: schemeOf(wheel, file), codec, sizeBytes, blake3, stored });
    },
    finish({ sizeBytes: wheelBytes, sha256: wheelSha256 }) {
      sortByPath(files);
      const native = nativeParts(files, libraries, filename);
      const { name, version, requiresPython, dependencies } = recordedMetadata(documents.get(`${info}METADATA`)!);
      checkLengths([name, version, requiresPython], filename);
      const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
      const copies = DOCUMENTS.map((document) => [document, documents.get(`${info}${document}`)!] as const);
      return {
        metadata: { name, version, requiresPython, sizeBytes, wheelBytes, wheelSha256, wheelFilename: filename },
        documents: Object.fromEntries(copies) as unknown as DppParts["documents"],
        files,
        bytecode: [],
        native,
        dependencies,
        isPure: wheel.isPurelib && native.length === 0,
      };
    },
  };
}

function nativeParts(
  files: readonly DppFile[],
  libraries: ReadonlyMap<string, readonly string[]>,
  filename: string,
): readonly DppNative[] {
  if (libraries.size === 0) return [];
  const platform = parseWheelFilename(filename).tags.split("-").at(-1)!;
  return files.flatMap(({ path }, file): DppNative[] => {
    const needed = libraries.get(path);
    return needed === undefined ? [] : [{ file, platform, needed }];
  });
}

/** Lengths of these take two bytes. */
function checkLengths(texts: readonly string[], filename: string): void {
  for (const text of texts)
    if (Buffer.byteLength(text) > 0xffff) throw oversizeArchive(filename, "a field of its METADATA");
}

/** What lies in `X.data/platlib` of a pure wheel goes there all the same. */
function schemeOf(wheel: Wheel, { entry, scheme }: WheelFile): DppScheme {
  if (scheme === "info") return "dist-info";
  if (scheme !== "site") return scheme;
  const { data } = wheel.folders;
  for (const library of ["purelib", "platlib"] as const)
    if (data !== undefined && entry.path.startsWith(`${data}/${library}/`)) return library;
  return wheel.isPurelib ? "purelib" : "platlib";
}
