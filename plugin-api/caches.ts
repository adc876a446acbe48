import { serviceKey } from "./service.ts";

/** What is kept in the data directory only because it saves time, and may go (SPEC GC-01 to GC-07). */
export interface Caches {
  /** Names that `collect` and `pybun cache clean` take: `packages`, `index`, … */
  readonly names: readonly string[];
  /** Size and age of each cache; empty ones too. */
  sizes(): Promise<readonly CacheSize[]>;
  /** Removes what has not been used for longest. What an environment or a running program needs stays. Throws `E_LOCK_BUSY`. */
  collect(order: CollectOrder): Promise<Collection>;
}
export interface CacheSize {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly items: number;
  /** What is in several items counts once. */
  readonly bytes: number;
  /** Milliseconds; undefined where there is nothing. */
  readonly oldestUseMs: number | undefined;
}
export interface CollectOrder {
  /** Everything that was not used for so long goes. */
  readonly maxAgeMs?: number | undefined;
  /** After that, what was used least recently goes until no more than this is left in all caches. */
  readonly maxBytes?: number | undefined;
  /** Only items for which this holds. */
  readonly only?: (item: CacheItem) => boolean;
  readonly isDryRun: boolean;
}
export interface CacheItem {
  readonly cache: string;
  /** As people know it: `numpy 2.1.0`, or the path within its cache. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** What is freed when it goes before the others. */
  readonly bytes: number;
  readonly lastUsedMs: number;
}
export interface Collection {
  readonly removed: readonly CacheItem[];
  /** Items that stay, and why those do that were old enough to go. */
  readonly kept: number;
  readonly keptFor: readonly { readonly item: CacheItem; readonly reason: string }[];
  readonly freedBytes: number;
  readonly beforeBytes: number;
  readonly afterBytes: number;
}
export const Caches = serviceKey<Caches>("Caches");
