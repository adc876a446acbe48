import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type ByteSource, bytesSource, fileSource } from "../../plugin-api/archive/byte-source.ts";
import { foldsCase } from "../../plugin-api/archive/case-folding.ts";
import { checkContent, openWheel, type Wheel } from "../../plugin-api/archive/wheel.ts";
import type { WheelFile } from "../../plugin-api/archive/wheel-files.ts";
import { blake3Hex, startBlake3 } from "../../plugin-api/blake3/blake3.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Blake3, Sha256 } from "../../plugin-api/model/digest.ts";
import { canonicalList, describe, isTelling, type StoredFile } from "./describe.ts";
import { LAST_USED, LAYOUT, placesIn, RECORD_ROWS, SUMS, sumsOf, TREE } from "./places.ts";
import { makeBytecodeFolders } from "./seal.ts";

/** A wheel to take in, in words that can be sent to a worker. */
export interface UnpackJob {
  readonly path: string;
  readonly filename: string;
  /** What the index or lock announced. */
  readonly sha256?: Sha256 | undefined;
  readonly dataDir: string;
  /** Folder to make and fill; it becomes the entry by a rename. */
  readonly staging: string;
}

/** An entry complete in its staging folder, not yet visible. */
export interface Unpacked {
  readonly id: Blake3;
  readonly wheelSha256: Sha256;
  /** The layout, as it is written. */
  readonly layout: string;
  /** Files written anew, which others may share from now on: path below the staging folder, key of the object. */
  readonly fresh: readonly (readonly [file: string, key: string])[];
  /** All folders of the tree, relative to it; `.` is the tree itself. */
  readonly folders: readonly string[];
}

/** Up to this size an archive is read at once, and up to this size a member is inflated at once. */
const WHOLE_ARCHIVE_BYTES = 64 * 1024 * 1024;
const WHOLE_MEMBER_BYTES = 16 * 1024 * 1024;

/**
 * Checks a wheel and writes it into its staging folder, all in one pass over its content: CRC, RECORD and BLAKE3 are taken
 * from the bytes that are written. Throws `E_HASH_MISMATCH`, `E_ARCHIVE_UNSAFE`, `E_LIMIT`, and system errors; the staging
 * folder is then left to the caller.
 */
export async function unpack(job: UnpackJob): Promise<Unpacked> {
  const fd = fs.openSync(job.path, "r");
  try {
    const before = fs.fstatSync(fd);
    const source = before.size <= WHOLE_ARCHIVE_BYTES ? bytesSource(fs.readFileSync(fd)) : fileSource(fd);
    const wheelSha256 = sha256Of(source);
    checkAnnounced(job, wheelSha256);
    fs.mkdirSync(job.staging, { mode: 0o755 });
    const wheel = openWheel(source, { filename: job.filename, foldsCase: foldsCase(job.staging) });
    const writer = { job, wheel, objects: placesIn(job.dataDir), made: new Set<string>(), fresh: [] };
    const files = await writeFiles(writer);
    const folders = [...writer.made, ...makeBytecodeFolders(path.join(job.staging, TREE), modulesIn(files))];
    const after = fs.fstatSync(fd);
    if (after.mtimeMs !== before.mtimeMs || after.size !== before.size) throw changed(job);
    const layout = writeDescription(job.staging, wheel, files);
    return {
      id: blake3Hex(canonicalList(files.map(({ file: { treePath }, key }) => ({ treePath, key })))) as Blake3,
      wheelSha256,
      layout,
      fresh: writer.fresh,
      folders,
    };
  } finally {
    fs.closeSync(fd);
  }
}

function sha256Of(source: ByteSource): Sha256 {
  const STEP = 4 * 1024 * 1024;
  const hash = crypto.createHash("sha256");
  for (let at = 0; at < source.sizeBytes; at += STEP) {
    hash.update(source.read(at, Math.min(STEP, source.sizeBytes - at)));
  }
  return hash.digest("hex") as Sha256;
}

function checkAnnounced({ filename, sha256 }: UnpackJob, found: Sha256): void {
  if (sha256 === undefined || sha256 === found) return;
  throw new PybunError("E_HASH_MISMATCH", `\`${filename}\` is not the file that was announced`, {
    evidence: [`expected  sha256:${sha256}`, `got       sha256:${found}`],
    context: { filename, expected: sha256, found },
  });
}

const changed = ({ filename, path }: UnpackJob): PybunError =>
  new PybunError("E_HASH_MISMATCH", `\`${filename}\` was changed while it was read`, { context: { path } });

interface Writer {
  readonly job: UnpackJob;
  readonly wheel: Wheel;
  readonly objects: { object(key: string): string };
  readonly made: Set<string>;
  readonly fresh: (readonly [file: string, key: string])[];
}

