import type { CacheItem, CollectOrder } from "../../plugin-api/caches.ts";
import { type FolderItem, SCRIPT_ENVIRONMENTS } from "./kept-folders.ts";
import type { StoreItem, StoreSizes } from "./store-items.ts";

/** What decides about an item. */
export interface Choosing {
  readonly order: CollectOrder;
  readonly nowMs: number;
  /** Of all caches, before. */
  readonly totalBytes: number;
  readonly store: Pick<StoreSizes, "take" | "release">;
  /** Why an item has to stay, given the items that go; undefined when it may go. */
  readonly reasonToKeep: (item: CacheItem, going: ReadonlySet<CacheItem>) => string | undefined;
}
export interface Chosen {
  readonly going: ReadonlySet<CacheItem>;
  /** Bytes freed with each, in the order they go. */
  readonly freed: ReadonlyMap<CacheItem, number>;
  readonly freedBytes: number;
  /** Those that were to go and have to stay. */
  readonly keptFor: readonly { readonly item: CacheItem; readonly reason: string }[];
}

/**
 * Which items go, least recently used first (SPEC GC-01): all that are too old, then as many as it takes to come below the
 * size. Pure. When an environment goes, the entries that had to stay only for it are next.
 */
export function choose(items: readonly CacheItem[], choosing: Choosing): Chosen {
  const { order, totalBytes } = choosing;
  const waiting = items.filter((item) => order.only?.(item) !== false).sort((a, b) => a.lastUsedMs - b.lastUsedMs);
  const state: State = { going: new Set(), freed: new Map(), kept: new Map(), left: totalBytes };
  for (const item of waiting) {
    if (!consider(item, state, choosing) || item.cache !== SCRIPT_ENVIRONMENTS) continue;
    for (const entry of state.kept.keys()) consider(entry, state, choosing);
  }
  return {
    going: state.going,
    freed: state.freed,
    freedBytes: totalBytes - state.left,
    keptFor: [...state.kept].map(([item, reason]) => ({ item, reason })),
  };
}

interface State {
  readonly going: Set<CacheItem>;
  readonly freed: Map<CacheItem, number>;
  readonly kept: Map<CacheItem, string>;
  left: number;
}

/** True when the item goes from now on. */
function consider(item: CacheItem, state: State, { order, nowMs, store, reasonToKeep }: Choosing): boolean {
  const isOld = order.maxAgeMs !== undefined && nowMs - item.lastUsedMs >= order.maxAgeMs;
  const isTooMuch = order.maxBytes !== undefined && state.left > order.maxBytes;
  if (!isOld && !isTooMuch) return false;
  const reason = reasonToKeep(item, state.going);
  if (reason !== undefined) {
    state.kept.set(item, reason);
    return false;
  }
  const bytes = isStoreItem(item) ? store.take(item) : item.bytes;
  if (isFolderItem(item)) store.release(item.links);
  state.kept.delete(item);
  state.going.add(item);
  state.freed.set(item, bytes);
  state.left -= bytes;
  return true;
}

const isFolderItem = (item: CacheItem): item is FolderItem => "links" in item;

export const isStoreItem = (item: CacheItem): item is StoreItem => "entry" in item;
