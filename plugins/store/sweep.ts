import fs from "node:fs";
import path from "node:path";
import type { StoreUpkeep, Swept } from "../../plugin-api/store-upkeep.ts";
import { namesIn } from "../../plugin-api/system/folder-entries.ts";
import { hashFile } from "./hash-file.ts";
import { filesBelow } from "./kept-entries.ts";
import { LAST_USED, type Places, RECORD } from "./places.ts";
import { parsePointer } from "./pointer.ts";
import { isExecutable, objectKey } from "./tree-files.ts";

/** Names of what older formats left in the folder of packages. */
const FORMER = /^(?:by-wheel|known)-[1234]$/;

/** See `StoreUpkeep.sweep`. Nobody has to wait for it: a file that is shared at this very moment is then kept under one name less. */
export async function sweep(
  { isDryRun, distrusted }: Parameters<StoreUpkeep["sweep"]>[0],
  places: Places,
  signal: AbortSignal,
): Promise<Swept> {
  const swept = { files: 0, bytes: 0 };
  const remove = (file: string, freedBytes: number): void => {
    swept.files++;
    swept.bytes += freedBytes;
    if (!isDryRun) fs.rmSync(file, { force: true });
  };
  for (const file of filesBelow(places.objects)) {
    signal.throwIfAborted();
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    if (!stat) continue;
    if (stat.nlink === 1) remove(file, stat.size);
    else if (distrusted?.has(stat.ino) && (await isWrong(file, stat, signal))) remove(file, 0);
  }
  for (const file of strayFiles(places)) remove(file, fs.lstatSync(file, { throwIfNoEntry: false })?.size ?? 0);
  if (!isDryRun) for (const folder of [places.objects, places.pointers]) removeEmptyFolders(folder);
  return swept;
}

async function isWrong(object: string, { mode }: fs.Stats, signal: AbortSignal): Promise<boolean> {
  return objectKey(await hashFile(object, signal), isExecutable(mode)) !== path.basename(object);
}

/** What leads to entries that are gone, and what older formats left. */
function* strayFiles(places: Places): Iterable<string> {
  for (const file of filesBelow(places.pointers)) if (!leadsToEntry(file, places)) yield file;
  for (const name of namesIn(places.packages).filter((each) => FORMER.test(each)))
    yield* filesBelow(path.join(places.packages, name));
}

function leadsToEntry(file: string, places: Places): boolean {
  try {
    const pointer = parsePointer(fs.readFileSync(file, "utf8"));
    return (
      pointer !== undefined &&
      [LAST_USED, RECORD].every((name) => fs.existsSync(path.join(places.entry(pointer.id), name)))
    );
  } catch {
    // It is being replaced at this moment.
    return !path.basename(file).startsWith(".");
  }
}

function removeEmptyFolders(folder: string): void {
  for (const name of namesIn(folder)) {
    const below = path.join(folder, name);
    if (!fs.lstatSync(below, { throwIfNoEntry: false })?.isDirectory()) continue;
    removeEmptyFolders(below);
    try {
      fs.rmdirSync(below);
    } catch {
      // Something is in it.
    }
  }
}
