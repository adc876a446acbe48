import fs from "node:fs";

/**
 * Writes the whole text to a descriptor, looping on partial writes and waiting out `EAGAIN` of a full pipe that somebody
 * made non-blocking. A closed reader (`EPIPE`) is no error: nobody is left to read. `process.stdout` would cost 9 ms.
 */
export function writeOut(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += fs.writeSync(fd, bytes, at, bytes.length - at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
