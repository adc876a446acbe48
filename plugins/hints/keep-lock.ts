import type { Settle } from "../../plugin-api/plugin.ts";
import { askedOfLock } from "./asked.ts";
import { placeOf } from "./place.ts";
import { remember } from "./remembered.ts";

/** Keeps a lock that was made just now. */
const keepLock: Settle<"lock"> = async (request, lock, session) => {
  const { isFromCache, consulted, warnings = [], ...answer } = lock;
  if (isFromCache || !consulted) return;
  const place = await placeOf(request, askedOfLock, session);
  if (place) await remember(place, { answer, warnings, consulted, chosen: lock.packages }, session);
};
export default keepLock;
