import crypto from "node:crypto";
import { InvalidSyntax, PybunError } from "../error.ts";
import type { PackageName } from "../model/requirement.ts";
import { readHeaders } from "../python/headers.ts";
import { normalizeName } from "../python/package-name.ts";
import { versionKey } from "../python/version-key.ts";
import { parseWheelFilename } from "../python/wheel-filename.ts";
import type { ByteSource } from "./byte-source.ts";
import { oversizeArchive, quoteName, unsafeArchive } from "./fault.ts";
import { type ArchiveLimits, DEFAULT_LIMITS } from "./limits.ts";
import { findWheelFolders, placeWheelFiles, type WheelFile, type WheelFolders } from "./wheel-files.ts";
import { type RecordedFile, readWheelRecord } from "./wheel-record.ts";
import { readWheelScripts, type WheelScripts } from "./wheel-scripts.ts";
import { openZip, type ZipArchive } from "./zip.ts";
import { USUALLY_FOLDS_CASE } from "./zip-directory.ts";

/** A wheel whose structure holds: archive, names, RECORD, schemes and scripts. Only file contents are still unread. */
export interface Wheel {
  readonly filename: string;
  readonly archive: ZipArchive;
  readonly name: PackageName;
  /** As METADATA states it. */
  readonly version: string;
  readonly folders: WheelFolders;
  /** Everything but folders, in the order of the archive's data. */
  readonly files: readonly WheelFile[];
  /** By the path in the archive. */
  readonly record: ReadonlyMap<string, RecordedFile>;
  readonly isPurelib: boolean;
  readonly scripts: WheelScripts;
}

/** How `openWheel` judges. */
export interface WheelRules {
  readonly filename: string;
  readonly limits?: ArchiveLimits;
  /** Whether the file system that will hold the files folds case. Default: on macOS and Windows. */
  readonly foldsCase?: boolean;
}

/** RECORD lists itself without a hash; its signatures it need not list (PEP 427). */
const UNRECORDED = ["RECORD", "RECORD.jws", "RECORD.p7s"];
/** RECORD takes about 120 bytes a file, WHEEL and entry points far less. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;
/** The longest first line that Linux reads (BINPRM_BUF_SIZE); what is longer can't be what its author meant. */
const MAX_SHEBANG_BYTES = 255;

/**
 * Opens a wheel and checks all that can be known without unpacking it (PEP 427): the strict zip rules, one `.dist-info`
 * folder, file name, folder and METADATA agreeing on name and version, format version 1, a RECORD complete in both
 * directions, known schemes, scripts that stay in their folder. Contents are checked by `checkContent` as they are read.
 * Throws `E_ARCHIVE_UNSAFE` and `E_LIMIT`.
 */
export function openWheel(source: ByteSource, rules: WheelRules): Wheel {
  const { filename } = rules;
  const limits = rules.limits ?? DEFAULT_LIMITS;
  const foldsCase = rules.foldsCase ?? USUALLY_FOLDS_CASE;
  const archive = openZip(source, { archive: filename, limits, foldsCase });
  const folders = findWheelFolders(archive.entries, filename);
  const readInfo = infoReader({ archive, folders, filename });
  const wheelText = readInfo("WHEEL", limits.metadataBytes);
  const metadata = readInfo("METADATA", limits.metadataBytes);
  const recordText = readInfo("RECORD", MAX_RECORD_BYTES);
  const files = placeWheelFiles(archive.entries, folders, { archive: filename, foldsCase });
  const record = readWheelRecord(recordText, filename);
  checkRecord(files, record, { filename, info: folders.info });
  const isPurelib = readWheelFile(wheelText, filename);
  const identity = checkIdentity(metadata, folders, filename);
  const hasScripts = archive.find(`${folders.info}/entry_points.txt`) !== undefined;
  const scripts = readWheelScripts(hasScripts ? readInfo("entry_points.txt", limits.metadataBytes) : "", filename);
  return { filename, archive, ...identity, folders, files, record, isPurelib, scripts };
}

/** Says whether a file's whole content is what RECORD promises. */
export interface ContentCheck {
  update(piece: Uint8Array): void;
  /** Throws `E_HASH_MISMATCH` for another content, `E_LIMIT` for a script whose first line is too long. */
  finish(): void;
}

/** Checks one file's content against RECORD, whole (one `update`) or in pieces. */
export function checkContent(wheel: Wheel, file: WheelFile): ContentCheck {
  const recorded = wheel.record.get(file.entry.path);
  const hash = recorded?.hash && crypto.createHash(recorded.hash.algorithm);
  let sizeBytes = 0;
  return {
    update(piece) {
      if (sizeBytes === 0 && file.scheme === "scripts") checkShebang(piece, file, wheel.filename);
      sizeBytes += piece.length;
      hash?.update(piece);
    },
    finish() {
      const isSize = recorded?.sizeBytes === undefined || recorded.sizeBytes === sizeBytes;
      if (isSize && hash?.digest("hex") === recorded?.hash?.hex) return;
      const path = quoteName(file.entry.path);
      throw new PybunError("E_HASH_MISMATCH", `${path} in \`${wheel.filename}\` is not the file its RECORD lists`, {
        context: { archive: wheel.filename, path: file.entry.path },
      });
    },
  };
}

