import path from "node:path";
import type { CacheSize, Caches, CollectOrder } from "../../plugin-api/caches.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { StoreUpkeep } from "../../plugin-api/store-upkeep.ts";
import { collect } from "./collect.ts";
import { folderCaches, itemsOf } from "./kept-folders.ts";
import { storeSizes } from "./store-items.ts";

/** Everything in the data directory that may go, and the way it goes. */
export default async function openCaches(session: Session): Promise<Caches> {
  const [host, upkeep, clock] = await Promise.all([session.use(Host), session.use(StoreUpkeep), session.use(Clock)]);
  const folders = folderCaches(host.dataDir, host.env["PYBUN_PYPI_CACHE_DIR"] ?? path.join(host.dataDir, "index"));
  return {
    names: ["packages", ...new Set(folders.map(({ name }) => name))],
    sizes: async () => {
      const { items, bytes } = storeSizes(upkeep);
      const { bytes: unused } = await upkeep.sweep({ isDryRun: true });
      const store = sizeOf("packages", path.join(host.dataDir, "packages"), items);
      return [
        { ...store, bytes: bytes + unused },
        ...merged(folders.map((cache) => sizeOf(cache.name, cache.path, [...itemsOf(cache)]))),
      ];
    },
    collect: (order: CollectOrder) =>
      collect(order, { dataDir: host.dataDir, folders, upkeep, nowMs: clock.nowMs(), signal: session.signal }),
  };
}

const sizeOf = (name: string, folder: string, items: readonly { bytes: number; lastUsedMs: number }[]): CacheSize => ({
  name,
  path: folder,
  items: items.length,
  bytes: items.reduce((sum, { bytes }) => sum + bytes, 0),
  oldestUseMs: items.length === 0 ? undefined : Math.min(...items.map(({ lastUsedMs }) => lastUsedMs)),
});

/** A cache may be in two folders. */
function merged(sizes: readonly CacheSize[]): readonly CacheSize[] {
  const byName = new Map<string, CacheSize>();
  for (const size of sizes) {
    const other = byName.get(size.name);
    const oldest = [other?.oldestUseMs, size.oldestUseMs].filter((ms) => ms !== undefined);
    byName.set(size.name, {
      ...(other ?? size),
      items: size.items + (other?.items ?? 0),
      bytes: size.bytes + (other?.bytes ?? 0),
      oldestUseMs: oldest.length === 0 ? undefined : Math.min(...oldest),
    });
  }
  return [...byName.values()];
}
