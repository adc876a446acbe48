import type { RunOf } from "../../plugin-api/command.ts";
import { asPip } from "./as-pip.ts";
import { removeFromCache } from "./cache.ts";
import type { cachePurge as spec } from "./more-commands.ts";

/** SPEC PIP-01. */
const cachePurge: RunOf<typeof spec> = async (_options, _operands, session) => {
  return removeFromCache(session);
};
export default asPip(cachePurge);
