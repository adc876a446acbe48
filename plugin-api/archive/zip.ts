import type { ByteSource } from "./byte-source.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { checkEnd, readCentralDirectory, type ZipEntry, type ZipRules } from "./zip-directory.ts";
import { END_REACH_BYTES, locateEndRecord } from "./zip-end.ts";
import { checkDescriptor, glanceAtMember, localHeaderReach, readLocalHeader } from "./zip-member.ts";
import { streamMember } from "./zip-stream.ts";

/** A zip archive whose every header has been checked; only contents are still unread. */
export interface ZipArchive {
  /** In the order of their data. */
  readonly entries: readonly ZipEntry[];
  find(path: string): ZipEntry | undefined;
  /** The whole content of one of `entries`. Throws `E_ARCHIVE_UNSAFE` when size, CRC or compressed data are wrong. */
  read(entry: ZipEntry): Buffer;
  /** As `read`, without the cost of memory of its own: what it gives is there until a member of any archive is read. */
  glance(entry: ZipEntry): Buffer;
  /** The same in pieces of about 1 MiB, for large members. The last piece must have come before any is trusted. */
  stream(entry: ZipEntry): AsyncGenerator<Buffer>;
}

/**
 * Opens a zip archive strictly: one that two readers could understand differently is refused, never repaired. End
 * record, directory, and each member's local header and data descriptor are read and must agree; members must cover the
 * file from its first byte to the directory. Nothing is inflated yet. Throws `E_ARCHIVE_UNSAFE` and `E_LIMIT`.
 *
 * A reader of a remote archive, who has only parts of it, takes the same steps one by one: `locateEndRecord` on the tail,
 * `readCentralDirectory`, then `readMember` on the bytes `[entry.offset, entry.endOffset)` of the member it wants.
 */
export function openZip(source: ByteSource, rules: ZipRules): ZipArchive {
  const { archive } = rules;
  const tailBytes = Math.min(source.sizeBytes, END_REACH_BYTES);
  const tail = source.read(source.sizeBytes - tailBytes, tailBytes);
  const end = locateEndRecord(tail, source.sizeBytes, archive);
  checkEnd(end, archive, rules.limits ?? DEFAULT_LIMITS);
  const entries = readCentralDirectory(source.read(end.directoryOffset, end.directoryBytes), end, rules);
  const dataOffsets = new Map<ZipEntry, number>();
  const byPath = new Map<string, ZipEntry>();
  for (const entry of entries) {
    byPath.set(entry.path, entry);
    dataOffsets.set(entry, checkMemberHeaders(entry, source, archive));
  }
  const offsetOf = (entry: ZipEntry): number => {
    const offset = dataOffsets.get(entry);
    if (offset === undefined) throw new Error(`\`${entry.path}\` is an entry of another archive`);
    return offset;
  };
  const glance = (entry: ZipEntry): Buffer =>
    glanceAtMember(entry, source.read(offsetOf(entry), entry.packedBytes), archive);
  return {
    entries,
    find: (path) => byPath.get(path),
    read: (entry) => Buffer.from(glance(entry)),
    glance,
    stream: (entry) => streamMember(entry, { source, dataOffset: offsetOf(entry), archive }),
  };
}

function checkMemberHeaders(entry: ZipEntry, source: ByteSource, archive: string): number {
  const head = source.read(entry.offset, localHeaderReach(entry));
  const dataOffset = entry.offset + readLocalHeader(entry, head, archive);
  const dataEnd = dataOffset + entry.packedBytes;
  checkDescriptor(entry, source.read(dataEnd, entry.endOffset - dataEnd), archive);
  return dataOffset;
}
