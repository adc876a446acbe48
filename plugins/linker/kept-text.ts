import fs from "node:fs";
import path from "node:path";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import { namesIn } from "../../plugin-api/system/folder-entries.ts";

/** The name of a text that is kept: it ends with what tells whether it is whole (see the store's check of an entry). */
export const keptName = (place: string, text: string | Uint8Array): string => `${place}-${sha256Of(text).slice(0, 16)}`;

/** A look into a folder for the names in it. */
export type Names = (folder: string) => readonly string[];

/** Remembers the folder it was asked for last: a distribution's texts are kept beside each other, and asked for one by one. */
export function lastNames(): Names {
  let last: { readonly folder: string; readonly names: readonly string[] } | undefined;
  return (folder) => (last?.folder === folder ? last : (last = { folder, names: namesIn(folder) })).names;
}

/**
 * The text that is kept at a place; absolute, undefined when there is none. One that is not whole is taken away. A place that
 * tells the content, too, was looked at when it was noted.
 */
export function keptText(place: string, names: Names = namesIn): string | undefined {
  if (/-[0-9a-f]{16}-[0-9a-f]{16}$/.test(place)) return place;
  const [folder, beginning] = [path.dirname(place), `${path.basename(place)}-`];
  const name = names(folder).find((each) => each.startsWith(beginning));
  if (name === undefined) return undefined;
  const file = path.join(folder, name);
  try {
    if (keptName(place, fs.readFileSync(file)) === file) return file;
    fs.rmSync(file, { force: true });
  } catch {
    // One that can't be read, or not be removed from a store that is read-only, is as good as none.
  }
  return undefined;
}
