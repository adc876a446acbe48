import fs from "node:fs";
import { PybunError } from "../../plugin-api/error.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import { infoFolders } from "../../plugin-api/model/store-layout.ts";
import { waitForRelease } from "../../plugin-api/system/lock-file.ts";
import type { KnownWheels } from "./known-wheels.ts";
import { LAST_USED, type Places, TREE } from "./places.ts";
import { readPointer } from "./pointer.ts";
import { recordRows, type StoredLayout } from "./record-rows.ts";
import { isSealed } from "./seal.ts";

const HOUR_MS = 60 * 60 * 1000;

export interface FoundEntry {
  readonly entry: StoreEntry;
  readonly layout: StoredLayout;
}

/**
 * The entry a wheel's pointer leads to, whose use is noted; undefined when there is none, when either is not whole, or when
 * somebody wrote into it through an environment: the next ingest of the wheel then puts it right.
 */
export function findEntry(places: Places, wheelSha256: Sha256, known?: KnownWheels): FoundEntry | undefined {
  const noted = known?.find(wheelSha256);
  const pointer = noted ?? readPointer(places.pointer(wheelSha256));
  if (!pointer) return undefined;
  const { id, filename, layout } = pointer;
  const folder = places.entry(id);
  // It is there as long as its entry is.
  const lastUsed = `${folder}/${LAST_USED}`;
  const stat = fs.statSync(lastUsed, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const described = parseLayout(layout);
  if (!described || !isSealed(`${folder}/${TREE}`, [...described.linkedFolders, ...infoFolders(described)]))
    return undefined;
  if (!noted) known?.note(wheelSha256, pointer);
  if (noteUse(lastUsed, stat.mtimeMs) && fs.existsSync(places.removing)) {
    // Who removes entries may have looked at the time before this.
    waitForRelease(places.removing);
    return findEntry(places, wheelSha256, known);
  }
  return { entry: { id, path: folder, wheelSha256, filename }, layout: described };
}

/** Undefined when the text is none. */
export function parseLayout(text: string): StoredLayout | undefined {
  try {
    const layout = JSON.parse(text) as Partial<StoredLayout> | null;
    return Array.isArray(layout?.linkedFolders) && Array.isArray(layout.infoFiles)
      ? (layout as StoredLayout)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What is known of entries that were found or taken in. */
export interface EntryReader {
  note(found: FoundEntry): StoreEntry;
  /** See `Store.layout`. Throws `E_STORE_DAMAGED`. */
  layout(entry: StoreEntry): StoredLayout;
  /** See `Store.recordRows`. Throws `E_STORE_DAMAGED`. */
  recordRows(entry: StoreEntry): string;
}

export function entryReader(places: Places): EntryReader {
  const known = new Map<string, StoredLayout>();
  const layout = (entry: StoreEntry): StoredLayout => {
    const noted = known.get(entry.path);
    if (noted !== undefined) return noted;
    const found = findEntry(places, entry.wheelSha256);
    if (found?.entry.id !== entry.id) throw damaged(entry);
    return found.layout;
  };
  return {
    note({ entry, layout: noted }) {
      known.set(entry.path, noted);
      return entry;
    },
    layout,
    recordRows(entry) {
      try {
        return recordRows(entry, layout(entry));
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException;
        if (code === undefined || code === "ENOENT") throw damaged(entry, cause);
        throw cause;
      }
    },
  };
}

const damaged = (entry: StoreEntry, cause?: unknown): PybunError =>
  new PybunError("E_STORE_DAMAGED", `the store's copy of \`${entry.filename}\` is not whole`, {
    hints: [`remove \`${entry.path}\` and repeat the command: the wheel is then fetched again`],
    context: { path: entry.path },
    ...(cause !== undefined && { cause }),
  });

/** At most once an hour (SPEC GC-03); a store that can't be written to can still be read. True when it was noted now. */
function noteUse(file: string, notedAtMs: number): boolean {
  if (Date.now() - notedAtMs <= HOUR_MS) return false;
  try {
    fs.utimesSync(file, new Date(), new Date());
    return true;
  } catch {
    return false;
  }
}
