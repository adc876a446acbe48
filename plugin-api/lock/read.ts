import fs from "node:fs";
import { ALWAYS_VERIFIED_BYTES } from "./layout.ts";
import { mapFile } from "./native.ts";
import { type LockOpening, type LockView, openLock } from "./open.ts";

/**
 * Opens a lock file; undefined where there is none. A large one is mapped, not read, so that opening and looking one package
 * up take as long as with a small one. What it gives is shared with whoever asks later. Throws what `openLock` throws, and Node's system errors.
 */
export function readLock(path: string, about: Omit<LockOpening, "path"> = {}): LockView | undefined {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const opening = { ...about, path };
  return stat.size >= ALWAYS_VERIFIED_BYTES
    ? openLock(mapped(path), opening)
    : openOnce(fs.readFileSync(path), opening);
}

/** A lock that was opened, with all that decides what it says. */
interface Opened {
  readonly bytes: Buffer;
  readonly place: string;
  readonly view: LockView;
}

const MOST_OPENED = 4;
/** The last one first. A command asks for its lock several times, and so do the commands that one process runs after each other. */
const opened: Opened[] = [];

/** Decodes what has the same bytes but once. */
function openOnce(bytes: Buffer, about: LockOpening): LockView {
  const place = JSON.stringify([about.path, about.indexes]);
  const at = opened.findIndex((each) => each.place === place && each.bytes.equals(bytes));
  const [found = { bytes, place, view: openLock(bytes, about) }] = at < 0 ? [] : opened.splice(at, 1);
  opened.unshift(found);
  opened.length = Math.min(opened.length, MOST_OPENED);
  return found.view;
}

/** Some file systems, and Windows, can't map. */
function mapped(path: string): Uint8Array {
  try {
    return mapFile(path);
  } catch {
    return fs.readFileSync(path);
  }
}
