import fs from "node:fs";
import type { ImageEntry } from "../../plugin-api/environment-image.ts";
import { clearLeftovers, temporaryFolder } from "../../plugin-api/system/temporary-folder.ts";
import { compiledMark } from "./compiled-mark.ts";
import { LAST_USED, placesIn, TREE } from "./places.ts";
import { isSealed } from "./seal.ts";

const HOUR_MS = 60 * 60 * 1000;

/** Entries that nobody removes while they are held. */
export interface Held {
  /**
   * Whether all are there as they were made, with bytecode for `cacheTag` where that is given; whoever asks the store for one that
   * isn't sees to that. Notes their use (see remove-entries.ts). To be asked before anybody relies on what was taken of them.
   */
  readonly areFit: (cacheTag?: string) => boolean;
  readonly release: () => void;
}

/** Keeps entries from being removed until they are released. */
export function holdEntries(entries: readonly ImageEntry[], dataDir: string): Held {
  const places = placesIn(dataDir);
  clearLeftovers(places.tmp);
  const folder = temporaryFolder(places.tmp);
  if (entries.length > 0) folder.path();
  const isQuiet = (): boolean => !fs.existsSync(places.removing);
  return {
    // Who removes entries may have looked at a time of use before it was noted.
    areFit: (cacheTag) => isQuiet() && entries.every((entry) => isFit(entry, cacheTag) && isInUse(entry)) && isQuiet(),
    release: () => folder.remove(),
  };
}

const isFit = ({ path: folder, linkedFolders }: ImageEntry, cacheTag: string | undefined): boolean =>
  isSealed(`${folder}/${TREE}`, linkedFolders) &&
  (cacheTag === undefined || fs.existsSync(`${folder}/${compiledMark(cacheTag)}`));

/** Notes the use, at most once an hour. */
function isInUse({ path: folder }: ImageEntry): boolean {
  const file = `${folder}/${LAST_USED}`;
  const notedAtMs = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (notedAtMs === undefined) return false;
  if (Date.now() - notedAtMs > HOUR_MS) fs.utimesSync(file, new Date(), new Date());
  return true;
}
