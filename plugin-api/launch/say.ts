import type fs from "node:fs";

/** Writes a line to standard output, unless that is a terminal, which wants colours: false, and nothing is written. */
export function sayPlainly(line: string): boolean {
  const files: typeof fs = process.getBuiltinModule("node:fs");
  const status = files.fstatSync(1);
  if (status.isCharacterDevice() && status.rdev !== files.statSync("/dev/null").rdev) return false;
  const bytes = Buffer.from(`${line}\n`);
  for (let at = 0; at < bytes.length; )
    try {
      at += files.writeSync(1, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  return true;
}
