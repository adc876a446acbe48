import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../error.ts";
import { randomName, sha256Of } from "../hash/native.ts";
import { answersSignals, ownIdentity } from "./process-identity.ts";
import { naming, writeAll } from "./write-all.ts";

/** How `writeAtomically` treats the new file. */
export interface AtomicWrite {
  /** Permission bits of the new file; default 0o644. */
  readonly mode?: number;
  /** Survive power loss: fsync the file and its folder. Leave out for caches. */
  readonly isDurable?: boolean;
}

/**
 * Replaces `file` as a whole: at every instant, for every reader, it is the old or the new content. The temporary file
 * is a sibling, made exclusively, and removed when writing fails; one that a killed writer of the same file left goes with
 * the next write. Throws `E_FOLDER_MISSING`, and Node's system errors (`ENOSPC`, `EACCES`).
 */
export function writeAtomically(
  file: string,
  data: string | Uint8Array | readonly Uint8Array[],
  options: AtomicWrite = {},
): void {
  const [folder, name] = [path.dirname(file), path.basename(file)];
  const temporary = path.join(folder, `.${name}.${writerName()}-${randomName(6)}.tmp`);
  const fd = naming(file, () => openNew(temporary, options.mode ?? 0o644));
  try {
    naming(file, () => {
      try {
        for (const bytes of piecesOf(data)) writeAll(fd, bytes, { file });
        if (options.isDurable) fs.fsyncSync(fd);
      } finally {
        fs.closeSync(fd);
      }
      fs.renameSync(temporary, file);
    });
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  if (options.isDurable) syncFolder(folder);
  clearAbandoned(folder, name);
}

function piecesOf(data: string | Uint8Array | readonly Uint8Array[]): readonly Uint8Array[] {
  if (typeof data === "string") return [Buffer.from(data)];
  return data instanceof Uint8Array ? [data] : data;
}

function openNew(file: string, mode: number): number {
  try {
    return fs.openSync(file, "wx", mode);
  } catch (cause) {
    const folder = path.dirname(file);
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT" || fs.existsSync(folder)) throw cause;
    throw new PybunError("E_FOLDER_MISSING", `there is no folder ${folder}`, {
      cause,
      hints: ["make it first, or write elsewhere"],
      context: { path: folder },
    });
  }
}

/** This process in a file's name: where its number counts, and the number. */
function writerName(): string {
  const { host, pidSpace = "" } = ownIdentity();
  const place = sha256Of(`${host} ${pidSpace}`).slice(0, 8);
  return `${place}-${process.pid}`;
}

/** Removes temporary siblings whose writers have ended. Those of another machine or container are not ours to judge. */
function clearAbandoned(folder: string, name: string): void {
  const [place = ""] = writerName().split("-", 1);
  for (const entry of fs.readdirSync(folder)) {
    if (!entry.startsWith(`.${name}.${place}-`) || !entry.endsWith(".tmp")) continue;
    const pid = Number(entry.slice(`.${name}.${place}-`.length).split("-", 1)[0]);
    if (!answersSignals(pid)) fs.rmSync(path.join(folder, entry), { force: true });
  }
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
  } catch (error) {
    throw Object.assign(error as Error, { path: folder });
  } finally {
    fs.closeSync(fd);
  }
}
