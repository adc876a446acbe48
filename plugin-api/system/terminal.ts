import fs from "node:fs";
import type tty from "node:tty";

/** The standard streams by descriptor. */
export type Descriptor = 0 | 1 | 2;

// Importing `node:tty` takes 2 ms of a start of 4, so it is loaded only for a stream that may be a terminal at all.
const loadTty = (): typeof tty => process.getBuiltinModule("node:tty");

/** Whether the stream is a terminal. Costs one `fstat` for pipes, files and the null device. */
export function isTerminal(fd: Descriptor): boolean {
  try {
    const status = fs.fstatSync(fd);
    if (!status.isCharacterDevice()) return false;
    if (process.platform !== "win32" && status.rdev === fs.statSync("/dev/null").rdev) return false;
  } catch {
    return false;
  }
  return loadTty().isatty(fd);
}

let window: tty.WriteStream | undefined;

/** Columns of the terminal behind standard error or output now; 80 when they are unknown or 0. */
export function terminalColumns(): number {
  try {
    window ??= new (loadTty().WriteStream)(isTerminal(2) ? 2 : 1);
    return window.getWindowSize()[0] || 80;
  } catch {
    return 80;
  }
}
