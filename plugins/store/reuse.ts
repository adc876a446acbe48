import fs from "node:fs";
import type { ImageEntry } from "../../plugin-api/environment-image.ts";
import { clearLeftovers, type TemporaryFolder, temporaryFolder } from "../../plugin-api/system/temporary-folder.ts";
import { compiledMark } from "./compiled-mark.ts";
import { LAST_USED, placesIn, TREE } from "./places.ts";
import { isSealed } from "./seal.ts";

const HOUR_MS = 60 * 60 * 1000;

/**
 * Keeps entries from being removed until the folder it gives is removed, and notes their use (see remove-entries.ts).
 * Undefined when one of them is not there as it was made, or has no bytecode yet: whoever asks the store for it sees to that.
 */
export function holdEntries(
  entries: readonly ImageEntry[],
  { dataDir, cacheTag }: { readonly dataDir: string; readonly cacheTag: string },
): TemporaryFolder | undefined {
  const places = placesIn(dataDir);
  clearLeftovers(places.tmp);
  const held = temporaryFolder(places.tmp);
  if (entries.length === 0) return held;
  held.path();
  const isHeld =
    !fs.existsSync(places.removing) &&
    entries.every((entry) => isFit(entry, compiledMark(cacheTag)) && isInUse(entry)) &&
    // Who removes entries may have looked at a time of use before it was noted.
    !fs.existsSync(places.removing);
  if (isHeld) return held;
  held.remove();
  return undefined;
}

const isFit = ({ path: folder, linkedFolders }: ImageEntry, mark: string): boolean =>
  isSealed(`${folder}/${TREE}`, linkedFolders) && fs.existsSync(`${folder}/${mark}`);

/** Notes the use, at most once an hour. */
function isInUse({ path: folder }: ImageEntry): boolean {
  const file = `${folder}/${LAST_USED}`;
  const notedAtMs = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (notedAtMs === undefined) return false;
  if (Date.now() - notedAtMs > HOUR_MS) fs.utimesSync(file, new Date(), new Date());
  return true;
}
