import { oversizeArchive, quoteName, unsafeArchive } from "./fault.ts";
import { type ArchiveLimits, DEFAULT_LIMITS } from "./limits.ts";
import { createPathIndex, pathFault } from "./member-path.ts";
import { createPieceReader, type PieceReader } from "./piece-reader.ts";
import { type Extended, readGnuName, readPax } from "./tar-extended.ts";
import { BLOCK_BYTES, readTarHeader, type TarHeader } from "./tar-header.ts";
import { checkLinks } from "./tar-links.ts";
import { USUALLY_FOLDS_CASE } from "./zip-directory.ts";

/** One member of a tar archive, judged. */
export interface TarMember {
  /** Canonical relative path with `/`. */
  readonly path: string;
  readonly kind: "file" | "folder" | "symlink" | "hardlink";
  readonly sizeBytes: number;
  readonly permissions: number;
  /** Of a symlink: relative text as stored, which stays inside. Of a hardlink: the path of a file before it. */
  readonly target: string;
  /** Where its content begins in the unpacked tar stream. */
  readonly offset: number;
}

/** How `indexTar` judges an archive. */
export interface TarRules {
  /** The archive's name for messages. */
  readonly archive: string;
  /** Size of the packed archive, for the ratio a bomb has. */
  readonly packedBytes: number;
  readonly limits?: ArchiveLimits;
  readonly foldsCase?: boolean;
}

const KINDS: Readonly<Record<string, TarMember["kind"]>> = {
  "0": "file",
  "\0": "file",
  "5": "folder",
  "2": "symlink",
  "1": "hardlink",
};
/** An extended header holds a path and some times; more is an attempt at our memory. */
const MAX_EXTENDED_BYTES = 1024 * 1024;
/** The most that the octal size field can say; only above it may an extended header differ from it. */
const MAX_OCTAL_BYTES = 8 ** 11 - 1;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads an unpacked tar stream to its end and judges it, writing nothing: the first of the two passes of an extraction (SPEC
 * ARC-02). Refuses what two readers could see differently (sizes and names said twice, data where none belongs, bytes
 * after the end), what leaves the tree or passes through a link, and all but files, folders and links that stay inside.
 * Throws `E_ARCHIVE_UNSAFE` and `E_LIMIT`.
 */
export async function indexTar(pieces: AsyncIterable<Buffer>, rules: TarRules): Promise<readonly TarMember[]> {
  const limits = rules.limits ?? DEFAULT_LIMITS;
  const reader = createPieceReader(limitPieces(pieces, { ...rules, limits }));
  try {
    const members = await readMembers(reader, { ...rules, limits });
    await checkEnd(reader, rules.archive);
    checkLinks(members, rules.archive);
    return members;
  } finally {
    await reader.end();
  }
}

async function readMembers(
  reader: PieceReader,
  { archive, foldsCase, limits }: TarRules & { readonly limits: ArchiveLimits },
): Promise<readonly TarMember[]> {
  const index = createPathIndex(foldsCase ?? USUALLY_FOLDS_CASE);
  const members: TarMember[] = [];
  for (;;) {
    const member = await readMember(reader, archive);
    if (member === undefined) return members;
    const fault = index.add(member.path, member.kind === "folder");
    if (fault !== undefined) throw unsafeArchive(archive, fault);
    members.push(member);
    if (members.length > limits.members) throw oversizeArchive(archive, `more than ${limits.members} members`);
    await reader.skip(paddedBytes(member.sizeBytes));
  }
}

const paddedBytes = (sizeBytes: number): number => Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;

async function* limitPieces(
  pieces: AsyncIterable<Buffer>,
  { archive, packedBytes, limits }: TarRules & { readonly limits: ArchiveLimits },
): AsyncGenerator<Buffer> {
  const most = Math.min(limits.unpackedBytes, Math.max(limits.ratioFreeBytes, packedBytes * limits.ratio));
  let sizeBytes = 0;
  for await (const piece of pieces) {
    sizeBytes += piece.length;
    if (sizeBytes > most) throw oversizeArchive(archive, `it grows from ${packedBytes} to more than ${most} bytes`);
    yield piece;
  }
}

