import { oversizeArchive, quoteName, unsafeArchive } from "./fault.ts";
import { type ArchiveLimits, DEFAULT_LIMITS } from "./limits.ts";
import { createPathIndex, pathFault } from "./member-path.ts";
import type { ZipEnd } from "./zip-end.ts";
import { readExtra } from "./zip-extra.ts";

/** One member as the central directory lists it, checked as far as the directory alone allows. */
export interface ZipEntry {
  /** Canonical relative path with `/`; a folder's without its final slash. */
  readonly path: string;
  readonly isFolder: boolean;
  /** 0 stored, 8 deflated (APPNOTE 4.4.5). */
  readonly method: 0 | 8;
  readonly flags: number;
  readonly crc32: number;
  readonly sizeBytes: number;
  readonly packedBytes: number;
  /** Unix permission bits without setuid, setgid and sticky; 0 when the archive has none. */
  readonly permissions: number;
  /** The member's local header, data and data descriptor are the archive's bytes `[offset, endOffset)`. */
  readonly offset: number;
  readonly endOffset: number;
  /** The name as stored; the local header must repeat it byte for byte. */
  readonly nameBytes: Uint8Array;
}

/** How `readCentralDirectory` and `openZip` judge an archive. */
export interface ZipRules {
  /** The archive's name for messages. */
  readonly archive: string;
  readonly limits?: ArchiveLimits;
  /** Members that differ only in case would land on one file. Default: on macOS and Windows. */
  readonly foldsCase?: boolean;
}

const HEADER = 0x02014b50;
const HEADER_BYTES = 46;
const MAX_DIRECTORY_BYTES = 512 * 1024 * 1024;
/** Deflate level (bits 1 and 2), data descriptor (3), UTF-8 name (11); every other bit asks for what is not supported. */
const KNOWN_FLAGS = 0b1000_0000_1110;
const IS_ENCRYPTED = 0b0010_0000_0100_0001;
export const HAS_DESCRIPTOR = 0b1000;
const IS_UTF8 = 0x800;
/** Signature, fields, a descriptor of the longest form. */
const LEAST_LOCAL_BYTES = 30;
const MOST_DESCRIPTOR_BYTES = 24;
/** No deflate stream exceeds this ratio, so a larger one is a lie. */
const DEFLATE_RATIO = 1040;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** True where file systems usually fold case; `foldsCase` in case-folding.ts asks a given folder. */
export const USUALLY_FOLDS_CASE = process.platform === "darwin" || process.platform === "win32";

/**
 * Reads and judges the central directory (APPNOTE 4.3.12), whose bytes are `[end.directoryOffset, end.directoryOffset +
 * end.directoryBytes)` of the archive. Entries come in the order of their data; together they must cover everything before
 * the directory without gap or overlap. Throws `E_ARCHIVE_UNSAFE` and `E_LIMIT`.
 */
export function readCentralDirectory(directory: Uint8Array, end: ZipEnd, rules: ZipRules): readonly ZipEntry[] {
  const limits = rules.limits ?? DEFAULT_LIMITS;
  checkEnd(end, rules.archive, limits);
  const bytes = Buffer.from(directory.buffer, directory.byteOffset, directory.byteLength);
  const entries: Draft[] = [];
  let at = 0;
  for (let i = 0; i < end.entryCount; i++) {
    const [draft, next] = readHeader(bytes, at, rules.archive);
    entries.push(draft);
    at = next;
  }
  if (at !== bytes.length) throw unsafeArchive(rules.archive, "its directory holds more than its entries");
  // Nearly always in order already, and then the sort is one pass.
  entries.sort((a, b) => a.offset - b.offset);
  const placed = placeEntries(entries, end, rules.archive);
  checkPaths(placed, rules);
  checkSizes(placed, end, { archive: rules.archive, limits });
  return placed;
}

/** Refuses, before anything is read, an archive whose directory is beyond the limits. */
export function checkEnd(end: ZipEnd, archive: string, limits: ArchiveLimits): void {
  if (end.archiveBytes > limits.packedBytes) throw oversizeArchive(archive, `${end.archiveBytes} bytes`);
  if (end.entryCount > limits.members) throw oversizeArchive(archive, `${end.entryCount} members`);
  if (end.directoryBytes > MAX_DIRECTORY_BYTES) throw oversizeArchive(archive, "its directory");
}

type Draft = Omit<ZipEntry, "endOffset">;

