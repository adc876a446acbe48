import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { parseBlake3, type Sha256 } from "../../plugin-api/model/digest.ts";
import type { StoreEntry } from "../../plugin-api/model/environment.ts";
import type { StoreLayout } from "../../plugin-api/services.ts";
import { LAST_USED, LAYOUT, type Places, RECORD_ROWS } from "./places.ts";

const HOUR_MS = 60 * 60 * 1000;

/** The entry a wheel's pointer leads to; undefined when there is none, or when either is not whole. */
export function findEntry(places: Places, wheelSha256: Sha256): StoreEntry | undefined {
  let pointer: string;
  try {
    pointer = fs.readFileSync(places.pointer(wheelSha256), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const [hash = "", filename = "", end] = pointer.split("\n");
  const id = parseBlake3(hash);
  if (id === undefined || filename === "" || end !== "") return undefined;
  const entry = places.entry(id);
  const isWhole = fs.statSync(path.join(entry, LAYOUT), { throwIfNoEntry: false }) !== undefined;
  return isWhole ? { id, path: entry, wheelSha256, filename } : undefined;
}

/** The layout written when the entry was taken in. Throws `E_STORE_DAMAGED`. */
export function readLayout(entry: StoreEntry): StoreLayout {
  let layout: StoreLayout;
  try {
    layout = JSON.parse(fs.readFileSync(path.join(entry.path, LAYOUT), "utf8")) as StoreLayout;
  } catch (cause) {
    throw damaged(entry, cause);
  }
  noteUse(path.join(entry.path, LAST_USED));
  return layout;
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

/** At most once an hour (SPEC GC-03); a store that can't be written to can still be read. */
function noteUse(file: string): void {
  try {
    if (Date.now() - fs.statSync(file).mtimeMs > HOUR_MS) fs.utimesSync(file, new Date(), new Date());
  } catch {}
}
