import crypto from "node:crypto";
import { bytesSource } from "../archive/byte-source.ts";
import { oversizeArchive } from "../archive/fault.ts";
import { checkContent, openWheel, type Wheel } from "../archive/wheel.ts";
import type { WheelFile } from "../archive/wheel-files.ts";
import type { CoreMetadata } from "../python/core-metadata.ts";
import { parseWheelFilename } from "../python/wheel-filename.ts";
import { neededLibraries } from "./elf.ts";
import { DOCUMENTS, type DppScheme } from "./layout.ts";
import { byPath, type DppFile, type DppNative, type DppParts, packFile } from "./parts.ts";
import { dependenciesIn } from "./requirements.ts";

const SHARED_LIBRARY = /\.(?:so(?:\.\d+)*|pyd|dll|dylib)$/;

/**
 * What a wheel holds, as parts of a DPP. The wheel is judged as for an install, and every file checked against RECORD; entries of
 * folders are left out. Throws `E_ARCHIVE_UNSAFE`, `E_LIMIT`, `E_HASH_MISMATCH`, `E_METADATA`.
 */
export function readWheelParts(bytes: Uint8Array, filename: string): DppParts {
  const wheel = openWheel(bytesSource(bytes), { filename });
  const platform = parseWheelFilename(filename).tags.split("-").at(-1)!;
  const contents = new Map<string, Buffer>();
  const libraries = new Map<string, readonly string[]>();
  const info = `${wheel.folders.info}/`;
  const documents = new Map(DOCUMENTS.map((name) => [`${info}${name}`, name]));
  const files = wheel.files.map((file): DppFile => {
    const content = checkedContent(wheel, file);
    const { path, permissions: mode } = file.entry;
    if (documents.has(path)) contents.set(path, content);
    if (SHARED_LIBRARY.test(path)) libraries.set(path, neededLibraries(content));
    return packFile({ path, mode, scheme: schemeOf(wheel, file) }, content);
  });
  files.sort(byPath);
  const native = files.flatMap(({ path }, file): DppNative[] => {
    const needed = libraries.get(path);
    return needed === undefined ? [] : [{ file, platform, needed }];
  });
  const { core, requirements, extras } = dependenciesIn(contents.get(`${info}METADATA`)!, filename);
  checkLengths(core, filename);
  const copies = [...documents].map(([path, name]) => [name, contents.get(path) ?? new Uint8Array(0)] as const);
  return {
    metadata: {
      name: core.displayName,
      version: core.version,
      requiresPython: core.requiresPython,
      sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      wheelBytes: bytes.length,
      wheelSha256: crypto.createHash("sha256").update(bytes).digest(),
      wheelFilename: filename,
    },
    documents: Object.fromEntries(copies) as unknown as DppParts["documents"],
    files,
    bytecode: [],
    native,
    dependencies: { requirements, extras },
    isPure: wheel.isPurelib && native.length === 0,
  };
}

/** Lengths of these take two bytes. */
function checkLengths({ displayName, version, requiresPython }: CoreMetadata, filename: string): void {
  for (const text of [displayName, version, requiresPython])
    if (Buffer.byteLength(text) > 0xffff) throw oversizeArchive(filename, "a field of its METADATA");
}

function checkedContent(wheel: Wheel, file: WheelFile): Buffer {
  const content = wheel.archive.read(file.entry);
  const check = checkContent(wheel, file);
  check.update(content);
  check.finish();
  return content;
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
