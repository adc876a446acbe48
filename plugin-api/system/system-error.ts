import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PybunError } from "../error.ts";
import { showPath } from "../text/show-path.ts";

const FULL = "E_DISK_FULL";
const REFUSED = "E_PERMISSION";
const BROKEN = "E_DISK_FAULT";
const SYSTEM: Readonly<Record<string, readonly [code: string, words: string]>> = {
  ENOSPC: [FULL, "no space left"],
  EDQUOT: [FULL, "the quota is used up"],
  EACCES: [REFUSED, "permission denied"],
  EPERM: [REFUSED, "not permitted"],
  EROFS: [REFUSED, "the file system is read-only"],
  EIO: [BROKEN, "the disk gave an error"],
};

/**
 * A full or broken disk or a refused access in words, as `E_DISK_FULL`, `E_DISK_FAULT` or `E_PERMISSION`; undefined for any other error. `dataDir` is
 * where PyBun keeps its own: when it is what can't be written, the hint says how to have it elsewhere.
 */
export function systemError(cause: Error, dataDir?: string): PybunError | undefined {
  const { code, path: from, dest, syscall } = cause as NodeJS.ErrnoException & { readonly dest?: string };
  // Bun 1.4 says EFAULT where a file can't be removed because of an error of the disk.
  const said = code === "EFAULT" && syscall === "rm" ? "EIO" : code;
  const [name, words] = (said === undefined ? undefined : SYSTEM[said]) ?? [];
  if (name === undefined || words === undefined) return undefined;
  const file = name === FULL ? (dest ?? from) : from;
  // A write into an open file names none, and there the disk alone can be at fault; a refusal without a file may be of anything.
  if (file === undefined && name === REFUSED && said !== "EROFS") return undefined;
  if (file === undefined)
    return new PybunError(name, name === FULL ? `${words} on ${fullDisk(dataDir)}` : words, { cause });
  const shown = shownHere(file);
  return new PybunError(name, `${words}: ${shown}`, {
    cause,
    evidence: name === REFUSED ? ownership(file) : [],
    hints: dataDir !== undefined && isAt(file, dataDir) ? [ELSEWHERE] : [],
    context: { path: file, syscall },
  });
}

const ELSEWHERE = "keep PyBun's data in another place: `export PYBUN_CACHE_DIR=/tmp/pybun`";

const shownHere = (file: string): string => showPath(file, { cwd: process.cwd(), home: os.homedir() });

const LITTLE_BYTES = 64 * 1024;

/** The disk of that folder in use here which is full now; what was written in vain may have been taken away already. */
function fullDisk(dataDir: string | undefined): string {
  const full = [process.cwd(), dataDir, os.tmpdir()].find((folder) => {
    if (folder === undefined || !fs.existsSync(folder)) return false;
    const { bavail, bsize, ffree, files } = fs.statfsSync(folder);
    return bavail * bsize < LITTLE_BYTES || (files > 0 && ffree === 0);
  });
  return full === undefined ? "the disk" : `the disk of ${full === process.cwd() ? full : shownHere(full)}`;
}

/** At the data directory, in it, or a folder that has to be made on the way to it. */
const isAt = (file: string, dataDir: string): boolean =>
  `${file}${path.sep}`.startsWith(`${dataDir}${path.sep}`) || dataDir.startsWith(`${file}${path.sep}`);

/** Whose the refused file is, or the nearest folder above it that is there. */
function ownership(file: string): readonly string[] {
  const uid = process.getuid?.();
  if (uid === undefined || uid === 0) return [];
  for (let at = path.resolve(file); ; at = path.dirname(at)) {
    try {
      const stat = fs.statSync(at);
      return [
        `${shownHere(at)} belongs to user ${stat.uid} (mode ${(stat.mode & 0o7777).toString(8)}), you are user ${uid}`,
      ];
    } catch {
      if (path.dirname(at) === at) return [];
    }
  }
}
