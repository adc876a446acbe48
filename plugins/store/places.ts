import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
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
}

const POINTERS = "by-wheel-3";

export function placesIn(dataDir: string): Places {
  const below = (...parts: string[]) => path.join(dataDir, ...parts);
  return {
    packages: below("packages"),
    objects: below("objects"),
    tmp: below("tmp"),
    locks: below("locks"),
    entry: (id) => below("packages", id.slice(0, 2), id.slice(2, 4), id),
    pointer: (sha256) => below("packages", POINTERS, sha256.slice(0, 2), sha256),
    object: (key) => below("objects", key.slice(0, 2), key.slice(2, 4), key),
    removing: below("locks", "store-removing.lock"),
    pointers: below("packages", POINTERS),
    lock: (sha256) => below("locks", `wheel-${sha256}.lock`),
  };
}

/** Names within an entry. The layout's ends in its format's number: an entry of another format is taken in anew. */
export const TREE = "tree";
export const LAYOUT = "layout-3.json";
export const RECORD_ROWS = "record";
export const LAST_USED = "last_used";
/** SHA-256 of the layout and of the RECORD rows, which the id says nothing about. */
export const SUMS = "sums";
export const sumsOf = (layout: string, recordRows: string): string =>
  `${sha256Of(layout)} ${LAYOUT}\n${sha256Of(recordRows)} ${RECORD_ROWS}\n`;
