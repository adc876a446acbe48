import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type ByteSource, bytesSource, fileSource } from "../../plugin-api/archive/byte-source.ts";
import { foldsCase } from "../../plugin-api/archive/case-folding.ts";
import { checkContent, openWheel, type Wheel } from "../../plugin-api/archive/wheel.ts";
import type { WheelFile } from "../../plugin-api/archive/wheel-files.ts";
import { blake3, blake3Hex, startBlake3 } from "../../plugin-api/blake3/blake3.ts";
import { collectParts, type KeptContent, type PartsCollector } from "../../plugin-api/dpp/collect.ts";
import { detachedParts, encodeDpp } from "../../plugin-api/dpp/encode.ts";
import type { DppParts } from "../../plugin-api/dpp/parts.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Blake3, Sha256 } from "../../plugin-api/model/digest.ts";
import { letGo } from "../../plugin-api/system/let-go.ts";
import { writeAll } from "../../plugin-api/system/write-all.ts";
import { writtenRows } from "./cut-record.ts";
import { describe, isTelling } from "./describe.ts";
import { LAST_USED, placesIn, RECORD, ROWS, TREE } from "./places.ts";
import { makeBytecodeFolders } from "./seal.ts";
import { isExecutable, objectKey } from "./tree-files.ts";

/** A wheel to take in, in words that can be sent to a worker. */
export interface UnpackJob {
  readonly path: string;
  readonly filename: string;
  /** What the index or lock announced. */
  readonly sha256?: Sha256 | undefined;
  /** It was seen to be that while it was written, to where nobody else writes. */
  readonly isHashed?: boolean | undefined;
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
  /**
   * Files written anew, which others may share from now on: key of the object, path in the tree, by turns. A line each, as
   * lists of thousands take a thread longer to receive than to make.
   */
  readonly fresh: string;
  /** All folders of the tree, relative to it, a line each; `.` is the tree itself. */
  readonly folders: string;
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
  let whole: Buffer | undefined;
  try {
    const before = fs.fstatSync(fd);
    if (before.size <= WHOLE_ARCHIVE_BYTES) whole = fs.readFileSync(fd);
    const source = whole ? bytesSource(whole) : fileSource(fd);
    const wheelSha256 = job.isHashed && job.sha256 !== undefined ? job.sha256 : sha256Of(source);
    checkAnnounced(job, wheelSha256);
    fs.mkdirSync(job.staging, { mode: 0o755 });
    const wheel = openWheel(source, { filename: job.filename, foldsCase: foldsCase(job.staging) });
    const writer = startWriter(job, wheel);
    await writeFiles(writer);
    const folders = [...writer.made, ...makeBytecodeFolders(path.join(job.staging, TREE), modulesIn(wheel.files))];
    const after = fs.fstatSync(fd);
    if (after.mtimeMs !== before.mtimeMs || after.size !== before.size) throw changed(job);
    const parts = writer.collector.finish({ sizeBytes: before.size, sha256: Buffer.from(wheelSha256, "hex") });
    const layout = describe(parts, (treePath) => writer.texts.get(treePath) ?? "");
    const rows = layout.recordCuts === undefined ? writtenRows(parts) : undefined;
    const id = writeRecord(job.staging, parts, rows);
    return {
      id,
      wheelSha256,
      layout: JSON.stringify(layout),
      fresh: writer.fresh.join("\n"),
      folders: folders.join("\n"),
    };
  } finally {
    fs.closeSync(fd);
    if (whole) letGo(whole);
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
  readonly collector: PartsCollector;
  readonly made: Set<string>;
  readonly fresh: string[];
  /** Of telling files, by their paths in the tree. */
  readonly texts: Map<string, string>;
}

const startWriter = (job: UnpackJob, wheel: Wheel): Writer => ({
  job,
  wheel,
  objects: placesIn(job.dataDir),
  collector: collectParts(wheel),
  made: new Set(),
  fresh: [],
  texts: new Map(),
});

async function writeFiles(writer: Writer): Promise<void> {
  for (const file of writer.wheel.files) {
    makeFolder(writer, path.posix.dirname(file.treePath));
    if (file.entry.sizeBytes > WHOLE_MEMBER_BYTES) await writeInPieces(writer, file);
    else writeWhole(writer, file);
  }
}

const modulesIn = (files: readonly WheelFile[]): readonly string[] =>
  files.flatMap(({ scheme, treePath }) => (scheme === "site" && treePath.endsWith(".py") ? [treePath] : []));

function makeFolder({ made, job }: Writer, folder: string): void {
  if (made.has(folder)) return;
  fs.mkdirSync(path.join(job.staging, TREE, folder), { recursive: true });
  for (let at = folder; !made.has(at); at = path.posix.dirname(at)) made.add(at);
}

function writeWhole(writer: Writer, file: WheelFile): void {
  const { wheel, job, objects, texts } = writer;
  const content = wheel.archive.glance(file.entry);
  const check = checkContent(wheel, file);
  check.update(content);
  check.finish();
  const hash = blake3(content);
  const key = keyOf(file, hash);
  const target = `${job.staging}/${TREE}/${file.treePath}`;
  if (content.length === 0 || !linkObject(objects.object(key), target, content.length)) {
    const fd = createFile(target, file);
    try {
      writeAll(fd, content, { file: target });
    } finally {
      fs.closeSync(fd);
    }
    if (content.length > 0) writer.fresh.push(key, file.treePath);
  }
  if (isTelling(file.treePath, content.length)) texts.set(file.treePath, content.toString("utf8"));
  writer.collector.add(file, kept(content.length, hash), () => bytesSource(content));
}

async function writeInPieces(writer: Writer, file: WheelFile): Promise<void> {
  const { wheel, job } = writer;
  const check = checkContent(wheel, file);
  const hash = startBlake3();
  const target = path.join(job.staging, TREE, file.treePath);
  const fd = createFile(target, file);
  try {
    for await (const piece of wheel.archive.stream(file.entry)) {
      check.update(piece);
      hash.update(piece);
      writeAll(fd, piece, { file: target });
    }
  } finally {
    fs.closeSync(fd);
  }
  check.finish();
  const digest = hash.digest();
  writer.fresh.push(keyOf(file, digest), file.treePath);
  const written = fs.openSync(target, "r");
  try {
    writer.collector.add(file, kept(file.entry.sizeBytes, digest), () => fileSource(written));
  } finally {
    fs.closeSync(written);
  }
}

const keyOf = ({ entry }: WheelFile, hash: Uint8Array): string =>
  objectKey(Buffer.from(hash).toString("hex"), isExecutable(entry.permissions));

/** A file whose data lie beside the record. */
const kept = (sizeBytes: number, hash: Uint8Array): KeptContent => ({
  codec: "stored",
  sizeBytes,
  blake3: hash,
  stored: NOTHING,
});
const NOTHING = new Uint8Array(0);

/** New and not through a link: nothing in the staging folder is written twice. */
function createFile(target: string, { entry }: WheelFile): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
  return fs.openSync(
    target,
    O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0),
    isExecutable(entry.permissions) ? 0o555 : 0o444,
  );
}

/** Shares a file that another wheel brought. False when there is none, or when it can't be linked to here or any more. */
function linkObject(object: string, target: string, sizeBytes: number): boolean {
  try {
    // Asking first is cheaper than an exception, and most files are new. One that root wrote to is not shared.
    if (!fs.existsSync(object) || fs.statSync(object).size !== sizeBytes) return false;
    fs.linkSync(object, target);
    return true;
  } catch {
    return false;
  }
}

/** Gives the entry's id. */
function writeRecord(staging: string, parts: DppParts, rows: string | undefined): Blake3 {
  const record = encodeDpp(detachedParts(parts));
  fs.writeFileSync(path.join(staging, RECORD), record, { flag: "wx", mode: 0o444 });
  if (rows !== undefined) fs.writeFileSync(path.join(staging, ROWS), rows, { flag: "wx", mode: 0o444 });
  fs.writeFileSync(path.join(staging, LAST_USED), "", { flag: "wx", mode: 0o644 });
  return blake3Hex(record) as Blake3;
}
