import fs from "node:fs";
import path from "node:path";
import type { KeptEntry, StoreUpkeep } from "../../plugin-api/store-upkeep.ts";
import { namesIn } from "../../plugin-api/system/folder-entries.ts";
import { ownerOf } from "../../plugin-api/system/folder-owner.ts";
import { withLock } from "../../plugin-api/system/lock-file.ts";
import { lifeOf } from "../../plugin-api/system/process-identity.ts";
import { removeTree } from "../../plugin-api/system/remove-tree.ts";
import type { TemporaryFolder } from "../../plugin-api/system/temporary-folder.ts";
import { LAST_USED, type Places } from "./places.ts";

/** A use is noted once an hour, so what a running command has found was noted within this time. */
const IN_USE_MS = 2 * 60 * 60 * 1000;

export interface Removing {
  readonly places: Places;
  readonly temporary: TemporaryFolder;
  readonly signal: AbortSignal;
}

/**
 * See `StoreUpkeep.remove`. Who looks entries up makes a folder of its own in `tmp` before, and then looks whether the lock is
 * held; who notes the use of one that was not used for an hour looks again after that. Under the lock, this looks for such
 * folders and times: so either the other waits, or it is seen here. The entries are moved away under the lock, which takes
 * microseconds each, and deleted after it.
 */
export async function removeEntries(
  choose: () => readonly KeptEntry[],
  reason: Parameters<StoreUpkeep["remove"]>[1],
  { places, temporary, signal }: Removing,
): Promise<readonly KeptEntry[]> {
  const aside = path.join(temporary.path(), "removed");
  fs.mkdirSync(aside, { recursive: true });
  const options = { signal, subject: "the store" };
  const removed = await withLock(places.removing, options, () => {
    const isBusy = hasUsers(places.tmp, temporary.path());
    return choose().filter((entry) => {
      const isNeeded = reason === "unused" && isUsed(entry, isBusy);
      return !isNeeded && moveAway(entry, path.join(aside, entry.id));
    });
  });
  if (removed.length > 0) tellRemoved(places);
  for (const { id, path: folder } of removed) {
    signal.throwIfAborted();
    removeTree(path.join(aside, id));
    removeEmpty(path.dirname(folder));
  }
  fs.rmSync(aside, { recursive: true, force: true });
  return removed;
}

function isUsed({ path: folder, lastUsedMs }: KeptEntry, isBusy: boolean): boolean {
  const nowMs = fs.statSync(path.join(folder, LAST_USED), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return nowMs > lastUsedMs || (isBusy && Date.now() - nowMs < IN_USE_MS);
}

function moveAway({ path: folder }: KeptEntry, aside: string): boolean {
  try {
    fs.renameSync(folder, aside);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** Who remembers an environment looks at this folder alone, and at the entries themselves once its time has changed. */
function tellRemoved({ packages }: Places): void {
  try {
    fs.utimesSync(packages, new Date(), new Date());
  } catch {
    // Somebody else's, who lets us write into it.
  }
}

/** Whether another process that may still run is at work with the store. */
function hasUsers(tmp: string, own: string): boolean {
  return namesIn(tmp).some((name) => {
    const folder = path.join(tmp, name);
    if (folder === own) return false;
    const owner = ownerOf(folder);
    // One that is being claimed at this moment has none yet.
    return owner === undefined ? fs.existsSync(folder) : lifeOf(owner) !== "ended";
  });
}

/** The two levels of folders an entry lies in, as far as nothing else is in them. */
function removeEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
    fs.rmdirSync(path.dirname(folder));
  } catch {
    // Others are in it.
  }
}