/** The next member with its extended headers; undefined at the end of the archive. */
async function readMember(reader: PieceReader, archive: string): Promise<TarMember | undefined> {
  const refuse = (fault: string) => unsafeArchive(archive, fault);
  let extended: Extended = {};
  for (;;) {
    const block = await reader.take(BLOCK_BYTES);
    if (block === undefined) throw refuse("it ends early");
    if (block.every((byte) => byte === 0)) {
      if (Object.keys(extended).length > 0) throw refuse("an extended header has no member");
      return undefined;
    }
    const header = readTarHeader(block);
    if (typeof header === "string") throw refuse(header);
    if (!"xgLK".includes(header.type)) return judgeMember(header, { extended, offset: reader.offset, refuse });
    extended = merge(extended, await readExtended(reader, header, refuse), refuse);
  }
}

type Refuse = (fault: string) => Error;

async function readExtended(reader: PieceReader, header: TarHeader, refuse: Refuse): Promise<Extended> {
  if (header.sizeBytes > MAX_EXTENDED_BYTES) throw refuse("an extended header is too large");
  const padded = await reader.take(paddedBytes(header.sizeBytes));
  if (padded === undefined) throw refuse("it ends early");
  const bytes = padded.subarray(0, header.sizeBytes);
  if (header.type === "x" || header.type === "g") {
    const pax = readPax(bytes, header.type === "g");
    if (typeof pax === "string") throw refuse(pax);
    return pax;
  }
  const name = readGnuName(bytes);
  if (typeof name === "string") throw refuse(name);
  return header.type === "L" ? { path: name } : { linkpath: name };
}

/** A long name and a long link may stand together; whatever is said twice is refused. */
function merge(before: Extended, more: Extended, refuse: Refuse): Extended {
  const twice = Object.keys(more).find((key) => key in before);
  if (twice !== undefined) throw refuse(`extended headers change \`${twice}\` twice`);
  return { ...before, ...more };
}

interface Around {
  readonly extended: Extended;
  readonly offset: number;
  readonly refuse: Refuse;
}

function judgeMember(header: TarHeader, { extended, offset, refuse }: Around): TarMember {
  const name = decode(extended.path ?? header.name, refuse);
  const kind = KINDS[header.type];
  if (kind === undefined) throw refuse(`${quoteName(name)} is neither a file, a folder nor a link`);
  // Before there was a type for folders, they were files whose names end in a slash.
  const isFolder = kind === "folder" || (kind === "file" && name.endsWith("/"));
  const path = isFolder && name.endsWith("/") ? name.slice(0, -1) : name;
  const fault = pathFault(path);
  if (fault !== undefined) throw refuse(fault);
  const sizeBytes = sizeOf(header, extended, () => refuse(`${quoteName(name)}: its headers give it different sizes`));
  if (sizeBytes > 0 && (isFolder || kind !== "file")) throw refuse(`${quoteName(name)} has content and is no file`);
  const isLink = kind === "symlink" || kind === "hardlink";
  const target = decode(extended.linkpath ?? header.link, refuse);
  if (!isLink && target !== "") throw refuse(`${quoteName(name)} has a target and is no link`);
  return { path, kind: isFolder ? "folder" : kind, sizeBytes, permissions: header.permissions, target, offset };
}

function sizeOf(header: TarHeader, { size }: Extended, differ: () => Error): number {
  if (size === undefined) return header.sizeBytes;
  const text = size.toString("latin1");
  const sizeBytes = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  const isBeyondOctal = header.sizeBytes === 0 && sizeBytes > MAX_OCTAL_BYTES;
  if (sizeBytes !== header.sizeBytes && !isBeyondOctal) throw differ();
  return sizeBytes;
}

function decode(text: Buffer, refuse: Refuse): string {
  try {
    return strictUtf8.decode(text);
  } catch {
    throw refuse(`the name ${quoteName(text.toString("utf8"))} is not UTF-8`);
  }
}

/** After the first block of zeros: at least another one, and nothing but zeros up to the end of the file. */
async function checkEnd(reader: PieceReader, archive: string): Promise<void> {
  const second = await reader.take(BLOCK_BYTES);
  if (second === undefined) throw unsafeArchive(archive, "it ends early");
  for (let rest: Buffer | undefined = second; rest !== undefined; rest = await reader.any()) {
    if (rest.some((byte) => byte !== 0)) throw unsafeArchive(archive, "bytes follow its end");
  }
}
