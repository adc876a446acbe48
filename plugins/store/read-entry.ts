import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { StoreLayout } from "../../plugin-api/model/store-layout.ts";
import { waitForRelease } from "../../plugin-api/system/lock-file.ts";
import type { KnownWheels } from "./known-wheels.ts";
import { LAST_USED, LAYOUT, type Places, RECORD_ROWS, TREE } from "./places.ts";
import { type Pointer, parsePointer } from "./pointer.ts";
import { isSealed } from "./seal.ts";

const HOUR_MS = 60 * 60 * 1000;

export interface FoundEntry {
  readonly entry: StoreEntry;
  readonly layout: StoreLayout;
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
  const described = readLayout(layout);
  if (!described || !isSealed(`${folder}/${TREE}`, described.linkedFolders)) return undefined;
  if (!noted) known?.note(wheelSha256, pointer);
  if (noteUse(lastUsed, stat.mtimeMs) && fs.existsSync(places.removing)) {
    // Who removes entries may have looked at the time before this.
    waitForRelease(places.removing);
    return findEntry(places, wheelSha256, known);
  }
  return { entry: { id, path: folder, wheelSha256, filename }, layout: described };
}

function readLayout(text: string): StoreLayout | undefined {
  try {
    const layout = JSON.parse(text) as Partial<StoreLayout> | null;
    return Array.isArray(layout?.linkedFolders) ? (layout as StoreLayout) : undefined;
  } catch {
    return undefined;
  }
}

function readPointer(file: string): Pointer | undefined {
  try {
    return parsePointer(fs.readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Layouts by entry, as far as they are known. Both functions throw `E_STORE_DAMAGED`. */
export function layoutReader() {
  const known = new Map<string, StoreLayout>();
  return {
    note: ({ entry, layout }: FoundEntry): StoreEntry => {
      known.set(entry.path, layout);
      return entry;
    },
    read: (entry: StoreEntry): StoreLayout => {
      try {
        return (
          known.get(entry.path) ?? (JSON.parse(fs.readFileSync(path.join(entry.path, LAYOUT), "utf8")) as StoreLayout)
        );
      } catch (cause) {
        throw damaged(entry, cause);
      }
    },
  };
}

/** The RECORD lines written when the entry was taken in. Throws `E_STORE_DAMAGED`. */
export function readRecordRows(entry: StoreEntry): string {
  try {
    return fs.readFileSync(path.join(entry.path, RECORD_ROWS), "utf8");
  } catch (cause) {
    throw damaged(entry, cause);
  }
}

const damaged = (entry: StoreEntry, cause: unknown): PybunError =>
  new PybunError("E_STORE_DAMAGED", `the store's copy of \`${entry.filename}\` is not whole`, {
    hints: [`remove \`${entry.path}\` and repeat the command: the wheel is then fetched again`],
    context: { path: entry.path },
    cause,
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
