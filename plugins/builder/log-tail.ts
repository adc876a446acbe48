import fs from "node:fs";

const LINES = 15;
/** Enough for the last lines of any log. */
const TAIL_BYTES = 64 * 1024;

/** A compiler's own command line: long, and never the cause. */
const COMMAND_LINE =
  /^\s*(?:\S*[/\\])?(?:[\w.+-]+-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|cl|ld|ar|rustc|nvcc|link)(?:-[\d.]+)?(?:\.exe)?["']?\s+[-/]/i;

/** Where Python points at a part of the line above. */
const POINTER = /^[\s~^]*$/;

/** The end of a log, cut at a line. */
export function readTail(log: string): string {
  const fd = fs.openSync(log, "r");
  try {
    const { size } = fs.fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const read = fs.readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString("utf8", 0, read);
    return size > TAIL_BYTES ? text.slice(text.indexOf("\n") + 1) : text;
  } finally {
    fs.closeSync(fd);
  }
}

/** The last lines that say something, without compilers' command lines. */
export const lastLines = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => !POINTER.test(line) && !COMMAND_LINE.test(line))
    .slice(-LINES);
