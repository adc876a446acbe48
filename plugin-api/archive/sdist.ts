import fs from "node:fs";
import path from "node:path";
import { writeAll } from "../system/write-all.ts";
import { type ByteSource, fileSource } from "./byte-source.ts";
import { foldsCase } from "./case-folding.ts";
import { decompress } from "./decompress.ts";
import { unsafeArchive } from "./fault.ts";
import { gunzip } from "./gzip.ts";
import { readPieces } from "./inflate-stream.ts";
import type { ArchiveLimits } from "./limits.ts";
import { indexTar, type TarMember } from "./tar.ts";
import { createFile, writeTar } from "./write-members.ts";
import { openZip } from "./zip.ts";

/** What `extractSdist` may be told. */
export interface SdistOptions {
  readonly limits?: ArchiveLimits;
  /** A Python executable that unpacks `.tar.bz2` and `.tar.xz`; without one these are refused. */
  readonly python?: string;
}

/**
 * Extracts a source archive (PEP 625 `.tar.gz`; also `.zip`, `.tar`, and with a Python `.tar.bz2` and `.tar.xz`) into
 * `destination`, a folder that is made, or empty and nobody else's. In two passes (SPEC ARC-02): the first reads and judges
 * all and writes nothing, the second writes with exclusive and no-follow flags; files get 0644 or 0755, symbolic links come
 * last. A refused archive leaves nothing behind. `root` is the archive's one top folder, or `destination` when there are more. Throws `E_ARCHIVE_UNSAFE`, `E_LIMIT` and
 * system errors.
 */
export async function extractSdist(
  file: string,
  destination: string,
  options: SdistOptions = {},
): Promise<{ readonly root: string }> {
  const fd = fs.openSync(file, "r");
  const made = fs.mkdirSync(destination, { recursive: true, mode: 0o700 });
  try {
    const source = fileSource(fd);
    const archive = path.basename(file);
    const place = { archive, destination, folds: foldsCase(destination), options };
    const tops = archive.endsWith(".zip")
      ? await extractZip(source, place)
      : await extractTar(source, { ...place, file });
    return { root: tops.size === 1 ? path.join(destination, ...tops) : destination };
  } catch (error) {
    if (made !== undefined) fs.rmSync(made, { recursive: true, force: true });
    throw error;
  } finally {
    fs.closeSync(fd);
  }
}

interface Place {
  readonly archive: string;
  readonly destination: string;
  readonly folds: boolean;
  readonly options: SdistOptions;
}

async function extractTar(source: ByteSource, place: Place & { readonly file: string }): Promise<ReadonlySet<string>> {
  const { archive, destination, options } = place;
  const unpacked = () => unpackedTar(source, place);
  const members = await indexTar(unpacked(), {
    archive,
    packedBytes: source.sizeBytes,
    foldsCase: place.folds,
    ...(options.limits && { limits: options.limits }),
  });
  await writeTar(members, unpacked(), destination);
  return topFolders(members);
}

/** The tar stream, from its beginning; read once for each pass. */
function unpackedTar(source: ByteSource, { archive, file, options }: Place & { readonly file: string }) {
  if (/\.(?:tar\.gz|tgz)$/.test(archive)) return gunzip(source, archive);
  if (archive.endsWith(".tar")) return tarPieces(source);
  const format = /\.(?:tar\.bz2|tbz|tbz2)$/.test(archive)
    ? "bz2"
    : /\.(?:tar\.(?:xz|lzma)|txz|tlz)$/.test(archive)
      ? "lzma"
      : undefined;
  if (format === undefined) throw unsafeArchive(archive, "it is no kind of archive that is known");
  if (options.python === undefined) throw unsafeArchive(archive, `no Python is at hand to unpack ${format}`);
  return decompress(file, { format, python: options.python, archive });
}

async function* tarPieces(source: ByteSource): AsyncGenerator<Buffer> {
  yield* readPieces({ source, offset: 0, length: source.sizeBytes });
}

async function extractZip(source: ByteSource, place: Place): Promise<ReadonlySet<string>> {
  const { archive, destination, folds, options } = place;
  const zip = openZip(source, { archive, foldsCase: folds, ...(options.limits && { limits: options.limits }) });
  for (const entry of zip.entries) {
    const target = path.join(destination, entry.path);
    fs.mkdirSync(entry.isFolder ? target : path.dirname(target), { recursive: true });
    if (entry.isFolder) continue;
    const fd = createFile(target, entry.permissions);
    try {
      for await (const piece of zip.stream(entry)) writeAll(fd, piece, { file: target });
    } finally {
      fs.closeSync(fd);
    }
  }
  return topFolders(zip.entries.map(({ path, isFolder }) => ({ path, kind: isFolder ? "folder" : "file" })));
}

/** Names at the top; a file there counts as well, so that it is never taken for the root. */
function topFolders(members: readonly Pick<TarMember, "path" | "kind">[]): ReadonlySet<string> {
  const tops = new Set(members.map(({ path }) => path.split("/", 1)[0]!));
  const hasTopFile = members.some(({ path, kind }) => kind !== "folder" && !path.includes("/"));
  return hasTopFile ? new Set() : tops;
}
