import fs from "node:fs";
import { writeAtomically } from "./atomic-file.ts";
import { writeAll } from "./write-all.ts";

/** Other names of what a process has open: whoever has them open would not see a new file. */
const OPEN = /^\/(?:dev|proc)\//;

/**
 * What a file of the user's holds, named for output, say; undefined where there is none, and for a device or a pipe, which is written
 * to whatever came before.
 */
export function contentOfUsersFile(file: string): Buffer | undefined {
  const there = fs.statSync(file, { throwIfNoEntry: false });
  return there && isFile(file, there) ? fs.readFileSync(file) : undefined;
}

/**
 * Writes a file (absolute) that is the user's, for good: as a whole, with the permissions it has, and what a link leads to in place
 * of the link, as people who keep their dotfiles elsewhere expect. A device, a pipe or a socket gets the bytes. Throws as
 * `writeAtomically` does.
 */
export function writeUsersFile(file: string, data: string | Uint8Array): void {
  const there = fs.statSync(file, { throwIfNoEntry: false });
  if (!isFile(file, there)) writeInto(file, typeof data === "string" ? Buffer.from(data) : data);
  else if (there === undefined) writeAtomically(file, data, { isDurable: true });
  else writeAtomically(fs.realpathSync(file), data, { mode: there.mode & 0o777, isDurable: true });
}

/** Or may become one; a folder is refused where it is written. */
const isFile = (file: string, there: fs.Stats | undefined): boolean =>
  !OPEN.test(file) && (there === undefined || there.isFile() || there.isDirectory());

function writeInto(file: string, bytes: Uint8Array): void {
  const fd = fs.openSync(file, "w");
  try {
    writeAll(fd, bytes, { file });
  } finally {
    fs.closeSync(fd);
  }
}