function checkShebang(start: Uint8Array, file: WheelFile, filename: string): void {
  const hasShebang = start[0] === 0x23 && start[1] === 0x21;
  if (!hasShebang || start.length <= MAX_SHEBANG_BYTES) return;
  const end = start.subarray(0, MAX_SHEBANG_BYTES + 1).indexOf(0x0a);
  if (end < 0) throw oversizeArchive(filename, `the first line of ${quoteName(file.entry.path)}`);
}

interface Opened {
  readonly archive: ZipArchive;
  readonly folders: WheelFolders;
  readonly filename: string;
}

function infoReader({ archive, folders, filename }: Opened) {
  return (file: string, maxBytes: number): string => {
    const entry = archive.find(`${folders.info}/${file}`);
    if (entry === undefined || entry.isFolder) throw unsafeArchive(filename, `it has no \`${folders.info}/${file}\``);
    if (entry.sizeBytes > maxBytes)
      throw oversizeArchive(filename, `${quoteName(entry.path)}: ${entry.sizeBytes} bytes`);
    return archive.glance(entry).toString("utf8");
  };
}

function checkRecord(
  files: readonly WheelFile[],
  record: ReadonlyMap<string, RecordedFile>,
  { filename, info }: { readonly filename: string; readonly info: string },
): void {
  const exempt = new Set(UNRECORDED.map((name) => `${info}/${name}`));
  let found = 0;
  for (const { entry } of files) {
    const recorded = record.get(entry.path);
    if (recorded !== undefined) found++;
    if (exempt.has(entry.path)) continue;
    if (recorded === undefined) throw unsafeArchive(filename, `its RECORD does not list ${quoteName(entry.path)}`);
    if (recorded.hash === undefined)
      throw unsafeArchive(filename, `its RECORD has no hash of ${quoteName(entry.path)}`);
  }
  if (found === record.size) return;
  const paths = new Set(files.map(({ entry }) => entry.path));
  const ghost = [...record.keys()].find((path) => !paths.has(path));
  throw unsafeArchive(filename, `its RECORD lists ${quoteName(ghost ?? "")}, which is not in the archive`);
}

/** Reads WHEEL; gives `Root-Is-Purelib`. */
function readWheelFile(text: string, filename: string): boolean {
  const version = headerField(text, "Wheel-Version", filename);
  if (!/^\d+(?:\.\d+)*$/.test(version) || Number.parseInt(version, 10) > 1) {
    throw unsafeArchive(filename, `it is of wheel format ${quoteName(version)}, and only those up to 1 are known`);
  }
  return headerField(text, "Root-Is-Purelib", filename).toLowerCase() === "true";
}

/** File name, `.dist-info`, `.data` and METADATA must speak of one distribution in one version. */
function checkIdentity(
  metadata: string,
  folders: WheelFolders,
  filename: string,
): { readonly name: PackageName; readonly version: string } {
  const named = readFilename(filename);
  const name = headerField(metadata, "Name", filename);
  const version = headerField(metadata, "Version", filename);
  const isIt = (otherName: string, otherVersion: string): boolean =>
    normalizeName(otherName) === named.name && sameVersion(otherVersion, named.version);
  if (!isIt(name, version)) {
    throw unsafeArchive(filename, `its METADATA is that of ${quoteName(`${name} ${version}`)}`);
  }
  for (const folder of [folders.info, folders.data]) {
    const stem = folder?.replace(/\.[^.]*$/, "");
    const dash = stem?.lastIndexOf("-") ?? -1;
    const fits = stem === undefined || (dash > 0 && isIt(stem.slice(0, dash), stem.slice(dash + 1)));
    if (!fits) throw unsafeArchive(filename, `its folder ${quoteName(folder!)} is that of another distribution`);
  }
  return { name: named.name, version };
}

function readFilename(filename: string) {
  try {
    return parseWheelFilename(filename);
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw unsafeArchive(filename, "its name is not that of a wheel");
  }
}

/** Folder names may spell a version with `_` where METADATA has `-` or `+` (escaping rules before PEP 625). */
function sameVersion(a: string, b: string): boolean {
  const keyA = versionKey(a) ?? versionKey(a.replaceAll("_", "+"));
  const keyB = versionKey(b) ?? versionKey(b.replaceAll("_", "+"));
  return keyA === undefined || keyB === undefined ? a === b : keyA === keyB;
}

/** The one value of a header field; two that differ are as bad as none, for readers would choose differently. */
function headerField(text: string, field: string, filename: string): string {
  const values = new Set((readHeaders(text).get(field.toLowerCase()) ?? []).map((value) => value.trim()));
  const [value = ""] = values;
  if (values.size === 1 && value !== "") return value;
  throw unsafeArchive(filename, `it has ${values.size > 1 ? "several" : "no"} \`${field}\` fields`);
}
