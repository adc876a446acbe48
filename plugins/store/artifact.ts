import type { Perform } from "../../plugin-api/plugin.ts";
import { Store } from "../../plugin-api/services.ts";

/** Answers for a pin whose wheel is in the store already; everybody else's work begins where this declines. */
const findArtifact: Perform<"fetch.artifact"> = async ({ pin }, session) => {
  const { sha256 } = pin.file;
  if (sha256 === undefined || pin.file.kind !== "wheel") return undefined;
  const entry = (await session.use(Store)).find(sha256);
  session.emit({ type: entry === undefined ? "CacheMiss" : "CacheHit", cache: "store", key: sha256 });
  return entry && { pin, entry };
};
export default findArtifact;
