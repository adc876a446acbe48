import fs from "node:fs";
import { type AtomicWrite, writeAtomically } from "./atomic-file.ts";
import { writeAll } from "./write-all.ts";

/** Other names of what a process has open: whoever has them open would not see a new file. */
const OPEN = /^\/(?:dev|proc)\//;

/**
 * What the file holds that somebody named for output; undefined where there is none, and for a device or a pipe, which is written to
 * whatever came before.
 */
export function contentOfOutput(file: string): Buffer | undefined {
  return isOrdinary(file) && fs.existsSync(file) ? fs.readFileSync(file) : undefined;
}

/**
 * Writes the file (absolute) that somebody named for output: as a whole, with the permissions it has, and what a link leads to in
 * place of the link. A device, a pipe or a socket gets the bytes. Throws as `writeAtomically` does.
 */
export function writeOutput(file: string, data: string | Uint8Array, { isDurable = true }: AtomicWrite = {}): void {
  if (!isOrdinary(file)) return writeThrough(file, typeof data === "string" ? Buffer.from(data) : data);
  const there = fs.statSync(file, { throwIfNoEntry: false });
  const mode = there && { mode: there.mode & 0o777 };
  writeAtomically(there ? fs.realpathSync(file) : file, data, { ...mode, isDurable });
}

function isOrdinary(file: string): boolean {
  const there = fs.statSync(file, { throwIfNoEntry: false });
  return !OPEN.test(file) && (there === undefined || there.isFile() || there.isDirectory());
}

function writeThrough(file: string, bytes: Uint8Array): void {
  const fd = fs.openSync(file, "w");
  try {
    writeAll(fd, bytes, { file });
  } finally {
    fs.closeSync(fd);
  }
}
