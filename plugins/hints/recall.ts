import type { Resolution } from "../../plugin-api/model/resolution.ts";
import { pageStampsOf } from "../../plugin-api/page-stamps.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type Hint, readHint } from "./hint.ts";
import { type Place, placeOf } from "./place.ts";

/** Answers with the resolution of an earlier, equal request, when the pages it was made from are what the indexes have. */
const recall: Perform<"resolve"> = async (request, session): Promise<Resolution | undefined> => {
  const place = await placeOf(request, session);
  if (!place) return undefined;
  const hint = readHint(place.file);
  const isFound = hint !== undefined && (await holds(hint, place, session));
  session.emit({ type: isFound ? "CacheHit" : "CacheMiss", cache: "hints", key: place.key });
  if (!isFound) return undefined;
  const { resolution } = hint;
  session.emit({ type: "ResolveStart", requirements: request.demands.length });
  for (const diagnostic of resolution.warnings) session.emit({ type: "Diagnostic", diagnostic });
  session.emit({ type: "ResolveComplete", packages: resolution.pins.length, from_cache: true });
  return { ...resolution, target: request.target, isFromCache: true };
};
export default recall;

/** Whether all witnesses still say the same. One that fails is met again by the resolver, which can tell of it. */
async function holds({ stamps, resolution }: Hint, { witnesses }: Place, session: Session): Promise<boolean> {
  const says = async (plugin: string): Promise<boolean> => {
    const { current } = await session.use(pageStampsOf(plugin));
    return (await current(resolution.consulted)) === stamps[plugin];
  };
  try {
    return (await Promise.all(witnesses.map(says))).every((isSame) => isSame);
  } catch {
    session.signal.throwIfAborted();
    return false;
  }
}
