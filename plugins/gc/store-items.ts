import type { CacheItem } from "../../plugin-api/caches.ts";
import type { EntryUsage, KeptEntry, StoreUpkeep } from "../../plugin-api/store-upkeep.ts";

/** An entry of the store as an item that can go. */
export interface StoreItem extends CacheItem {
  readonly entry: KeptEntry;
  readonly usage: EntryUsage;
}

/** Counts what the entries of the store hold together, and what is freed as they go one by one. */
export interface StoreSizes {
  readonly items: readonly StoreItem[];
  /** Of all, each file once. */
  readonly bytes: number;
  /** Bytes that go with an item, given those that were taken before. */
  take(item: StoreItem): number;
  /** An environment goes, and with it so many links to each file, by number (inode). */
  release(links: ReadonlyMap<number, number>): void;
}

/** What is counted as freed is a file whose last link in the store goes, and to which no environment has one. */
export function storeSizes(upkeep: StoreUpkeep): StoreSizes {
  const entries = [...upkeep.entries()].map((entry) => ({ entry, usage: upkeep.usage(entry) }));
  const holders = new Map<number, number>();
  for (const { usage } of entries)
    for (const [inode, { linksHere }] of usage.shared) holders.set(inode, (holders.get(inode) ?? 0) + linksHere);
  const counted = new Set<number>();
  let bytes = 0;
  const items = entries.map(({ entry, usage }): StoreItem => {
    bytes += usage.ownBytes;
    for (const [inode, { bytes: size }] of usage.shared) if (!counted.has(inode)) bytes += size;
    for (const inode of usage.shared.keys()) counted.add(inode);
    const { label, path, lastUsedMs } = entry;
    return { cache: "packages", name: label, path, bytes: usage.ownBytes, lastUsedMs, entry, usage };
  });
  const released = new Map<number, number>();
  const release: StoreSizes["release"] = (links) => {
    for (const [inode, count] of links) released.set(inode, (released.get(inode) ?? 0) + count);
  };
  const taken = new Map<number, number>();
  const take = (item: StoreItem): number => {
    let freed = item.usage.ownBytes;
    for (const [inode, { bytes: size, links, linksHere }] of item.usage.shared) {
      const gone = (taken.get(inode) ?? 0) + linksHere;
      taken.set(inode, gone);
      const inStore = holders.get(inode) ?? 0;
      // One link more is the shared file's own name; any beyond that are environments'.
      if (gone === inStore && links - (released.get(inode) ?? 0) <= inStore + 1) freed += size;
    }
    return freed;
  };
  return { items, bytes, take, release };
}
