import type { RunOf } from "../../plugin-api/command.ts";
import { asPip } from "./as-pip.ts";
import { removeFromCache } from "./cache.ts";
import type { cacheRemove as spec } from "./more-commands.ts";

/** SPEC PIP-01. */
const cacheRemove: RunOf<typeof spec> = async (_options, [pattern], session) => {
  return removeFromCache(session, pattern);
};
export default asPip(cacheRemove);
