import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax } from "../error.ts";
import { metadataOfPkgInfo, metadataOfPyproject, type SourceMetadata } from "../python/source-metadata.ts";
import { type ByteSource, fileSource } from "./byte-source.ts";
import { gunzip } from "./gzip.ts";
import { readPieces } from "./inflate-stream.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { createPieceReader } from "./piece-reader.ts";
import { indexTar, type TarMember } from "./tar.ts";
import { openZip } from "./zip.ts";

/** The files of a source distribution that may tell its metadata without a build. */
export interface SourceFiles {
  readonly pkgInfo?: Buffer;
  readonly pyproject?: Buffer;
}

const WANTED = { "PKG-INFO": "pkgInfo", "pyproject.toml": "pyproject" } as const;

/**
 * The metadata that a source archive or tree states by itself, where no build can change it (PEP 643, PEP 621); undefined when
 * the backend has to be asked, also for malformed files: it says best what it dislikes. Throws `E_ARCHIVE_UNSAFE`, `E_LIMIT`.
 */
export async function readSourceMetadata(file: string, subdirectory?: string): Promise<SourceMetadata | undefined> {
  const { pkgInfo, pyproject } = await readSourceFiles(file, subdirectory);
  const ofPkgInfo = pkgInfo && leniently(() => metadataOfPkgInfo(pkgInfo));
  return ofPkgInfo ?? (pyproject && leniently(() => metadataOfPyproject(pyproject.toString("utf8"))));
}

function leniently<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidSyntax) return undefined;
    throw error;
  }
}

/**
 * Reads PKG-INFO and pyproject.toml of a source archive (`.tar.gz`, `.tgz`, `.tar`, `.zip`; the whole archive is judged on the way)
 * or of a source tree, where PKG-INFO says nothing that is still true. `subdirectory` is the folder below the root that holds
 * the project. Gives nothing for kinds of archive that take a Python to unpack. Throws `E_ARCHIVE_UNSAFE`, `E_LIMIT`.
 */
export async function readSourceFiles(file: string, subdirectory = ""): Promise<SourceFiles> {
  if (fs.statSync(file).isDirectory()) return readTree(path.join(file, subdirectory));
  const fd = fs.openSync(file, "r");
  try {
    const archive = path.basename(file);
    const place = { source: fileSource(fd), archive, below: subdirectory === "" ? "" : `${subdirectory}/` };
    if (archive.endsWith(".zip")) return readZip(place);
    return /\.(?:tar\.gz|tgz|tar)$/.test(archive) ? await readTar(place) : {};
  } finally {
    fs.closeSync(fd);
  }
}

function readTree(folder: string): SourceFiles {
  const pyproject = path.join(folder, "pyproject.toml");
  return fs.existsSync(pyproject) ? { pyproject: fs.readFileSync(pyproject) } : {};
}

interface Place {
  readonly source: ByteSource;
  readonly archive: string;
  readonly below: string;
}

function readZip({ source, archive, below }: Place): SourceFiles {
  const zip = openZip(source, { archive });
  const isFile = zip.entries.filter(({ isFolder }) => !isFolder);
  return Object.fromEntries(wanted(isFile, below).map(([key, entry]) => [key, zip.read(entry)]));
}

async function readTar(place: Place): Promise<SourceFiles> {
  const { source, archive, below } = place;
  const members = await indexTar(unpacked(place), { archive, packedBytes: source.sizeBytes });
  const found = wanted(
    members.filter(({ kind }) => kind === "file"),
    below,
  ).sort(([, a], [, b]) => a.offset - b.offset);
  if (found.length === 0) return {};
  const reader = createPieceReader(unpacked(place));
  try {
    const files: Partial<Record<keyof SourceFiles, Buffer>> = {};
    for (const [key, member] of found) {
      await reader.skip(member.offset - reader.offset);
      const content = await reader.take(member.sizeBytes);
      if (content !== undefined) files[key] = content;
    }
    return files;
  } finally {
    await reader.end();
  }
}

function unpacked({ source, archive }: Place): AsyncIterable<Buffer> {
  return archive.endsWith(".tar") ? plain(source) : gunzip(source, archive);
}

async function* plain(source: ByteSource): AsyncGenerator<Buffer> {
  yield* readPieces({ source, offset: 0, length: source.sizeBytes });
}

/** The wanted files in the archive's one top folder (PEP 625), or at the top of an archive that has none. */
function wanted<T extends Pick<TarMember, "path" | "sizeBytes">>(
  members: readonly T[],
  below: string,
): [key: keyof SourceFiles, member: T][] {
  const tops = new Set(members.map((member) => member.path.slice(0, member.path.indexOf("/") + 1)));
  const [top] = tops.size === 1 ? [...tops] : [""];
  return members.flatMap((member): [keyof SourceFiles, T][] => {
    const key = WANTED[member.path.slice(`${top}${below}`.length) as keyof typeof WANTED];
    const isThere = key !== undefined && member.path.startsWith(`${top}${below}`);
    return isThere && member.sizeBytes <= DEFAULT_LIMITS.metadataBytes ? [[key, member]] : [];
  });
}
