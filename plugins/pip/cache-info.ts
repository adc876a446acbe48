import type { RunOf } from "../../plugin-api/command.ts";
import { asPip } from "./as-pip.ts";
import { describeCache } from "./cache.ts";
import type { cacheInfo as spec } from "./more-commands.ts";

/** SPEC PIP-01. */
const cacheInfo: RunOf<typeof spec> = async (_options, _operands, session) => {
  return describeCache(session);
};
export default asPip(cacheInfo);
