import type { RunOf } from "../../plugin-api/command.ts";
import { asPip } from "./as-pip.ts";
import { listCache } from "./cache.ts";
import type { cacheList as spec } from "./more-commands.ts";

/** SPEC PIP-01. */
const cacheList: RunOf<typeof spec> = async (_options, [pattern], session) => {
  return listCache(session, pattern);
};
export default asPip(cacheList);
