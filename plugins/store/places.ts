import path from "node:path";
import type { Blake3, Sha256 } from "../../plugin-api/model/digest.ts";

/** Where things lie below the data directory (SPEC STO-01 to STO-05). All paths absolute. */
export interface Places {
  readonly packages: string;
  readonly objects: string;
  readonly tmp: string;
  readonly locks: string;
  entry(id: Blake3): string;
  /** The file that leads from a wheel's digest to its entry (see pointer.ts). */
  pointer(wheelSha256: Sha256): string;
  object(key: string): string;
  lock(wheelSha256: Sha256): string;
  /** Held for moments by whoever removes entries; nobody looks for one meanwhile. */
  readonly removing: string;
  /** The files that lead from wheels to entries. */
  readonly pointers: string;
  /** The same of wheels that were found before, in one. */
  readonly known: string;
}

/** Numbered for what they say of an entry: what another version of PyBun noted is not looked into. */
const POINTERS = "by-wheel-5";
const KNOWN = "known-5";

export function placesIn(dataDir: string): Places {
  const below = (...parts: string[]) => path.join(dataDir, ...parts);
  const objects = below("objects");
  return {
    packages: below("packages"),
    objects,
    tmp: below("tmp"),
    locks: below("locks"),
    entry: (id) => below("packages", id.slice(0, 2), id.slice(2, 4), id),
    pointer: (sha256) => below("packages", POINTERS, sha256.slice(0, 2), sha256),
    // One level of folders: with two, nearly every object of a store of usual size has a folder of its own.
    object: (key) => `${objects}${path.sep}${key.slice(0, 2)}${path.sep}${key}`,
    removing: below("locks", "store-removing.lock"),
    pointers: below("packages", POINTERS),
    known: below("packages", KNOWN),
    lock: (sha256) => below("locks", `wheel-${sha256}.lock`),
  };
}

/** Names within an entry. */
export const TREE = "tree";
/** The wheel's record (see plugin-api/dpp), detached: its BLAKE3 is the entry's id. */
export const RECORD = "record.dpp";
/** Lines of RECORD, where they are not those of the wheel's own (see record-rows.ts). */
export const ROWS = "rows";
export const LAST_USED = "last_used";
