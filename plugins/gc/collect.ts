import fs from "node:fs";
import path from "node:path";
import type { CacheItem, Collection, CollectOrder } from "../../plugin-api/caches.ts";
import type { HeldByEnvironment, KeptEntry, StoreUpkeep } from "../../plugin-api/store-upkeep.ts";
import { ownerOf } from "../../plugin-api/system/folder-owner.ts";
import { knownEnvironments, staleNotes } from "../../plugin-api/system/known-environments.ts";
import { lifeOf } from "../../plugin-api/system/process-identity.ts";
import { removeTree } from "../../plugin-api/system/remove-tree.ts";
import { type TemporaryFolder, temporaryFolder } from "../../plugin-api/system/temporary-folder.ts";
import { type Choosing, choose, isStoreItem } from "./choose.ts";
import { type FolderCache, itemsOf, SCRIPT_ENVIRONMENTS } from "./kept-folders.ts";
import { type Programs, runningEnvironments, runningPrograms } from "./running-programs.ts";
import { type StoreItem, storeSizes } from "./store-items.ts";

/** Where to collect. */
export interface Place {
  readonly dataDir: string;
  readonly folders: readonly FolderCache[];
  readonly upkeep: StoreUpkeep;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** See `Caches.collect`. Environments go before the entries of the store they need, and the shared files of these last. */
export async function collect(order: CollectOrder, place: Place): Promise<Collection> {
  const { folders, upkeep, signal } = place;
  const store = storeSizes(upkeep);
  const items: readonly CacheItem[] = [...folders.flatMap((cache) => [...itemsOf(cache)]), ...store.items];
  const { bytes: unusedBytes } = order.only ? { bytes: 0 } : await upkeep.sweep({ isDryRun: true });
  const beforeBytes = items.reduce(
    (sum, item) => (isStoreItem(item) ? sum : sum + item.bytes),
    store.bytes + unusedBytes,
  );
  const totalBytes = beforeBytes - unusedBytes;
  const needs = needsOf(place, items);
  const chosen = choose(items, { order, nowMs: place.nowMs, totalBytes, store, reasonToKeep: needs.reasonToKeep });
  const removed = order.isDryRun ? chosen.going : await carryOut([...chosen.going], place);
  if (!order.isDryRun) {
    for (const note of staleNotes(place.dataDir)) fs.rmSync(note, { force: true });
    signal.throwIfAborted();
    await upkeep.sweep({ isDryRun: false });
  }
  const freedBytes = [...removed].reduce((sum, item) => sum + (chosen.freed.get(item) ?? 0), unusedBytes);
  return {
    removed: [...removed].map((item) => ({ ...plain(item), bytes: chosen.freed.get(item) ?? 0 })),
    kept: items.length - [...removed].length,
    keptFor: chosen.keptFor.map(({ item, reason }) => ({ item: plain(item), reason })),
    freedBytes,
    beforeBytes,
    afterBytes: beforeBytes - freedBytes,
  };
}

const plain = ({ cache, name, path: file, bytes, lastUsedMs }: CacheItem): CacheItem => ({
  cache,
  name,
  path: file,
  bytes,
  lastUsedMs,
});

interface Needs extends Pick<Choosing, "reasonToKeep"> {
  /** Why an entry of the store has to stay, given the items that go. */
  readonly neededBy: (entry: KeptEntry, going: ReadonlySet<CacheItem>) => string | undefined;
}

/** What is needed now: by environments wherever they are, and by programs that run. */
function needsOf({ dataDir, folders, upkeep }: Place, items: readonly CacheItem[]): Needs {
  const programs = runningPrograms();
  const itemAt = new Map(items.map((item) => [item.path, item]));
  // One that runs and isn't known here may be of another data directory, from a store with the same wheels: what counts is
  // where its links lead, not what it was made of.
  const environments = new Map([
    ...runningEnvironments(programs).map((root) => [root, linkedBy(upkeep.held(root))] as const),
    ...knownEnvironments(dataDir).map((root) => [root, idsOf(upkeep.held(root))] as const),
  ]);
  const isBusy = hasCommands(dataDir);
  const silent = new Set(folders.filter(({ isReadSilently }) => isReadSilently).map(({ name }) => name));
  const neededBy: Needs["neededBy"] = ({ id, path: folder }, going) => {
    for (const [root, ids] of environments)
      if (ids.has(id) && !going.has(itemAt.get(root) as CacheItem)) return `${root} uses it`;
    return isInUse(folder, programs) ? "a program that runs uses it" : undefined;
  };
  return {
    neededBy,
    reasonToKeep: (item, going) => {
      if (isStoreItem(item)) return neededBy(item.entry, going);
      if (silent.has(item.cache)) return isBusy ? "another command is at work" : undefined;
      return item.cache === SCRIPT_ENVIRONMENTS && isInUse(item.path, programs)
        ? "a program that runs uses it"
        : undefined;
    },
  };
}

const linkedBy = ({ links }: HeldByEnvironment): ReadonlySet<string> => new Set(links.map(({ id }) => id));

const idsOf = (held: HeldByEnvironment): ReadonlySet<string> =>
  new Set([...linkedBy(held), ...held.distributions.values()]);

const isInUse = (folder: string, { words }: Programs): boolean =>
  words.includes(`${folder}/`) || words.includes(`${folder}\n`);

/** Whether a command of PyBun that may still run has work in progress. */
function hasCommands(dataDir: string): boolean {
  const tmp = path.join(dataDir, "tmp");
  return (fs.existsSync(tmp) ? fs.readdirSync(tmp) : []).some((name) => {
    const owner = ownerOf(path.join(tmp, name));
    return owner !== undefined && owner.pid !== process.pid && lifeOf(owner) !== "ended";
  });
}

/** Gives the items that really went: what came into use meanwhile stays. */
async function carryOut(going: readonly CacheItem[], place: Place): Promise<ReadonlySet<CacheItem>> {
  const removed = new Set<CacheItem>();
  const aside = temporaryFolder(path.join(place.dataDir, "tmp"));
  try {
    for (const item of going.filter((each) => !isStoreItem(each))) {
      place.signal.throwIfAborted();
      if (removeItem(item, aside, place.dataDir)) removed.add(item);
    }
  } finally {
    aside.remove();
  }
  const entries = new Map(going.filter(isStoreItem).map((item) => [item.path, item]));
  if (entries.size === 0) return removed;
  const stillUnused = (): readonly KeptEntry[] => {
    const { neededBy } = needsOf(place, going);
    return [...entries.values()].flatMap(({ entry }: StoreItem) =>
      neededBy(entry, removed) === undefined ? [entry] : [],
    );
  };
  for (const { path: folder } of await place.upkeep.remove(stillUnused, "unused"))
    removed.add(entries.get(folder) as StoreItem);
  return removed;
}

/** Moved away in one step, so that nobody finds half of it; then the folders above it go where nothing else is in them. */
function removeItem({ path: item, name }: CacheItem, aside: TemporaryFolder, dataDir: string): boolean {
  const moved = path.join(aside.path(), "removed");
  try {
    fs.renameSync(item, moved);
    removeTree(moved);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return false;
    if (code !== "EXDEV") throw error;
    removeTree(item);
  }
  for (let folder = path.dirname(item), levels = name.split(path.sep).length; levels > 0; levels--) {
    if (folder === dataDir) break;
    try {
      fs.rmdirSync(folder);
    } catch {
      break;
    }
    folder = path.dirname(folder);
  }
  return true;
}
