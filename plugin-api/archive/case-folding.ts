import fs from "node:fs";
import path from "node:path";

/** Whether the file system takes two spellings of this folder's name for one. The folder exists; its name has letters. */
export function foldsCase(folder: string): boolean {
  const name = path.basename(folder);
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  return fs.statSync(path.join(path.dirname(folder), other), { throwIfNoEntry: false }) !== undefined;
}
