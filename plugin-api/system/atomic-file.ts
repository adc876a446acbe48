import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

/** How `writeAtomically` treats the new file. */
export interface AtomicWrite {
  /** Permission bits of the new file; default 0o644. */
  readonly mode?: number;
  /** Survive power loss: fsync the file and its folder. Leave out for caches. */
  readonly isDurable?: boolean;
}

/**
 * Replaces `file` as a whole: at every instant, for every reader, it is the old or the new content. The temporary file
 * is a sibling, made exclusively, and removed when writing fails. Throws Node's system errors (`ENOSPC`, `EACCES`).
 */
export function writeAtomically(file: string, data: string | Uint8Array, options: AtomicWrite = {}): void {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString("hex")}.tmp`);
  const fd = fs.openSync(temporary, "wx", options.mode ?? 0o644);
  try {
    try {
      writeWhole(fd, typeof data === "string" ? Buffer.from(data) : data);
      if (options.isDurable) fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  if (options.isDurable) syncFolder(path.dirname(file));
}

/** Makes the entries of a folder durable; does nothing where a folder can't be opened (Windows). */
export function syncFolder(folder: string): void {
  let fd: number;
  try {
    fd = fs.openSync(folder, "r");
  } catch {
    return;
  }
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function writeWhole(fd: number, data: Uint8Array): void {
  let at = 0;
  while (at < data.length) at += fs.writeSync(fd, data, at, data.length - at);
}