async function writeFiles(writer: Writer): Promise<readonly StoredFile[]> {
  const stored: StoredFile[] = [];
  for (const file of writer.wheel.files) {
    makeFolder(writer, path.posix.dirname(file.treePath));
    const isLarge = file.entry.sizeBytes > WHOLE_MEMBER_BYTES;
    stored.push(isLarge ? await writeInPieces(writer, file) : writeWhole(writer, file));
  }
  return stored;
}

const modulesIn = (files: readonly StoredFile[]): readonly string[] =>
  files.flatMap(({ file: { scheme, treePath } }) => (scheme === "site" && treePath.endsWith(".py") ? [treePath] : []));

function makeFolder({ made, job }: Writer, folder: string): void {
  if (made.has(folder)) return;
  fs.mkdirSync(path.join(job.staging, TREE, folder), { recursive: true });
  for (let at = folder; !made.has(at); at = path.posix.dirname(at)) made.add(at);
}

function writeWhole(writer: Writer, file: WheelFile): StoredFile {
  const { wheel, job, objects } = writer;
  const content = wheel.archive.read(file.entry);
  const check = checkContent(wheel, file);
  check.update(content);
  check.finish();
  const stored = storedFile(file, blake3Hex(content));
  const target = path.join(job.staging, TREE, file.treePath);
  if (content.length === 0 || !linkObject(objects.object(stored.key), target, content.length)) {
    const fd = createFile(target, stored.isExecutable);
    try {
      writeAll(fd, content);
    } finally {
      fs.closeSync(fd);
    }
    if (content.length > 0) writer.fresh.push([path.join(TREE, file.treePath), stored.key]);
  }
  return withText(stored, content);
}

async function writeInPieces(writer: Writer, file: WheelFile): Promise<StoredFile> {
  const { wheel, job } = writer;
  const check = checkContent(wheel, file);
  const hash = startBlake3();
  const target = path.join(job.staging, TREE, file.treePath);
  const fd = createFile(target, isExecutable(file));
  try {
    for await (const piece of wheel.archive.stream(file.entry)) {
      check.update(piece);
      hash.update(piece);
      writeAll(fd, piece);
    }
  } finally {
    fs.closeSync(fd);
  }
  check.finish();
  const stored = storedFile(file, Buffer.from(hash.digest()).toString("hex"));
  writer.fresh.push([path.join(TREE, file.treePath), stored.key]);
  return stored;
}

/** New and not through a link: nothing in the staging folder is written twice. */
function createFile(target: string, executable: boolean): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
  return fs.openSync(target, O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0), executable ? 0o555 : 0o444);
}

function writeAll(fd: number, content: Uint8Array): void {
  for (let at = 0; at < content.length; ) at += fs.writeSync(fd, content, at, content.length - at);
}

/** Shares a file that another wheel brought. False when there is none, or when it can't be linked to here or any more. */
function linkObject(object: string, target: string, sizeBytes: number): boolean {
  try {
    // Asking first is three times cheaper than an exception, and most files are new. One that root wrote to is not shared.
    if (fs.statSync(object, { throwIfNoEntry: false })?.size !== sizeBytes) return false;
    fs.linkSync(object, target);
    return true;
  } catch {
    return false;
  }
}

/** Any execute bit counts; setuid and the like were dropped by the reader, and write permission ends in the store. */
const isExecutable = (file: WheelFile): boolean => (file.entry.permissions & 0o111) !== 0;

function storedFile(file: WheelFile, blake3: string): StoredFile {
  const executable = isExecutable(file);
  return { file, blake3, key: executable ? `${blake3}-x` : blake3, isExecutable: executable };
}

const withText = (stored: StoredFile, content: Buffer): StoredFile =>
  isTelling(stored.file.treePath, content.length) ? { ...stored, text: content.toString("utf8") } : stored;

/** Returns the layout's text. */
function writeDescription(staging: string, wheel: Wheel, files: readonly StoredFile[]): string {
  const { layout, recordRows } = describe(wheel, files);
  const text = JSON.stringify(layout);
  fs.writeFileSync(path.join(staging, LAYOUT), text, { flag: "wx", mode: 0o444 });
  fs.writeFileSync(path.join(staging, RECORD_ROWS), recordRows, { flag: "wx", mode: 0o444 });
  fs.writeFileSync(path.join(staging, SUMS), sumsOf(text, recordRows), { flag: "wx", mode: 0o444 });
  fs.writeFileSync(path.join(staging, LAST_USED), "", { flag: "wx", mode: 0o644 });
  return text;
}
