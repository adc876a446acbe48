import fs from "node:fs";
import path from "node:path";
import type { Change } from "./gather.ts";

/** Magic number, flags, time of the source, its size (PEP 552). */
const HEAD_BYTES = 16;

/**
 * Removes what Python keeps compiled of changed files where it would take it for the new ones: it looks at a file's size and the
 * second of its time only, and two saves of one second are usual where each is run at once.
 */
export function removeStaleBytecode(changes: readonly Change[]): void {
  for (const { path: file, kind } of changes) {
    if (kind === "removed" || !file.endsWith(".py")) continue;
    try {
      const source = fs.statSync(file);
      for (const compiled of compiledOf(file)) if (isTakenFor(compiled, source)) fs.rmSync(compiled);
    } catch {
      // Gone by now, or not ours to remove.
    }
  }
}

function compiledOf(file: string): readonly string[] {
  const folder = path.join(path.dirname(file), "__pycache__");
  if (!fs.existsSync(folder)) return [];
  const stem = `${path.basename(file, ".py")}.`;
  const names = fs.readdirSync(folder).filter((name) => name.startsWith(stem) && name.endsWith(".pyc"));
  return names.map((name) => path.join(folder, name));
}

/** Whether it says to be made of a file of this time and size. What goes by the source's hash is never mistaken. */
function isTakenFor(compiled: string, source: fs.Stats): boolean {
  const head = Buffer.alloc(HEAD_BYTES);
  const fd = fs.openSync(compiled, "r");
  try {
    if (fs.readSync(fd, head) < HEAD_BYTES) return false;
  } finally {
    fs.closeSync(fd);
  }
  const seconds = Math.floor(source.mtimeMs / 1000) >>> 0;
  return head.readUInt32LE(4) === 0 && head.readUInt32LE(8) === seconds && head.readUInt32LE(12) === source.size >>> 0;
}