function readHeader(bytes: Buffer, at: number, archive: string): [entry: Draft, next: number] {
  const isWhole = at + HEADER_BYTES <= bytes.length && bytes.readUInt32LE(at) === HEADER;
  if (!isWhole) throw unsafeArchive(archive, "its directory ends before its last entry");
  const nameEnd = at + HEADER_BYTES + bytes.readUInt16LE(at + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
  const next = extraEnd + bytes.readUInt16LE(at + 32);
  if (next > bytes.length) throw unsafeArchive(archive, "its directory ends before its last entry");
  const flags = bytes.readUInt16LE(at + 8);
  const nameBytes = bytes.subarray(at + HEADER_BYTES, nameEnd);
  const name = decodeName(nameBytes, flags, archive);
  const refuse = (fault: string) => unsafeArchive(archive, `${quoteName(name)}: ${fault}`);
  const reading = readExtra(
    bytes.subarray(nameEnd, extraEnd),
    {
      sizeBytes: bytes.readUInt32LE(at + 24),
      packedBytes: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    },
    nameBytes,
  );
  if (typeof reading === "string") throw refuse(reading);
  if (bytes.readUInt16LE(at + 34) !== 0) throw refuse("it lies in another part of a split archive");
  const isFolder = name.endsWith("/");
  const draft = {
    path: isFolder ? name.slice(0, -1) : name,
    isFolder,
    method: knownMethod(bytes.readUInt16LE(at + 10), flags, refuse),
    flags,
    crc32: bytes.readUInt32LE(at + 16),
    sizeBytes: reading.sizes.sizeBytes,
    packedBytes: reading.sizes.packedBytes,
    permissions: readMode(bytes.readUInt32LE(at + 38) >>> 16, isFolder, refuse),
    offset: reading.sizes.offset ?? 0,
    nameBytes,
  };
  return [draft, next];
}

function decodeName(nameBytes: Buffer, flags: number, archive: string): string {
  let isAscii = true;
  for (const byte of nameBytes) if (byte >= 0x80) isAscii = false;
  if (isAscii) return nameBytes.toString("latin1");
  const shown = quoteName(nameBytes.toString("utf8"));
  // Without the flag the name is code page 437 to one reader and UTF-8 to the next.
  if ((flags & IS_UTF8) === 0) throw unsafeArchive(archive, `the name ${shown} is not marked as UTF-8`);
  try {
    return strictUtf8.decode(nameBytes);
  } catch {
    throw unsafeArchive(archive, `the name ${shown} is not UTF-8`);
  }
}

function knownMethod(method: number, flags: number, refuse: (fault: string) => Error): 0 | 8 {
  if ((flags & IS_ENCRYPTED) !== 0) throw refuse("it is encrypted");
  if ((flags & ~KNOWN_FLAGS) !== 0) throw refuse(`its flags 0x${flags.toString(16)} are not supported`);
  if (method !== 0 && method !== 8) throw refuse(`its compression method ${method} is neither stored nor deflate`);
  return method;
}

function readMode(mode: number, isFolder: boolean, refuse: (fault: string) => Error): number {
  const type = mode & 0o170000;
  if (type === 0o120000) throw refuse("it is a symbolic link");
  if (type !== 0 && type !== 0o100000 && type !== 0o040000) throw refuse("it is neither a file nor a folder");
  if (type === 0o040000 && !isFolder) throw refuse("it is a folder by its mode and a file by its name");
  return mode & 0o777;
}

/** Gives every entry its end, which is the next one's start, and refuses gaps, overlaps and leading bytes. */
function placeEntries(drafts: readonly Draft[], end: ZipEnd, archive: string): ZipEntry[] {
  const first = drafts[0]?.offset ?? end.directoryOffset;
  if (first !== 0) throw unsafeArchive(archive, "bytes precede its first member");
  return drafts.map((draft, i) => {
    const endOffset = drafts[i + 1]?.offset ?? end.directoryOffset;
    const least = LEAST_LOCAL_BYTES + draft.nameBytes.length + draft.packedBytes;
    const most = least + 0xffff + MOST_DESCRIPTOR_BYTES;
    const bytes = endOffset - draft.offset;
    if (bytes < least) throw unsafeArchive(archive, `${quoteName(draft.path)} overlaps what follows it`);
    if (bytes > most) throw unsafeArchive(archive, `unlisted bytes follow ${quoteName(draft.path)}`);
    return { ...draft, endOffset };
  });
}

function checkPaths(entries: readonly ZipEntry[], rules: ZipRules): void {
  const index = createPathIndex(rules.foldsCase ?? USUALLY_FOLDS_CASE);
  for (const entry of entries) {
    const fault = pathFault(entry.path) ?? index.add(entry.path, entry.isFolder);
    if (fault !== undefined) throw unsafeArchive(rules.archive, fault);
  }
}

function checkSizes(
  entries: readonly ZipEntry[],
  end: ZipEnd,
  { archive, limits }: { readonly archive: string; readonly limits: ArchiveLimits },
): void {
  let total = 0;
  for (const entry of entries) {
    const { path, sizeBytes, packedBytes } = entry;
    const isLie = entry.method === 0 ? sizeBytes !== packedBytes : sizeBytes > (packedBytes + 1) * DEFLATE_RATIO;
    if (isLie) throw unsafeArchive(archive, `${quoteName(path)}: its two sizes contradict each other`);
    // Two bytes: some writers deflate a folder's empty content.
    if (entry.isFolder && (sizeBytes > 0 || packedBytes > 2))
      throw unsafeArchive(archive, `${quoteName(path)} is a folder with content`);
    if (sizeBytes > limits.ratioFreeBytes && sizeBytes > packedBytes * limits.ratio) {
      throw oversizeArchive(archive, `${quoteName(path)} grows from ${packedBytes} to ${sizeBytes} bytes`);
    }
    total += sizeBytes;
  }
  if (total > limits.unpackedBytes) throw oversizeArchive(archive, `it unpacks to ${total} bytes`);
  if (total > limits.ratioFreeBytes && total > end.archiveBytes * limits.ratio) {
    throw oversizeArchive(archive, `it grows from ${end.archiveBytes} to ${total} bytes`);
  }
}
