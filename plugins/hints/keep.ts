import { pageStampsOf } from "../../plugin-api/page-stamps.ts";
import type { Settle } from "../../plugin-api/plugin.ts";
import { writeHint } from "./hint.ts";
import { placeOf } from "./place.ts";

/** Keeps a resolution that was made just now, if all who were asked vouch for what they answered. */
const keep: Settle<"resolve"> = async (request, resolution, session) => {
  const { pins, attempts, consulted, warnings = [] } = resolution;
  if (resolution.isFromCache || !consulted) return;
  const place = await placeOf(request, session);
  if (!place) return;
  const stamps: Record<string, string> = {};
  for (const plugin of place.witnesses) {
    const { used } = await session.use(pageStampsOf(plugin));
    const stamp = await used(consulted);
    if (stamp === undefined) return;
    stamps[plugin] = stamp;
  }
  writeHint(place.file, { stamps, resolution: { pins, attempts, consulted, warnings } });
};
export default keep;
