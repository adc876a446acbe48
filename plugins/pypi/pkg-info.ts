import fs from "node:fs";
import { type ByteSource, fileSource } from "../../plugin-api/archive/byte-source.ts";
import { gunzip } from "../../plugin-api/archive/gzip.ts";
import { DEFAULT_LIMITS } from "../../plugin-api/archive/limits.ts";
import { indexTar } from "../../plugin-api/archive/tar.ts";
import { openZip } from "../../plugin-api/archive/zip.ts";

/** `<name>-<version>/PKG-INFO`; deeper ones are of something that is packed inside. */
const PKG_INFO = /^[^/]+\/PKG-INFO$/;

/**
 * PKG-INFO of a source archive (PEP 625), judged as strictly as if it were unpacked. Undefined when there is none, or
 * for the kinds of archive from before the standard. Throws `E_ARCHIVE_UNSAFE` and `E_LIMIT`.
 */
export async function readPkgInfo(file: string, filename: string): Promise<Buffer | undefined> {
  const read = filename.endsWith(".zip") ? fromZip : /\.(?:tar\.gz|tgz)$/.test(filename) ? fromTar : undefined;
  if (!read) return undefined;
  const fd = fs.openSync(file, "r");
  try {
    return await read(fileSource(fd), filename);
  } finally {
    fs.closeSync(fd);
  }
}

async function fromZip(source: ByteSource, archive: string): Promise<Buffer | undefined> {
  const zip = openZip(source, { archive });
  const entry = zip.entries.find(({ path, isFolder }) => !isFolder && PKG_INFO.test(path));
  return entry && entry.sizeBytes <= DEFAULT_LIMITS.metadataBytes ? zip.read(entry) : undefined;
}

async function fromTar(source: ByteSource, archive: string): Promise<Buffer | undefined> {
  const members = await indexTar(gunzip(source, archive), { archive, packedBytes: source.sizeBytes });
  const member = members.find(({ path, kind }) => kind === "file" && PKG_INFO.test(path));
  if (!member || member.sizeBytes > DEFAULT_LIMITS.metadataBytes) return undefined;
  const end = member.offset + member.sizeBytes;
  const content = Buffer.alloc(member.sizeBytes);
  let at = 0;
  for await (const piece of gunzip(source, archive)) {
    const from = Math.max(member.offset - at, 0);
    if (from < piece.length)
      piece.copy(content, Math.max(at - member.offset, 0), from, Math.min(piece.length, end - at));
    at += piece.length;
    if (at >= end) break;
  }
  return content;
}
