import { Caches } from "../../plugin-api/caches.ts";
import type { Settle } from "../../plugin-api/plugin.ts";
import { settingsOf } from "../../plugin-api/session.ts";
import { sizeSetting } from "./limits.ts";
import { settings } from "./settings.ts";

/** Keeps the caches below `cache.max-size` (SPEC GC-06). What was just installed was used last, so it goes last. */
const afterInstall: Settle<"link"> = async (_input, _environment, session) => {
  const { cacheMaxSize } = settingsOf(session, settings);
  if (cacheMaxSize === undefined) return;
  const { removed } = await (await session.use(Caches)).collect({
    maxBytes: sizeSetting(cacheMaxSize),
    isDryRun: false,
  });
  for (const { cache, name, bytes } of removed) session.emit({ type: "CacheEvict", cache, key: name, bytes });
};
export default afterInstall;
