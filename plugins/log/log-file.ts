import fs from "node:fs";
import path from "node:path";

/** Files kept, the current one included, and the size at which a new one is begun (SPEC LOG-01). */
const FILES = 10;
const LARGEST_BYTES = 5 * 1024 * 1024;

/**
 * Appends lines to `<folder>/pybun.jsonl` by one write, so that lines of processes that write at once stay whole. Full
 * files move on to `pybun.1.jsonl` and so on. Throws system errors.
 */
export function appendToLog(folder: string, lines: string): void {
  const file = path.join(folder, "pybun.jsonl");
  const fd = open(file);
  try {
    const size = fs.fstatSync(fd).size;
    if (size > 0 && size + Buffer.byteLength(lines) > LARGEST_BYTES) {
      moveOn(folder);
      fs.writeFileSync(file, lines, { flag: "a", mode: 0o600 });
    } else fs.writeSync(fd, lines);
  } finally {
    fs.closeSync(fd);
  }
}

function open(file: string): number {
  try {
    return fs.openSync(file, "a", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    return fs.openSync(file, "a", 0o600);
  }
}

function moveOn(folder: string): void {
  const numbered = (number: number) => path.join(folder, number === 0 ? "pybun.jsonl" : `pybun.${number}.jsonl`);
  for (let number = FILES - 2; number >= 0; number--) {
    try {
      fs.renameSync(numbered(number), numbered(number + 1));
    } catch (error) {
      // A gap in the numbers, or another process that moves on at the same time.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}
