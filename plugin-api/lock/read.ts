import fs from "node:fs";
import { ALWAYS_VERIFIED_BYTES } from "./layout.ts";
import { mapFile } from "./native.ts";
import { type LockOpening, type LockView, openLock } from "./open.ts";

/**
 * Opens a lock file; undefined where there is none. A large one is mapped, not read, so that opening and looking one package
 * up take as long as with a small one. Throws what `openLock` throws, and Node's system errors.
 */
export function readLock(path: string, about: Omit<LockOpening, "path"> = {}): LockView | undefined {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const isMapped = stat.size >= ALWAYS_VERIFIED_BYTES;
  return openLock(isMapped ? mapped(path) : fs.readFileSync(path), { ...about, path });
}

/** Some file systems, and Windows, can't map. */
function mapped(path: string): Uint8Array {
  try {
    return mapFile(path);
  } catch {
    return fs.readFileSync(path);
  }
}
